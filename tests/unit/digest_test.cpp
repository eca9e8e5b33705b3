#include "digest.h"

#include <gtest/gtest.h>

#include <string>

namespace almanac::internal {
namespace {

// As the xxhash package's `xxhsum -H2` and `xxhsum -H3` print them.
TEST(Digest, is_what_xxhsum_prints) {
  EXPECT_EQ(to_hex(digest_of(as_bytes(""))), "99aa06d3014798d86001c324468d497f");
  EXPECT_EQ(to_hex(digest_of(as_bytes("almanac"))), "7b4c26e30765fdae5b581c2106658c96");
  EXPECT_EQ(to_hex(digest_of(as_bytes(std::string(1000, 'x')))), "50a1af5a5f2dcf01c0a4877b962cba82");
  EXPECT_EQ(checksum_of(as_bytes("")), 0x2d06800538d394c2U);
  EXPECT_EQ(checksum_of(as_bytes("almanac")), 0x8b5897aba59a62f2U);
}

TEST(Digest, text_has_all_digits_of_both_halves) {
  EXPECT_EQ(to_hex({0x0123456789abcdefU, 0xfU}), "0123456789abcdef000000000000000f");
  EXPECT_EQ(to_hex({}), std::string(32, '0'));
}

TEST(Digest, text_is_parsed_back) {
  for (const Digest digest : {Digest{}, Digest{1, 2}, Digest{~0ULL, 0}, Digest{0x0123456789abcdefU, 0xfedcba9876543210U}}) {
    EXPECT_EQ(parse_digest(to_hex(digest)), digest);
  }
}

TEST(Digest, other_texts_are_none) {
  const std::string good(32, 'a');
  ASSERT_TRUE(parse_digest(good));
  EXPECT_FALSE(parse_digest(""));
  EXPECT_FALSE(parse_digest(good + "a"));
  EXPECT_FALSE(parse_digest(good.substr(1)));
  for (const char wrong : {'A', 'g', ' ', '-', '+', 'x', '\0'}) {
    for (const std::size_t place : {0U, 15U, 16U, 31U}) {
      std::string text = good;
      text[place] = wrong;
      EXPECT_FALSE(parse_digest(text)) << text;
    }
  }
}

}  // namespace
}  // namespace almanac::internal
