// Registries for tests over a network, each of which says its version in every answer.
#pragma once

#include <almanac/registry.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/late_work.h"
#include "support/registry_builder.h"

namespace almanac::live {

// Small: it travels inside `current`.
[[nodiscard]] inline std::vector<support::NamespaceBuilder> small_registry(const std::string& version) {
  return {{"prod", {support::service("users").uri("http://" + version)}}};
}

// So many services of 64 KiB each, which cannot be compressed, in a namespace "prod" beside a small one.
[[nodiscard]] inline std::vector<support::NamespaceBuilder> heavy_registry(const std::string& version, std::size_t heavy_services) {
  std::vector<support::ServiceBuilder> services = support::large_services(heavy_services, version + ":");
  services.push_back(support::service("users").uri("http://" + version));
  return {{"other", {support::service("users").uri("http://" + version)}}, {"prod", services}};
}

// Too large to travel inside `current`: 1.5 MiB.
[[nodiscard]] inline std::vector<support::NamespaceBuilder> large_registry(const std::string& version) {
  return heavy_registry(version, 24);
}

// The version of "prod", or "torn" when not all of a large registry has one.
[[nodiscard]] inline std::string version_of(const View& view) {
  support::await_late_work(view);  // for those who look at the cache directory next
  const auto users = view.find("users");
  if (!users) return "missing";
  const std::string version(users->uri().substr(std::string_view("http://").size()));
  for (const Service& service : view.default_namespace().under("large/")) {
    if (!service.value().value_or("").starts_with(version + ":")) return "torn";
  }
  return version;
}

}  // namespace almanac::live
