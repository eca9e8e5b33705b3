// The model: a registry as plain data, between its documents and its snapshot.
//
// Every string is a view into the Registry's arena, so a million services cost little more than
// their text. Documents fill a model (source/), validate() judges it, resolve_inheritance()
// flattens it, compile/ only reads it. After resolve_inheritance() namespaces and services are in
// byte order of their names, and tags and attributes are in byte order within each record.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/arena.h"
#include "model/caller_rule.h"
#include "model/location.h"

namespace almanac::model {

struct Attribute {
  std::string_view key;
  std::string_view value;
};

struct Endpoint {
  std::string_view uri;
  std::string_view version;  // empty: not given
  std::string_view zone;     // empty: not given
  std::span<std::string_view> tags;
  std::span<Attribute> attributes;
  std::uint16_t weight = 1;
};

struct Service {
  std::string_view name;
  std::string_view description;           // empty: not given
  std::optional<std::string_view> value;  // an empty value is a value
  std::span<std::string_view> tags;
  std::span<Attribute> attributes;
  std::span<Endpoint> endpoints;  // in the order of the document: the first is the default one
  Location location;
};

struct Namespace {
  std::string_view name;
  std::vector<Service> services;
  std::vector<std::string_view> inherits;  // parents, the first wins over the second; empty once resolved
  Location location;                       // where it is first mentioned
  Location inherits_location;
};

struct Registry {
  std::string name;                // empty: no document names it
  std::string revision;            // the source's revision (a commit, say); empty: not given
  std::vector<std::string> files;  // as the user wrote them, or found below a folder
  std::vector<Namespace> namespaces;
  std::vector<CallerRule> caller_rules;                      // the first that matches counts
  std::shared_ptr<Arena> arena = std::make_shared<Arena>();  // owns every string and span above
};

}  // namespace almanac::model
