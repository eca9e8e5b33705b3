#include "inspect/percentage.h"

#include <gtest/gtest.h>

namespace almanac::inspect {
namespace {

TEST(Percentage, is_read_with_and_without_its_sign) {
  EXPECT_EQ(parse_percentage("10%"), 100'000U);
  EXPECT_EQ(parse_percentage("10"), 100'000U);
  EXPECT_EQ(parse_percentage("10 %"), 100'000U) << "as the programs print it";
  EXPECT_EQ(parse_percentage("0"), 0U);
  EXPECT_EQ(parse_percentage("100%"), 1'000'000U);
  EXPECT_EQ(parse_percentage("100.0000"), 1'000'000U);
  EXPECT_EQ(parse_percentage("12.5%"), 125'000U);
  EXPECT_EQ(parse_percentage("0.0001%"), 1U);
  EXPECT_EQ(parse_percentage("99.9999"), 999'999U);
}

TEST(Percentage, refuses_everything_else) {
  for (const char* text : {"",    "%",    "-1", "+1", "1e1", "1.",  ".5",  "1.%",  "1.00001",    "100.0001", "101",
                           "010", "1  %", "1 ", " %", " 1",  "1%%", "1,5", "half", "4294967297", "1.-5"}) {
    EXPECT_EQ(parse_percentage(text), std::nullopt) << text;
  }
}

TEST(Percentage, is_written_as_short_as_it_is_exact) {
  EXPECT_EQ(percentage_text(0), "0%");
  EXPECT_EQ(percentage_text(1), "0.0001%");
  EXPECT_EQ(percentage_text(100), "0.01%");
  EXPECT_EQ(percentage_text(125'000), "12.5%");
  EXPECT_EQ(percentage_text(1'000'000), "100%");
  for (std::uint32_t share = 0; share <= 1'000'000; share += 37) EXPECT_EQ(parse_percentage(percentage_text(share)), share);
}

}  // namespace
}  // namespace almanac::inspect
