// When to look again after looks that failed: later after each, and at random, so that functions that failed together
// do not come back together.
#pragma once

#include <chrono>
#include <cstdint>

namespace almanac::internal {

// After `failures` (1 or more) in a row, a time in [d/2, d], where d is max_age doubled with each failure but the first,
// up to 5 minutes or max_age, whichever is longer. `random` decides, every bit of it.
[[nodiscard]] std::chrono::milliseconds pause_after(std::uint64_t failures, std::chrono::milliseconds max_age,
                                                    std::uint64_t random) noexcept;

// From the operating system each time: processes that were cloned while frozen must not draw the same.
[[nodiscard]] std::uint64_t random_bits() noexcept;

}  // namespace almanac::internal
