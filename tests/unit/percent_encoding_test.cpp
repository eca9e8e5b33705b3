#include "store/percent_encoding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace almanac::internal {
namespace {

TEST(PercentEncodingTest, leaves_only_the_unreserved) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode(" +=*()!'&$@:;,%#?\\/\""), "%20%2B%3D%2A%28%29%21%27%26%24%40%3A%3B%2C%25%23%3F%5C%2F%22");
  EXPECT_EQ(percent_encode("größe"), "gr%C3%B6%C3%9Fe");
  EXPECT_EQ(percent_encode(std::string_view("\0\x7F\xFF", 3)), "%00%7F%FF");
}

TEST(PercentEncodingTest, keeps_what_it_is_told_to) { EXPECT_EQ(percent_encode("a//b c/", "/"), "a//b%20c/"); }

TEST(PercentEncodingTest, every_byte_comes_back) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
  EXPECT_EQ(percent_decode("%c3%B6+"), "ö+");
}

TEST(PercentEncodingTest, what_is_no_encoding_is_refused) {
  for (const char* text : {"%", "a%4", "%zz", "%4z", "%-1", "%+1", "%%41", "% 1"}) EXPECT_EQ(percent_decode(text), std::nullopt) << text;
}

}  // namespace
}  // namespace almanac::internal
