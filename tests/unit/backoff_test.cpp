#include "backoff.h"

#include <gtest/gtest.h>

#include <set>

namespace almanac::internal {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

void expect_range(std::uint64_t failures, milliseconds max_age, milliseconds least, milliseconds most) {
  const auto width = static_cast<std::uint64_t>((most - least).count());
  EXPECT_EQ(pause_after(failures, max_age, 0), least) << failures;
  EXPECT_EQ(pause_after(failures, max_age, width), most) << failures;
  EXPECT_EQ(pause_after(failures, max_age, width + 1), least) << failures;
  for (int i = 0; i < 100; ++i) {
    const milliseconds pause = pause_after(failures, max_age, random_bits());
    EXPECT_GE(pause, least);
    EXPECT_LE(pause, most);
  }
}

TEST(Backoff, doubles_with_each_failure) {
  expect_range(1, 60s, 30s, 60s);
  expect_range(2, 60s, 60s, 120s);
  expect_range(3, 60s, 120s, 240s);
}

TEST(Backoff, ends_at_five_minutes) {
  expect_range(4, 60s, 150s, 300s);
  expect_range(5, 60s, 150s, 300s);
  expect_range(UINT64_MAX, 60s, 150s, 300s);
  expect_range(UINT64_MAX, 1ms, 150s, 300s);
}

TEST(Backoff, a_longer_max_age_is_not_shortened) {
  expect_range(1, 1h, 30min, 1h);
  expect_range(9, 1h, 30min, 1h);
  expect_range(2, std::chrono::hours(24 * 365 * 100), std::chrono::hours(12 * 365 * 100), std::chrono::hours(24 * 365 * 100));
}

TEST(Backoff, who_always_looks_goes_on_looking) {
  EXPECT_EQ(pause_after(1, 0ms, 12345), 0ms);
  EXPECT_EQ(pause_after(UINT64_MAX, 0ms, 12345), 0ms);
}

TEST(Backoff, draws_differ) {
  std::set<std::uint64_t> draws;
  for (int i = 0; i < 100; ++i) draws.insert(random_bits());
  EXPECT_EQ(draws.size(), 100U);
}

}  // namespace
}  // namespace almanac::internal
