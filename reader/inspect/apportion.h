// A whole number shared out in proportion, with nothing lost to rounding.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace almanac::inspect {

// One share for each weight, in their proportion; the shares sum to `total` exactly. Each is rounded
// down and what is left goes, one by one, to the largest remainders, the first of equal ones first
// (Hare and Niemeyer's method). Weights that are all zero count as equal. No weights: no shares.
[[nodiscard]] std::vector<std::uint64_t> apportion(std::uint64_t total, std::span<const std::uint64_t> weights);

}  // namespace almanac::inspect
