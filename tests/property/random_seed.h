// The seed of a randomised test: printed, so that a failure can be had again.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <random>

namespace almanac::property {

// ALMANAC_TEST_SEED if it is set, else another one each time the program runs.
[[nodiscard]] inline std::uint64_t random_seed() {
  static const std::uint64_t seed = [] {
    const char* given = std::getenv("ALMANAC_TEST_SEED");
    const std::uint64_t chosen = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    std::cout << "ALMANAC_TEST_SEED=" << chosen << '\n';
    return chosen;
  }();
  return seed;
}

}  // namespace almanac::property
