// Where a value was written: the index of a file in Registry::files, and the place in it.
#pragma once

#include <cstdint>

namespace almanac::model {

struct Location {
  std::uint32_t file = 0;
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in bytes
};

}  // namespace almanac::model
