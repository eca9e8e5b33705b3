// Registries written inside a test:
//
//   const model::Registry acme = registry({{"prod", {service("users").uri("https://users/"), service("max").value("3")}}});
//   const std::vector<std::byte> bytes = snapshot_of(acme);
//
// They come out as reading documents would leave them: everything without an order of its own in byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/registry.h"

namespace almanac::support {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

class EndpointBuilder {
 public:
  explicit EndpointBuilder(std::string uri) : uri_(std::move(uri)) {}
  EndpointBuilder& version(std::string text) { return version_ = std::move(text), *this; }
  EndpointBuilder& zone(std::string text) { return zone_ = std::move(text), *this; }
  EndpointBuilder& weight(std::uint16_t number) { return weight_ = number, *this; }
  EndpointBuilder& tags(std::vector<std::string> texts) { return tags_ = std::move(texts), *this; }
  EndpointBuilder& attributes(TextPairs pairs) { return attributes_ = std::move(pairs), *this; }
  [[nodiscard]] model::Endpoint build(model::Arena& arena) const;

 private:
  std::string uri_;
  std::string version_;
  std::string zone_;
  std::uint16_t weight_ = 1;
  std::vector<std::string> tags_;
  TextPairs attributes_;
};

class ServiceBuilder {
 public:
  explicit ServiceBuilder(std::string name) : name_(std::move(name)) {}
  ServiceBuilder& uri(std::string text) { return endpoint(EndpointBuilder(std::move(text))); }
  ServiceBuilder& endpoint(EndpointBuilder one) { return endpoints_.push_back(std::move(one)), *this; }
  ServiceBuilder& value(std::string text) { return value_ = std::move(text), *this; }
  ServiceBuilder& description(std::string text) { return description_ = std::move(text), *this; }
  ServiceBuilder& tags(std::vector<std::string> texts) { return tags_ = std::move(texts), *this; }
  ServiceBuilder& attributes(TextPairs pairs) { return attributes_ = std::move(pairs), *this; }
  [[nodiscard]] model::Service build(model::Arena& arena) const;

 private:
  std::string name_;
  std::vector<EndpointBuilder> endpoints_;
  std::optional<std::string> value_;
  std::string description_;
  std::vector<std::string> tags_;
  TextPairs attributes_;
};

struct NamespaceBuilder {
  std::string name;
  std::vector<ServiceBuilder> services;
};

[[nodiscard]] inline ServiceBuilder service(std::string name) { return ServiceBuilder(std::move(name)); }
[[nodiscard]] inline EndpointBuilder endpoint(std::string uri) { return EndpointBuilder(std::move(uri)); }

// The namespace "prod" with the service "users".
[[nodiscard]] inline std::vector<NamespaceBuilder> users_at(const std::string& uri) { return {{"prod", {service("users").uri(uri)}}}; }

[[nodiscard]] model::Registry registry(const std::vector<NamespaceBuilder>& namespaces, std::string name = "acme",
                                       std::string revision = "r1");

// `count` services "s0000000" …, each with the uri "http://<name>/", in byte order.
[[nodiscard]] std::vector<ServiceBuilder> numbered_services(std::size_t count);

// `count` services "large/0" …, each with a value of 64 KiB that begins so and does not compress.
[[nodiscard]] std::vector<ServiceBuilder> large_services(std::size_t count, const std::string& begin);

[[nodiscard]] std::vector<std::byte> snapshot_of(const model::Registry& registry, int level = 1);
[[nodiscard]] std::vector<std::byte> snapshot_of(const std::vector<NamespaceBuilder>& namespaces);

}  // namespace almanac::support
