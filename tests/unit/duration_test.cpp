#include "model/duration.h"

#include <gtest/gtest.h>

namespace almanac::model {
namespace {

using namespace std::chrono_literals;

TEST(Duration, has_a_number_and_a_unit) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("90s"), 90s);
  EXPECT_EQ(parse_duration("6m"), 6min);
  EXPECT_EQ(parse_duration("2h"), 2h);
  EXPECT_EQ(parse_duration("1d"), 24h);
  EXPECT_EQ(parse_duration("100000d"), 2'400'000h);
}

TEST(Duration, refuses_everything_else) {
  for (const char* text : {"", "6", "m", "0s", "-6m", "+6m", "6 m", "6M", "6min", "1.5h", "1h30m", "100001d", "18446744073709551615ms",
                           "99999999999999999999ms", "6m "}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace almanac::model
