#include "model/rollout_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace almanac::model {
namespace {

using namespace std::chrono_literals;
using internal::kAlways;
using internal::kLastMoment;
using internal::Stage;
using testing::ElementsAre;

constexpr Moment kStart = Moment(1'800'000'000s);
constexpr std::uint32_t kPercent = 10'000;

// "10% at 6m"
std::string stage(const Stage& at) { return std::to_string(at.share / kPercent) + "% at " + std::to_string((at.at - kStart) / 1min) + "m"; }

std::vector<std::string> stages(const Schedule& schedule) {
  std::vector<std::string> all;
  for (const Stage& one : schedule.stages) all.push_back(stage(one));
  return all;
}

// The page of the AWS AppConfig User Guide that rollout_kinds.h names.
TEST(RolloutKinds, linear_is_the_timeline_of_the_appconfig_user_guide) {
  struct Row {
    std::chrono::hours elapsed;
    std::uint32_t percent;
  };
  const Schedule schedule = linear(kStart, 20 * kPercent, {10h, Pace::Unit::kWhole}, kWholeShare);
  for (const Row& row : {Row{0h, 0}, Row{2h, 20}, Row{4h, 40}, Row{6h, 60}, Row{8h, 80}, Row{10h, 100}}) {
    EXPECT_EQ(schedule.share_at(kStart + row.elapsed), row.percent * kPercent) << row.elapsed.count();
    if (row.elapsed > 0h) {
      EXPECT_EQ(schedule.share_at(kStart + row.elapsed - 1ms), (row.percent - 20) * kPercent) << row.elapsed.count();
    }
  }
}

TEST(RolloutKinds, has_what_appconfig_predefines) {
  // AppConfig.Linear20PercentEvery6Minutes, of 30 minutes
  const Schedule linear20 = linear(kStart, 20 * kPercent, {6min, Pace::Unit::kStep}, kWholeShare);
  EXPECT_THAT(stages(linear20), ElementsAre("20% at 6m", "40% at 12m", "60% at 18m", "80% at 24m", "100% at 30m"));
  EXPECT_EQ(linear20, linear(kStart, 20 * kPercent, {30min, Pace::Unit::kWhole}, kWholeShare));
  // AppConfig.Linear50PercentEvery30Seconds, of a minute
  const Schedule linear50 = linear(kStart, 50 * kPercent, {30s, Pace::Unit::kStep}, kWholeShare);
  EXPECT_EQ(linear50.stages, (std::vector<Stage>{{kStart + 30s, 500'000}, {kStart + 1min, 1'000'000}}));
  // AppConfig.Canary10Percent20Minutes: exponential growth from 10 %
  const Schedule canary10 = exponential(kStart, 10 * kPercent, {20min, Pace::Unit::kWhole}, kWholeShare);
  EXPECT_THAT(stages(canary10), ElementsAre("10% at 4m", "20% at 8m", "40% at 12m", "80% at 16m", "100% at 20m"));
}

TEST(RolloutKinds, exponential_doubles_until_it_is_all) {
  // Its growth factor of 2: 2*(2^0), 2*(2^1), 2*(2^2), …
  const Schedule schedule = exponential(kStart, 2 * kPercent, {1min, Pace::Unit::kStep}, kWholeShare);
  EXPECT_THAT(stages(schedule), ElementsAre("2% at 1m", "4% at 2m", "8% at 3m", "16% at 4m", "32% at 5m", "64% at 6m", "100% at 7m"));
  EXPECT_THAT(stages(exponential(kStart, 30 * kPercent, {1min, Pace::Unit::kStep}, 60 * kPercent)), ElementsAre("30% at 1m", "60% at 2m"));
  EXPECT_EQ(exponential(kStart, 1, {1min, Pace::Unit::kStep}, kWholeShare).stages.size(), 21U) << "2^20 is the first above a million";
}

TEST(RolloutKinds, a_step_that_does_not_divide_the_whole_ends_there) {
  EXPECT_THAT(stages(linear(kStart, 30 * kPercent, {1min, Pace::Unit::kStep}, kWholeShare)),
              ElementsAre("30% at 1m", "60% at 2m", "90% at 3m", "100% at 4m"));
  EXPECT_THAT(stages(linear(kStart, 30 * kPercent, {1min, Pace::Unit::kStep}, 50 * kPercent)), ElementsAre("30% at 1m", "50% at 2m"));
  EXPECT_THAT(stages(linear(kStart, 100 * kPercent, {1min, Pace::Unit::kStep}, 50 * kPercent)), ElementsAre("50% at 1m"));
}

TEST(RolloutKinds, over_ends_to_the_millisecond) {
  const Schedule thirds = linear(kStart, 40 * kPercent, {100ms, Pace::Unit::kWhole}, kWholeShare);
  EXPECT_EQ(thirds.stages, (std::vector<Stage>{{kStart + 33ms, 400'000}, {kStart + 66ms, 800'000}, {kStart + 100ms, 1'000'000}}));
}

TEST(RolloutKinds, the_others_are_a_stage_or_two) {
  EXPECT_EQ(always(7), (Schedule{{{kAlways, 7}}, false}));
  EXPECT_EQ(all_at(kStart), (Schedule{{{kStart, kWholeShare}}, false}));
  const Schedule held = canary(kStart, 10 * kPercent, 20min);
  EXPECT_THAT(stages(held), ElementsAre("10% at 0m", "100% at 20m"));
  EXPECT_EQ(held.share_at(kStart - 1ms), 0U);
  const Schedule ramp = even(kStart, 30min, 50 * kPercent);
  EXPECT_TRUE(ramp.is_ramp);
  EXPECT_EQ(ramp.share_at(kStart), 0U);
  EXPECT_EQ(ramp.share_at(kStart + 15min), 25 * kPercent);
  EXPECT_EQ(ramp.share_at(kStart + 31min), 50 * kPercent);
}

TEST(RolloutKinds, what_cannot_be_is_a_fault_of_the_schedule) {
  EXPECT_STREQ(fault_of(linear(kStart, 1000, {1s, Pace::Unit::kStep}, kWholeShare)), nullptr) << "1,000 stages";
  EXPECT_STREQ(fault_of(linear(kStart, 999, {1s, Pace::Unit::kStep}, kWholeShare)), "it has more than 1,000 stages");
  EXPECT_LE(linear(kStart, 1, {1s, Pace::Unit::kStep}, kWholeShare).stages.size(), 1001U);
  EXPECT_STREQ(fault_of(linear(kStart, 100'000, {8ms, Pace::Unit::kWhole}, kWholeShare)), "its stages are not in the order of their times");
  const char* const kOutOfTime = "the time of a stage is not from 1970 to 9999";
  EXPECT_STREQ(fault_of(canary(kLastMoment, 1, 1ms)), kOutOfTime);
  EXPECT_STREQ(fault_of(even(kLastMoment, 1ms, kWholeShare)), kOutOfTime);
  const std::chrono::milliseconds longest = std::chrono::days(100'000);
  EXPECT_STREQ(fault_of(linear(kLastMoment, 1000, {longest, Pace::Unit::kStep}, kWholeShare)), kOutOfTime);
  EXPECT_STREQ(fault_of(linear(kLastMoment, 1000, {longest, Pace::Unit::kWhole}, kWholeShare)), kOutOfTime);
}

}  // namespace
}  // namespace almanac::model
