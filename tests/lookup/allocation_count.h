// How often this program has asked for memory.
#pragma once

#include <cstdint>

namespace almanac::lookup {

// Of all threads, since the program began; malloc and all its relatives, so operator new as well.
[[nodiscard]] std::uint64_t allocation_count() noexcept;

}  // namespace almanac::lookup
