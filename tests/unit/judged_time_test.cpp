#include "judged_time.h"

#include <gtest/gtest.h>

namespace almanac::internal {
namespace {

using namespace std::chrono_literals;
using Time = JudgedTime::Time;

constexpr Time kNoon = Time(1'800'000'000s);

TEST(JudgedTime, is_that_of_the_clock_while_it_goes_on) {
  JudgedTime judged;
  EXPECT_EQ(judged.advance(kNoon), kNoon);
  EXPECT_EQ(judged.of_served(kNoon + 1ns), kNoon + 1ns);
  EXPECT_EQ(judged.of_new(kNoon + 1ns), kNoon + 1ns);
  EXPECT_EQ(judged.advance(kNoon + 24h), kNoon + 24h);
}

TEST(JudgedTime, does_not_go_back_for_what_is_served) {
  JudgedTime judged;
  (void)judged.advance(kNoon);
  for (const auto back : {1ns, std::chrono::nanoseconds(1h), std::chrono::nanoseconds(10'000h)}) {
    EXPECT_EQ(judged.of_served(kNoon - back), kNoon);
    EXPECT_EQ(judged.advance(kNoon - back), kNoon);
  }
}

TEST(JudgedTime, goes_back_by_more_than_an_hour_for_what_is_new) {
  JudgedTime judged;
  (void)judged.advance(kNoon);
  EXPECT_EQ(judged.of_new(kNoon - 1h), kNoon);
  EXPECT_EQ(judged.of_new(kNoon - 1h - 1ns), kNoon - 1h - 1ns);
  EXPECT_EQ(judged.of_served(kNoon - 2h), kNoon) << "to ask changes nothing";
}

TEST(JudgedTime, begins_anew_with_what_was_new) {
  JudgedTime judged;
  (void)judged.advance(kNoon);
  judged.replace(kNoon - 2h, kNoon - 2h);
  EXPECT_EQ(judged.of_served(kNoon - 3h), kNoon - 2h);
}

// While a snapshot was fetched, others have taken views, the clock went on, or was put right.
TEST(JudgedTime, is_never_before_that_by_which_the_new_one_was_judged) {
  JudgedTime judged;
  (void)judged.advance(kNoon + 10s);
  judged.replace(kNoon, kNoon + 5s);
  EXPECT_EQ(judged.of_served(kNoon), kNoon + 10s);
  judged.replace(kNoon + 24h, kNoon);
  EXPECT_EQ(judged.of_served(kNoon), kNoon + 24h);
}

TEST(JudgedTime, may_stand_at_the_end_of_the_clock) {
  JudgedTime judged;
  (void)judged.advance(Time::max());
  EXPECT_EQ(judged.of_new(Time::min()), Time::min());
  EXPECT_EQ(judged.of_served(Time::min()), Time::max());
}

}  // namespace
}  // namespace almanac::internal
