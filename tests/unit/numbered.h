// Names by the dozen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace almanac {

// "n7"
[[nodiscard]] inline std::string numbered(std::string_view start, std::size_t number) {
  return std::string(start).append(std::to_string(number));
}

}  // namespace almanac
