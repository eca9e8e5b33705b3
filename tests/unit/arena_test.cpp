#include "model/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace almanac::model {
namespace {

TEST(Arena, KeepsWhatItWasGiven) {
  Arena arena;
  std::vector<std::string> originals;
  std::vector<std::string_view> copies;
  for (std::size_t i = 0; i < 20000; ++i) {
    originals.push_back(std::string(i % 300, static_cast<char>('a' + i % 26)));
    copies.push_back(arena.copy(originals.back()));
  }
  originals.push_back(std::string(3'000'000, 'z'));
  copies.push_back(arena.copy(originals.back()));
  copies.push_back(arena.copy("end"));
  originals.push_back("end");
  for (std::size_t i = 0; i < originals.size(); ++i) ASSERT_EQ(copies[i], originals[i]) << i;
}

TEST(Arena, Aligns) {
  Arena arena;
  for (std::size_t i = 1; i < 1000; ++i) {
    EXPECT_FALSE(arena.copy("x").empty());
    const std::vector<std::uint64_t> numbers(i, i);
    const auto copy = arena.copy(std::span<const std::uint64_t>(numbers));
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(copy.data()) % alignof(std::uint64_t), 0U);
    ASSERT_EQ(copy.size(), i);
    ASSERT_EQ(copy.back(), i);
  }
}

TEST(Arena, IsReusableAfterReset) {
  Arena arena;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::string_view> copies;
    for (int i = 0; i < 3000; ++i) copies.push_back(arena.copy(std::string(1000, static_cast<char>('a' + round))));
    for (const auto copy : copies) ASSERT_EQ(copy, std::string(1000, static_cast<char>('a' + round)));
    arena.reset();
  }
  EXPECT_EQ(arena.copy("after"), "after");
}

}  // namespace
}  // namespace almanac::model
