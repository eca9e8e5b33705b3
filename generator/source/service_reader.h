// The fields of a service, and of its endpoints, from nodes to the model.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "model/registry.h"
#include "source/field_reader.h"
#include "source/node.h"
#include "source/registry_builder.h"

namespace almanac::source {

enum ServiceField : std::size_t { kDescription, kValue, kTags, kAttributes, kEndpoints, kServiceFields };
inline constexpr std::array<std::string_view, kServiceFields> kServiceNames = {"description", "value", "tags", "attributes", "endpoints"};

class ServiceReader {
 public:
  using Values = std::span<const Node* const, kServiceFields>;  // in the order of kServiceNames

  // Stores what it reads with `builder`; reports through `fields`. Both outlive it.
  ServiceReader(RegistryBuilder& builder, FieldReader& fields) : builder_(builder), fields_(fields) {}

  // The short form: a uri in the place of a service.
  void read_short(const Node& uri, model::Service& service);

  // `at` is where a service without endpoints and value is reported.
  void read(Values values, const Node& at, model::Service& service);

 private:
  void endpoints(const Node& list);
  model::Endpoint endpoint(const Node& node);
  std::uint16_t weight(const Node* node);
  std::span<std::string_view> tags(const Node* list);
  std::span<model::Attribute> attributes(const Node* mapping);
  void check_count(const Node& node, std::string_view what, std::size_t count, std::size_t most);

  RegistryBuilder& builder_;
  FieldReader& fields_;
  Subject subject_;  // the service being read

  // Scratch, kept from service to service.
  struct Pair {
    const Node* key;
    std::string_view value;
  };
  std::vector<model::Endpoint> endpoints_;
  std::vector<const Node*> tag_nodes_;
  std::vector<std::string_view> tags_;
  std::vector<Pair> pairs_;
  std::vector<model::Attribute> attributes_;

  // The attributes read last: endpoints of a service may share one mapping (an alias of YAML, the labels of a group), and are then many.
  const Node* known_items_ = nullptr;
  std::span<model::Attribute> known_attributes_;
};

}  // namespace almanac::source
