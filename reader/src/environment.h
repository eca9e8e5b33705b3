// Environment variables; one that is empty counts as not set.
#pragma once

#include <cstdlib>
#include <string>

namespace almanac::internal {

// The variable's value, or an empty text.
[[nodiscard]] inline std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

}  // namespace almanac::internal
