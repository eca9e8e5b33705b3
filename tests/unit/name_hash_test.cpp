#include "name_hash.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace almanac::internal {
namespace {

std::string text_of(std::size_t size, std::mt19937_64& random) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

TEST(NameHash, is_that_of_the_library_for_every_size_and_seed) {
  std::mt19937_64 random(20261121);
  for (std::size_t size = 1; size <= 300; ++size) {
    for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}, std::uint64_t{random()}}) {
      const std::string name = text_of(size, random);
      ASSERT_EQ(NameHash(seed)(name), hash_name(name, seed)) << size << " bytes, seed " << seed;
    }
  }
}

TEST(FourWords, are_for_17_to_32_bytes) {
  EXPECT_FALSE(FourWords::fit(0));
  EXPECT_FALSE(FourWords::fit(16));
  EXPECT_TRUE(FourWords::fit(17));
  EXPECT_TRUE(FourWords::fit(32));
  EXPECT_FALSE(FourWords::fit(33));
  EXPECT_FALSE(FourWords::fit(SIZE_MAX));
}

TEST(FourWords, differ_when_any_byte_does) {
  std::mt19937_64 random(20261121);
  for (std::size_t size = FourWords::kLeast; size <= FourWords::kMost; ++size) {
    const std::string text = text_of(size, random);
    EXPECT_TRUE(same_four_words(text.data(), std::string(text).data(), size));
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = static_cast<char>(other[i] ^ 1);
      EXPECT_FALSE(same_four_words(text.data(), other.data(), size)) << "byte " << i << " of " << size;
    }
  }
}

}  // namespace
}  // namespace almanac::internal
