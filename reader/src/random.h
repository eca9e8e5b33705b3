// Random numbers for choices that need be fair, not secret: no lock, no allocation.
#pragma once

#include <cstdint>

namespace almanac::internal {

// SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014).
class RandomSequence {
 public:
  explicit RandomSequence(std::uint64_t seed) noexcept : state_(seed) {}
  [[nodiscard]] std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t bits = state_;
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
    bits = (bits ^ (bits >> 27U)) * 0x94D049BB133111EBU;
    return bits ^ (bits >> 31U);
  }

 private:
  std::uint64_t state_;
};

// Another one at each call. The clock goes into each, so that processes which were forked, or cloned while they were frozen, part
// at the first: nothing else tells a clone that it is one. The kernel's vDSO reads the clock, without a system call, where it can
// read the machine's clock source.
[[nodiscard]] std::uint64_t random_seed() noexcept;

}  // namespace almanac::internal
