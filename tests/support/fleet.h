// Many instances of one function, for what is promised of their share.
//
// A sample of 10,000 strays from an even ramp by more than a point somewhere in one of four draws (Kolmogorov's distribution at 1.0), and
// by three points in three of a hundred million. So the fleet that has to keep within one is always the same.
#pragma once

#include <almanac/caller.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace almanac::support {

inline constexpr int kFleetSize = 10'000;
inline constexpr std::uint64_t kFleetSeed = 20'261'120;
inline constexpr double kOnePoint = 0.01;

[[nodiscard]] inline std::vector<Caller> fleet_of(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Caller> fleet;
  for (int i = 0; i < kFleetSize; ++i) {
    fleet.emplace_back().set("function", "checkout").set("instance", "i-" + std::to_string(random()));
  }
  return fleet;
}

// Of millionths.
[[nodiscard]] constexpr double part_of(std::uint32_t share) { return static_cast<double>(share) / kWholeShare; }

}  // namespace almanac::support
