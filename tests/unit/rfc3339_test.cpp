#include "rfc3339.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace almanac::internal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Rfc3339Test, reads_what_stores_write) {
  EXPECT_EQ(parse_rfc3339("1970-01-01T00:00:00Z"), kAlways);
  EXPECT_EQ(parse_rfc3339("2013-05-24T01:02:03Z"), Moment(seconds(1'369'357'323)));
  EXPECT_EQ(parse_rfc3339("2013-05-24T01:02:03.000Z"), Moment(seconds(1'369'357'323)));
  EXPECT_EQ(parse_rfc3339("2013-05-24T01:02:03.5Z"), Moment(milliseconds(1'369'357'323'500)));
  EXPECT_EQ(parse_rfc3339("2013-05-24T01:02:03.123456789+00:00"), Moment(milliseconds(1'369'357'323'123)));
  EXPECT_EQ(parse_rfc3339("2024-02-29T23:59:60Z"), parse_rfc3339("2024-03-01T00:00:00Z"));
}

TEST(Rfc3339Test, reads_what_people_write) {
  EXPECT_EQ(parse_rfc3339("2013-05-24t03:02:03+02:00"), Moment(seconds(1'369'357'323)));
  EXPECT_EQ(parse_rfc3339("2013-05-23T19:32:03-05:30"), Moment(seconds(1'369'357'323)));
  EXPECT_EQ(parse_rfc3339("2013-05-24T01:02:03z"), Moment(seconds(1'369'357'323)));
  EXPECT_EQ(parse_rfc3339("1969-12-31T23:00:00-01:00"), kAlways);
  EXPECT_EQ(parse_rfc3339("9999-12-31T23:59:59.999Z"), kLastMoment);
}

TEST(Rfc3339Test, refuses_everything_else) {
  for (const char* text : {"",
                           "2013",
                           "2013-05-24",
                           "2013-05-24T01:02:03",
                           "2013-05-24 01:02:03Z",
                           "2013-05-24T01:02:03.Z",
                           "2013-05-24T01:02:03+0200",
                           "2013-05-24T01:02:03+24:00",
                           "2013-05-24T01:02:03+01:60",
                           "2013-13-01T00:00:00Z",
                           "2013-02-29T00:00:00Z",
                           "2013-00-10T00:00:00Z",
                           "2013-05-24T24:00:00Z",
                           "2013-05-24T00:60:00Z",
                           "2013-05-24T00:00:61Z",
                           "9999-12-31T23:59:59-00:01",
                           "1970-01-01T00:00:00+00:01",
                           "0001-01-01T00:00:00Z",
                           "-013-05-24T01:02:03Z",
                           "2013-05-24T01:02:03ZZ",
                           "+2013-05-24T01:02:03Z",
                           "2013-5-24T01:02:03Z"}) {
    EXPECT_EQ(parse_rfc3339(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace almanac::internal
