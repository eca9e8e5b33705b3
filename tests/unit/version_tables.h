// What the node-semver project publishes about versions and ranges; version_ranges.json names its source.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace almanac {

// The pairs of texts of one of its tables. Throws when there is none.
inline std::vector<std::pair<std::string, std::string>> version_table(const std::string& name) {
  std::ifstream file(ALMANAC_SOURCE_DIRECTORY "/tests/unit/version_ranges.json");
  return nlohmann::json::parse(file).at(name).get<std::vector<std::pair<std::string, std::string>>>();
}

}  // namespace almanac
