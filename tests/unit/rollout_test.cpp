#include "rollout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "property/random_seed.h"
#include "support/schedules.h"

namespace almanac::internal {
namespace {

using namespace std::chrono_literals;
using support::kPercent;

using support::kStart;

// The share at so many minutes from the start, in percent.
using Timeline = std::vector<std::pair<std::chrono::minutes, std::uint32_t>>;

void expect_timeline(const Schedule& schedule, const Timeline& timeline) {
  EXPECT_EQ(fault_of(schedule), nullptr);
  for (const auto& [passed, percent] : timeline) {
    EXPECT_EQ(schedule.share_at(kStart + passed), percent * kPercent) << passed.count() << " minutes";
  }
}

// "Working with deployment strategies" of the AWS AppConfig user guide: 20 % linear growth over ten hours.
TEST(Schedule, linear_has_the_timeline_of_appconfigs_user_guide) {
  expect_timeline(support::linear(kStart, 20 * kPercent, 2h), {{0h, 0}, {2h, 20}, {4h, 40}, {6h, 60}, {8h, 80}, {10h, 100}});
}

// "Using predefined deployment strategies": 20 % every six minutes, 30 minutes in all.
TEST(Schedule, linear_20_percent_every_6_minutes_takes_30_minutes) {
  const Schedule schedule = support::linear(kStart, 20 * kPercent, 6min);
  EXPECT_EQ(schedule.stages, (std::vector<Stage>{{kStart + 6min, 200'000},
                                                 {kStart + 12min, 400'000},
                                                 {kStart + 18min, 600'000},
                                                 {kStart + 24min, 800'000},
                                                 {kStart + 30min, 1'000'000}}));
  expect_timeline(schedule,
                  {{-1min, 0}, {0min, 0}, {5min, 0}, {6min, 20}, {11min, 20}, {12min, 40}, {29min, 80}, {30min, 100}, {24h, 100}});
}

// G * 2^N, and for Canary10Percent20Minutes G is 10 % over 20 minutes.
TEST(Schedule, exponential_growth_of_10_percent_in_20_minutes_doubles_every_4) {
  expect_timeline(support::exponential(kStart, 10 * kPercent, 4min),
                  {{0min, 0}, {4min, 10}, {8min, 20}, {12min, 40}, {16min, 80}, {19min, 80}, {20min, 100}});
}

TEST(Schedule, exponential_growth_of_2_percent_is_that_of_appconfigs_user_guide) {
  expect_timeline(support::exponential(kStart, 2 * kPercent, 1min),
                  {{0min, 0}, {1min, 2}, {2min, 4}, {3min, 8}, {4min, 16}, {5min, 32}, {6min, 64}, {7min, 100}});
}

TEST(Schedule, canary_of_10_percent_for_20_minutes) {
  expect_timeline(support::canary(kStart, 10 * kPercent, 20min), {{-1min, 0}, {0min, 10}, {19min, 10}, {20min, 100}});
}

TEST(Schedule, ramp_grows_evenly_and_cuts_off_what_is_less_than_a_millionth) {
  const Schedule schedule = support::ramp(kStart, 30min);
  expect_timeline(schedule, {{-1min, 0}, {0min, 0}, {3min, 10}, {15min, 50}, {27min, 90}, {30min, 100}, {24h, 100}});
  EXPECT_EQ(schedule.share_at(kStart + 1ms), 0U);
  EXPECT_EQ(schedule.share_at(kStart + 2ms), 1U);  // 1.11 millionths
  EXPECT_EQ(schedule.share_at(kStart + 30min - 1ms), 999'999U);
}

// A ramp that begins at a share of its own jumps there, rests where two stages have one share, and stays at the last one.
TEST(Schedule, ramp_of_several_stages) {
  const Schedule schedule{
      {{kStart, 5 * kPercent}, {kStart + 10min, 25 * kPercent}, {kStart + 20min, 25 * kPercent}, {kStart + 30min, 50 * kPercent}}, true};
  expect_timeline(schedule,
                  {{-1min, 0}, {0min, 5}, {5min, 15}, {10min, 25}, {15min, 25}, {20min, 25}, {24min, 35}, {30min, 50}, {99h, 50}});
  EXPECT_EQ(schedule.final_share(), 500'000U);
  EXPECT_EQ(schedule.moment_of(0), kStart);
  EXPECT_EQ(schedule.moment_of(49'999), kStart);
  EXPECT_EQ(schedule.moment_of(50'000), kStart + 3ms);  // one millionth is 3 milliseconds
  EXPECT_EQ(schedule.moment_of(249'999), kStart + 10min);
  EXPECT_EQ(schedule.moment_of(250'000), kStart + 20min + 3ms);  // 2.4
  EXPECT_EQ(schedule.moment_of(499'999), kStart + 30min);
  EXPECT_EQ(schedule.moment_of(500'000), std::nullopt);
}

TEST(Schedule, stage_at_1970_has_always_begun) {
  const Schedule schedule = support::always(10 * kPercent);
  EXPECT_EQ(schedule.share_at(kAlways), 100'000U);
  EXPECT_EQ(schedule.share_at(moment_of(std::chrono::system_clock::time_point::min())), 100'000U);
  EXPECT_EQ(schedule.moment_of(99'999), kAlways);
  EXPECT_EQ(schedule.moment_of(100'000), std::nullopt);
}

TEST(Schedule, numbers_at_their_limits_do_not_overflow) {
  const Schedule schedule{{{kAlways, 0}, {kLastMoment, kWholeShare}}, true};
  EXPECT_EQ(fault_of(schedule), nullptr);
  EXPECT_EQ(schedule.share_at(kAlways), 0U);
  EXPECT_EQ(schedule.share_at(kLastMoment - 1ms), 999'999U);
  EXPECT_EQ(schedule.share_at(kLastMoment), kWholeShare);
  EXPECT_EQ(schedule.moment_of(kWholeShare - 1), kLastMoment);
  EXPECT_EQ(schedule.share_at(Moment::max()), kWholeShare);
}

Schedule random_schedule(std::mt19937_64& random) {
  Schedule schedule{{}, random() % 2 == 0};
  Moment at = random() % 4 == 0 ? kAlways : kStart;
  std::uint32_t share = 0;
  for (std::size_t left = 1 + random() % 6; left > 0; --left) {
    if (random() % 3 != 0) share += static_cast<std::uint32_t>(random() % (kWholeShare - share + 1));
    schedule.stages.push_back({at, share});
    at += std::chrono::milliseconds(1 + random() % 2'000'000);
  }
  return schedule;
}

// The moment of a bucket is what the share says, whichever is asked: nobody is between the two.
TEST(Schedule, moment_of_a_bucket_is_the_first_at_which_the_share_is_above_it) {
  std::mt19937_64 random(property::random_seed());
  for (int i = 0; i < 2000; ++i) {
    const Schedule schedule = random_schedule(random);
    ASSERT_EQ(fault_of(schedule), nullptr);
    for (int j = 0; j < 20; ++j) {
      const auto bucket = static_cast<std::uint32_t>(random() % kWholeShare);
      const std::optional<Moment> moment = schedule.moment_of(bucket);
      ASSERT_EQ(moment.has_value(), bucket < schedule.final_share());
      if (!moment) continue;
      ASSERT_GT(schedule.share_at(*moment), bucket);
      if (*moment > kAlways) {
        ASSERT_LE(schedule.share_at(*moment - 1ms), bucket);
      }
    }
  }
}

TEST(Schedule, share_never_falls) {
  std::mt19937_64 random(property::random_seed());
  for (int i = 0; i < 200; ++i) {
    const Schedule schedule = random_schedule(random);
    std::uint32_t before = 0;
    for (Moment now = kStart - 1h; now < kStart + 4h; now += std::chrono::milliseconds(1 + random() % 120'000)) {
      const std::uint32_t share = schedule.share_at(now);
      ASSERT_GE(share, before);
      ASSERT_LE(share, schedule.final_share());
      before = share;
    }
  }
}

TEST(Schedule, fault_is_named) {
  const auto fault = [](std::vector<Stage> stages) {
    const char* text = fault_of({std::move(stages), false});
    return std::string(text == nullptr ? "none" : text);
  };
  EXPECT_EQ(fault({{kAlways, 0}, {kLastMoment, kWholeShare}}), "none");
  EXPECT_EQ(fault({{kStart, 5}, {kStart + 1ms, 5}}), "none");
  EXPECT_EQ(fault({}), "it has no stages");
  std::vector<Stage> most;
  for (int i = 0; i < 1000; ++i) most.push_back({kStart + std::chrono::milliseconds(i), 1});
  EXPECT_EQ(fault(most), "none");
  most.push_back({kStart + 1h, 1});
  EXPECT_EQ(fault(most), "it has more than 1,000 stages");
  EXPECT_EQ(fault({{kAlways - 1ms, 1}}), "the time of a stage is not from 1970 to 9999");
  EXPECT_EQ(fault({{kLastMoment + 1ms, 1}}), "the time of a stage is not from 1970 to 9999");
  EXPECT_EQ(fault({{kStart, kWholeShare + 1}}), "the share of a stage is above 1,000,000");
  EXPECT_EQ(fault({{kStart, 1}, {kStart, 2}}), "its stages are not in the order of their times");
  EXPECT_EQ(fault({{kStart, 1}, {kStart - 1ms, 2}}), "its stages are not in the order of their times");
  EXPECT_EQ(fault({{kStart, 2}, {kStart + 1ms, 1}}), "its share falls, and who has moved does not move back");
}

// Every reader must agree on these, in any language: XXH3-64 of the identity, spread over a million.
TEST(Bucket, of_known_identities) {
  EXPECT_EQ(bucket_of("i-0123456789abcdef0", 0), 87'607U);
  EXPECT_EQ(bucket_of("2026/11/20/[$LATEST]f77ff5e4026c45bda9a9ebcec6bc9cad", 1), 146'813U);
  EXPECT_EQ(bucket_of("customer-42", 7), 643'414U);
  EXPECT_EQ(bucket_of("a", std::numeric_limits<std::uint64_t>::max()), 264'280U);
  EXPECT_EQ(bucket_of("Zo\xC3\xAB", 3), 860'424U);
}

// Chi-squared over 100 cells: with 99 degrees of freedom it is above 200 or below 40 less than once in ten million times.
TEST(Bucket, are_spread_evenly_whatever_the_identities_look_like) {
  constexpr int kIdentities = 100'000;
  constexpr std::size_t kCells = 100;
  std::mt19937_64 random(property::random_seed());
  for (const std::string prefix : {"", "i-", "2026/11/20/[$LATEST]", "customer-"}) {
    const std::uint64_t seed = random();
    const std::uint64_t first = random() % 1'000'000;
    std::array<int, kCells> cells{};
    for (int i = 0; i < kIdentities; ++i) {
      const std::uint32_t bucket = bucket_of(prefix + std::to_string(first + static_cast<std::uint64_t>(i)), seed);
      ASSERT_LT(bucket, kWholeShare);
      ++cells[bucket / (kWholeShare / kCells)];
    }
    constexpr double kExpected = static_cast<double>(kIdentities) / kCells;
    double chi_squared = 0;
    for (const int count : cells) chi_squared += (count - kExpected) * (count - kExpected) / kExpected;
    EXPECT_LT(chi_squared, 200) << '"' << prefix << '"';
    EXPECT_GT(chi_squared, 40) << '"' << prefix << '"';
  }
}

TEST(Moment, is_a_whole_millisecond_that_has_begun) {
  const auto at = [](std::chrono::nanoseconds since) { return moment_of(std::chrono::system_clock::time_point(since)).time_since_epoch(); };
  EXPECT_EQ(at(1'999'999ns), 1ms);
  EXPECT_EQ(at(2'000'000ns), 2ms);
  EXPECT_EQ(at(-1ns), 0ms);
  EXPECT_EQ(at(-24h), 0ms);
}

TEST(Moment, beyond_what_a_clock_can_say_is_its_end) {
  EXPECT_EQ(time_of(kStart), std::chrono::system_clock::time_point(kStart));
  EXPECT_EQ(time_of(std::nullopt), std::chrono::system_clock::time_point::max());
  EXPECT_EQ(time_of(kLastMoment), std::chrono::system_clock::time_point::max());
}

}  // namespace
}  // namespace almanac::internal
