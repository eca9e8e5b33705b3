// What an importer says about one service: texts with their places, as scalar nodes. Nothing of it is judged yet.
#pragma once

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "source/node.h"

namespace almanac::importing {

using source::Node;

// A text at the place of `at`, such as a uri that is put together; `text` is borrowed (Collector::keep() makes it last).
[[nodiscard]] Node text_at(std::string_view text, const Node& at);

using Attributes = std::vector<std::pair<Node, Node>>;

// A node of kind null is a field that is not given.
struct EndpointRecord {
  Node uri;
  Node version;
  Node weight;
  Node zone;
  std::vector<Node> tags;
  Attributes attributes;
  std::shared_ptr<const Attributes> shared;  // of all endpoints of a group, instead of attributes of its own
};

// What a service is when its name comes again.
enum class Role {
  setting,  // the same thing said twice: must be equal
  instance  // one more instance of the service: its endpoints join the others, in byte order of their uris
};

struct Record {
  Role role = Role::setting;
  Node name;  // as the input has it: before --strip, a leading "/" included
  Node description;
  Node value;
  Attributes attributes;
  std::vector<EndpointRecord> endpoints;
  std::string_view space;  // what --namespace-from asks for, where the input says it (Collector::offer)
};

// Adds `tag` unless it is there: a neighbour may say one twice.
void add_tag(std::vector<Node>& tags, const Node& tag);

// What neighbours write as labels: a "version" that is a semantic version is the endpoint's version, all else an attribute.
void add_label(EndpointRecord& endpoint, const Node& key, const Node& value);

}  // namespace almanac::importing
