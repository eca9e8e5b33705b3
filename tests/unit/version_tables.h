// What the node-semver project publishes about versions and ranges; version_ranges.json names its source.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace almanac {

// One of its tables, of pairs of texts or of texts. Throws when there is none.
template <class Row = std::pair<std::string, std::string>>
std::vector<Row> version_table(const std::string& name) {
  std::ifstream file(ALMANAC_SOURCE_DIRECTORY "/tests/unit/version_ranges.json");
  return nlohmann::json::parse(file).at(name).get<std::vector<Row>>();
}

}  // namespace almanac
