#include "support/registry_builder.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "compile/snapshot_writer.h"

namespace almanac::support {

namespace {

std::span<std::string_view> sorted_texts(model::Arena& arena, const std::vector<std::string>& texts) {
  std::vector<std::string_view> views;
  for (const std::string& text : texts) views.push_back(arena.copy(text));
  std::ranges::sort(views);
  return arena.copy(std::span<const std::string_view>(views));
}

std::span<model::Attribute> sorted_pairs(model::Arena& arena, const TextPairs& pairs) {
  std::vector<model::Attribute> attributes;
  for (const auto& [key, value] : pairs) attributes.push_back({arena.copy(key), arena.copy(value)});
  std::ranges::sort(attributes, {}, &model::Attribute::key);
  return arena.copy(std::span<const model::Attribute>(attributes));
}

}  // namespace

model::Endpoint EndpointBuilder::build(model::Arena& arena) const {
  model::Endpoint endpoint;
  endpoint.uri = arena.copy(uri_);
  endpoint.version = arena.copy(version_);
  endpoint.zone = arena.copy(zone_);
  endpoint.weight = weight_;
  endpoint.tags = sorted_texts(arena, tags_);
  endpoint.attributes = sorted_pairs(arena, attributes_);
  return endpoint;
}

model::Service ServiceBuilder::build(model::Arena& arena) const {
  std::vector<model::Endpoint> endpoints;
  for (const EndpointBuilder& one : endpoints_) endpoints.push_back(one.build(arena));
  model::Service service;
  service.name = arena.copy(name_);
  service.description = arena.copy(description_);
  if (value_) service.value = arena.copy(*value_);
  service.tags = sorted_texts(arena, tags_);
  service.attributes = sorted_pairs(arena, attributes_);
  service.endpoints = arena.copy(std::span<const model::Endpoint>(endpoints));
  return service;
}

model::Registry registry(const std::vector<NamespaceBuilder>& namespaces, std::string name, std::string revision) {
  model::Registry made;
  made.name = std::move(name);
  made.revision = std::move(revision);
  for (const NamespaceBuilder& one : namespaces) {
    model::Namespace& name_space = made.namespaces.emplace_back();
    name_space.name = made.arena->copy(one.name);
    for (const ServiceBuilder& builder : one.services) name_space.services.push_back(builder.build(*made.arena));
    std::ranges::sort(name_space.services, {}, &model::Service::name);
  }
  std::ranges::sort(made.namespaces, {}, &model::Namespace::name);
  return made;
}

std::vector<ServiceBuilder> numbered_services(std::size_t count) {
  constexpr std::size_t kDigits = 7;
  std::vector<ServiceBuilder> services;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    const std::string name = "s" + std::string(kDigits - number.size(), '0') + number;
    services.push_back(service(name).uri("http://" + name + "/"));
  }
  return services;
}

std::vector<ServiceBuilder> large_services(std::size_t count, const std::string& begin) {
  constexpr std::size_t kSize = std::size_t{64} << 10U;
  std::vector<ServiceBuilder> services;
  // A linear congruential generator, by the constants of Knuth's MMIX.
  std::uint64_t state = 1;
  for (std::size_t i = 0; i < count; ++i) {
    std::string value = begin;
    while (value.size() < kSize) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      value += static_cast<char>(1 + (state >> 33U) % 255);
    }
    services.push_back(service("large/" + std::to_string(i)).value(value));
  }
  return services;
}

std::vector<std::byte> snapshot_of(const model::Registry& registry, int level) {
  progress::Progress silent;
  return compile::compile_snapshot(registry, {.level = level, .threads = 1}, silent);
}

std::vector<std::byte> snapshot_of(const std::vector<NamespaceBuilder>& namespaces) { return snapshot_of(registry(namespaces)); }

}  // namespace almanac::support
