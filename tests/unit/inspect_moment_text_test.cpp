#include "inspect/moment_text.h"

#include <gtest/gtest.h>

#include <string>

namespace almanac::inspect {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// As text again; "-" for what is none.
std::string read(std::string_view text) {
  const std::optional<Moment> moment = parse_moment(text);
  return moment ? moment_text(*moment) : "-";
}

TEST(MomentText, reads_rfc_3339_with_every_offset) {
  EXPECT_EQ(parse_moment("1970-01-01T00:00:00Z"), Moment());
  EXPECT_EQ(parse_moment("2026-11-20T09:00:00.250Z"), Moment(Milliseconds(1'795'165'200'250)));
  EXPECT_EQ(read("2026-11-20T09:00:00+00:00"), "2026-11-20T09:00:00Z");
  EXPECT_EQ(read("2026-11-20T09:00:00-00:00"), "2026-11-20T09:00:00Z");
  EXPECT_EQ(read("2026-11-20T00:30:00+01:00"), "2026-11-19T23:30:00Z");
  EXPECT_EQ(read("2026-12-31T23:30:00-05:30"), "2027-01-01T05:00:00Z");
  EXPECT_EQ(read("2024-02-29T00:00:00.5Z"), "2024-02-29T00:00:00.500Z");
  EXPECT_EQ(read("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  EXPECT_EQ(read("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
}

TEST(MomentText, takes_nothing_else) {
  for (const char* text : {"",
                           "now",
                           "2026-11-20",
                           "2026-11-20T09:00Z",
                           "2026-11-20T09:00:00",
                           "2026-11-20 09:00:00Z",
                           "2026-11-20t09:00:00Z",
                           "2026-11-20T09:00:00z",
                           "2026-11-20T09:00:00Z ",
                           " 2026-11-20T09:00:00Z",
                           "2026-11-20T24:00:00Z",
                           "2026-11-20T09:60:00Z",
                           "2026-11-20T09:00:61Z",
                           "2026-13-20T09:00:00Z",
                           "2026-02-29T09:00:00Z",
                           "2026-00-20T09:00:00Z",
                           "2026-11-00T09:00:00Z",
                           "2026-11-20T09:00:00.Z",
                           "2026-11-20T09:00:00.1234Z",
                           "2026-11-20T09:00:00+0100",
                           "2026-11-20T09:00:00+24:00",
                           "2026-11-20T09:00:00+01:60",
                           "2026-11-20T09:00:00+01",
                           "26-11-20T09:00:00Z",
                           "+2026-11-20T09:00:00Z",
                           "1970-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "1969-12-31T23:59:59Z",
                           "-026-11-20T09:00:00Z"}) {
    EXPECT_EQ(read(text), "-") << text;
  }
}

TEST(MomentText, tells_spans_in_two_units) {
  EXPECT_EQ(span_text(Milliseconds(0)), "0 ms");
  EXPECT_EQ(span_text(Milliseconds(999)), "999 ms");
  EXPECT_EQ(span_text(Milliseconds(59'999)), "59 s");
  EXPECT_EQ(span_text(minutes(4) + seconds(30)), "4 min 30 s");
  EXPECT_EQ(span_text(hours(2)), "2 h");
  EXPECT_EQ(span_text(hours(2) + seconds(59)), "2 h");
  EXPECT_EQ(span_text(days(3) + hours(23) + minutes(59)), "3 d 23 h");
  EXPECT_EQ(span_text(days(1'000'000)), "1000000 d");
}

}  // namespace
}  // namespace almanac::inspect
