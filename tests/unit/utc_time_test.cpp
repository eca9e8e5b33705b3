#include "store/utc_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace almanac::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

TEST(UtcTimeTest, reads_what_stores_write) {
  EXPECT_EQ(parse_utc_time("1970-01-01T00:00:00Z"), system_clock::time_point());
  EXPECT_EQ(parse_utc_time("2013-05-24T01:02:03Z"), system_clock::time_point(seconds(1'369'357'323)));
  EXPECT_EQ(parse_utc_time("2013-05-24T01:02:03.000Z"), system_clock::time_point(seconds(1'369'357'323)));
  EXPECT_EQ(parse_utc_time("2013-05-24T01:02:03.5Z"), system_clock::time_point(milliseconds(1'369'357'323'500)));
  EXPECT_EQ(parse_utc_time("2013-05-24T01:02:03.123456789+00:00"), system_clock::time_point(milliseconds(1'369'357'323'123)));
  EXPECT_EQ(parse_utc_time("2024-02-29T23:59:60Z"), parse_utc_time("2024-03-01T00:00:00Z"));
}

TEST(UtcTimeTest, refuses_everything_else) {
  for (const char* text :
       {"", "2013", "2013-05-24", "2013-05-24T01:02:03", "2013-05-24 01:02:03Z", "2013-05-24T01:02:03.Z", "2013-05-24T01:02:03+02:00",
        "2013-13-01T00:00:00Z", "2013-02-29T00:00:00Z", "2013-00-10T00:00:00Z", "2013-05-24T24:00:00Z", "2013-05-24T00:60:00Z",
        "2013-05-24T00:00:61Z", "9999-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "-013-05-24T01:02:03Z", "2013-05-24T01:02:03ZZ",
        "+2013-05-24T01:02:03Z", "2013-5-24T01:02:03Z"}) {
    EXPECT_EQ(parse_utc_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace almanac::internal
