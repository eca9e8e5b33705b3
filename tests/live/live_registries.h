// Registries for tests over a network, each of which says its version in every answer.
#pragma once

#include <almanac/registry.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "support/registry_builder.h"

namespace almanac::live {

// Small: it travels inside `current`.
[[nodiscard]] inline std::vector<support::NamespaceBuilder> small_registry(const std::string& version) {
  return {{"prod", {support::service("users").uri("http://" + version)}}};
}

// So many services of 64 KiB each, which cannot be compressed, in a namespace "prod" beside a small one.
[[nodiscard]] inline std::vector<support::NamespaceBuilder> heavy_registry(const std::string& version, int heavy_services) {
  std::vector<support::ServiceBuilder> services = {support::service("users").uri("http://" + version)};
  std::uint64_t state = 1;
  for (int i = 0; i < heavy_services; ++i) {
    std::string value = version + ":";
    while (value.size() < 65'536) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      value += static_cast<char>(1 + (state >> 33U) % 255);
    }
    services.push_back(support::service("large/" + std::to_string(i)).value(value));
  }
  return {{"other", {support::service("users").uri("http://" + version)}}, {"prod", services}};
}

// Too large to travel inside `current`: 1.5 MiB.
[[nodiscard]] inline std::vector<support::NamespaceBuilder> large_registry(const std::string& version) {
  return heavy_registry(version, 24);
}

// The version of "prod", or "torn" when not all of a large registry has one.
[[nodiscard]] inline std::string version_of(const View& view) {
  const auto users = view.find("users");
  if (!users) return "missing";
  const std::string version(users->uri().substr(std::string_view("http://").size()));
  for (const Service& service : view.default_namespace().under("large/")) {
    if (!service.value().value_or("").starts_with(version + ":")) return "torn";
  }
  return version;
}

}  // namespace almanac::live
