// What a fuzzer holds to.
#pragma once

#include <cstdlib>

namespace almanac::fuzz {

// What must hold, whatever came in; with NDEBUG as well.
inline void demand(bool condition) {
  if (!condition) std::abort();
}

}  // namespace almanac::fuzz
