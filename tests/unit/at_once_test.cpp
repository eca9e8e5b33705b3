#include "registrations/at_once.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace almanac::registrations {
namespace {

TEST(AtOnceTest, does_each_thing_once) {
  for (const std::size_t count : {0U, 1U, 5U, 500U}) {
    std::vector<std::atomic<int>> done(count);
    progress::Progress silent;
    at_once(count, kConcurrency, silent, [&](std::size_t i) { ++done[i]; });
    for (const std::atomic<int>& times : done) EXPECT_EQ(times, 1);
  }
}

TEST(AtOnceTest, begins_nothing_more_after_a_failure) {
  std::atomic<int> begun = 0;
  progress::Progress silent;
  const auto fail = [&](std::size_t) {
    ++begun;
    throw std::runtime_error("no");
  };
  EXPECT_THROW(at_once(1000, 4, silent, fail), std::runtime_error);
  EXPECT_LE(begun, 4);
}

}  // namespace
}  // namespace almanac::registrations
