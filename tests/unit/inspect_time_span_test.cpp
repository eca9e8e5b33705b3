#include "inspect/time_span.h"

#include <gtest/gtest.h>

#include <chrono>

namespace almanac::inspect {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(TimeSpan, tells_how_far_away_a_moment_is) {
  const std::chrono::sys_time<milliseconds> now(milliseconds(1'795'165'200'000));
  EXPECT_EQ(moment_from(now, now), "2026-11-20T09:00:00Z, this very moment");
  EXPECT_EQ(moment_from(now, now - minutes(2)), "2026-11-20T08:58:00Z, 2 min ago");
  EXPECT_EQ(moment_from(now, now + milliseconds(1)), "2026-11-20T09:00:00.001Z, in 1 ms");
}

TEST(TimeSpan, tells_spans_in_two_units) {
  EXPECT_EQ(span_text(milliseconds(0)), "0 ms");
  EXPECT_EQ(span_text(milliseconds(999)), "999 ms");
  EXPECT_EQ(span_text(milliseconds(59'999)), "59 s");
  EXPECT_EQ(span_text(minutes(4) + seconds(30)), "4 min 30 s");
  EXPECT_EQ(span_text(hours(2)), "2 h");
  EXPECT_EQ(span_text(hours(2) + seconds(59)), "2 h");
  EXPECT_EQ(span_text(days(3) + hours(23) + minutes(59)), "3 d 23 h");
  EXPECT_EQ(span_text(days(1'000'000)), "1000000 d");
}

}  // namespace
}  // namespace almanac::inspect
