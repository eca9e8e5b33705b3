#include "inspect/quantity.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>

namespace almanac::inspect {
namespace {

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

TEST(Quantity, separates_thousands) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1000), "1,000");
  EXPECT_EQ(with_thousands(123456), "123,456");
  EXPECT_EQ(with_thousands(kMost), "18,446,744,073,709,551,615");
}

TEST(Quantity, shows_sizes_in_powers_of_1024) {
  EXPECT_EQ(human_size(0), "0 B");
  EXPECT_EQ(human_size(1023), "1023 B");
  EXPECT_EQ(human_size(1024), "1.0 KiB");
  EXPECT_EQ(human_size(1536), "1.5 KiB");
  EXPECT_EQ(human_size((1U << 20U) - 1), "1.0 MiB");  // never 1,024.0 KiB
  EXPECT_EQ(human_size(100U << 20U), "100.0 MiB");
  EXPECT_EQ(human_size(kMost), "16.0 EiB");
}

TEST(Quantity, rounds_ratios_to_a_tenth) {
  EXPECT_EQ(ratio(10, 4), "2.5");
  EXPECT_EQ(ratio(2, 3), "0.7");
  EXPECT_EQ(ratio(299, 100), "3.0");
  EXPECT_EQ(ratio(kMost, 1), "18,446,744,073,709,551,615.0");
  EXPECT_EQ(ratio(5, 0), "-");
}

TEST(Quantity, tells_shares_exactly) {
  EXPECT_EQ(percent_of_millionths(0), "0 %");
  EXPECT_EQ(percent_of_millionths(1), "0.0001 %");
  EXPECT_EQ(percent_of_millionths(5'000), "0.5 %");
  EXPECT_EQ(percent_of_millionths(100'000), "10 %");
  EXPECT_EQ(percent_of_millionths(123'456), "12.3456 %");
  EXPECT_EQ(percent_of_millionths(1'000'000), "100 %");
}

TEST(Quantity, counts_in_words) {
  EXPECT_EQ(counted(0, "service"), "0 services");
  EXPECT_EQ(counted(1, "service"), "1 service");
  EXPECT_EQ(counted(2000, "endpoint"), "2,000 endpoints");
}

TEST(Quantity, writes_times_in_utc) {
  using std::chrono::seconds;
  using Clock = std::chrono::system_clock;
  EXPECT_EQ(rfc3339(Clock::time_point(seconds(0))), "1970-01-01T00:00:00Z");
  EXPECT_EQ(rfc3339(Clock::time_point(seconds(951782400))), "2000-02-29T00:00:00Z");
  EXPECT_EQ(rfc3339(Clock::time_point(seconds(1795197789)) + std::chrono::milliseconds(999)), "2026-11-20T18:03:09Z");
  EXPECT_EQ(rfc3339(Clock::time_point(seconds(-1))), "1969-12-31T23:59:59Z");
}

TEST(Quantity, writes_milliseconds_where_there_are_some) {
  using std::chrono::milliseconds;
  using Milliseconds = std::chrono::sys_time<milliseconds>;
  EXPECT_EQ(rfc3339(Milliseconds(milliseconds(1'795'197'789'000))), "2026-11-20T18:03:09Z");
  EXPECT_EQ(rfc3339(Milliseconds(milliseconds(1'795'197'789'050))), "2026-11-20T18:03:09.050Z");
  EXPECT_EQ(rfc3339(Milliseconds(milliseconds(253'402'300'799'999))), "9999-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace almanac::inspect
