#include "model/encoding.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace almanac::model {
namespace {

TEST(IsPlain, each_byte_at_each_place_of_texts_of_every_size) {
  constexpr std::size_t kMost = 20;  // two words, and what is left
  for (std::size_t size = 0; size <= kMost; ++size) {
    std::string text(size, 'a');
    EXPECT_TRUE(is_plain(text)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(is_plain(text), byte >= 0x20 && byte < 0x7F) << size << ' ' << at << ' ' << byte;
      }
      text[at] = 'a';
    }
  }
}

// A carry from one byte of a word would reach the next.
TEST(IsPlain, two_bytes_beside_each_other) {
  std::string text(8, ' ');
  for (int low = 0; low < 256; ++low) {
    for (int high = 0; high < 256; ++high) {
      text[3] = static_cast<char>(low);
      text[4] = static_cast<char>(high);
      const auto plain = [](int byte) { return byte >= 0x20 && byte < 0x7F; };
      ASSERT_EQ(is_plain(text), plain(low) && plain(high)) << low << ' ' << high;
    }
  }
}

}  // namespace
}  // namespace almanac::model
