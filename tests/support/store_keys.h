// What is in a store, by name alone.
#pragma once

#include <almanac/store.h>

#include <string>
#include <string_view>
#include <vector>

namespace almanac::support {

[[nodiscard]] inline std::vector<std::string> keys_of(Store& store, std::string_view prefix) {
  std::vector<std::string> keys;
  for (ObjectInfo& object : store.list(prefix)) keys.push_back(std::move(object.key));
  return keys;
}

}  // namespace almanac::support
