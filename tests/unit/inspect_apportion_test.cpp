#include "inspect/apportion.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace almanac::inspect {
namespace {

using Shares = std::vector<std::uint64_t>;

TEST(Apportion, divides_in_proportion_and_gives_the_rest_to_the_largest_remainders) {
  EXPECT_EQ(apportion(100, Shares{1, 1, 2}), (Shares{25, 25, 50}));
  EXPECT_EQ(apportion(10, Shares{1, 1, 1}), (Shares{4, 3, 3}));
  EXPECT_EQ(apportion(10, Shares{5, 6, 7}), (Shares{3, 3, 4}));
  EXPECT_EQ(apportion(7, Shares{0, 3}), (Shares{0, 7}));
}

TEST(Apportion, knows_the_edges) {
  EXPECT_EQ(apportion(10, Shares{}), Shares{});
  EXPECT_EQ(apportion(0, Shares{1, 2}), (Shares{0, 0}));
  EXPECT_EQ(apportion(5, Shares{0, 0}), (Shares{3, 2}));
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(apportion(kMost, Shares{kMost, 0, kMost}), (Shares{kMost / 2 + 1, 0, kMost / 2}));
}

TEST(Apportion, always_sums_to_the_total_within_one_of_the_exact_share) {
  constexpr unsigned kSeed = 20261120;
  SCOPED_TRACE(testing::Message() << "seed " << kSeed);
  std::mt19937_64 random(kSeed);
  for (int round = 0; round < 500; ++round) {
    Shares weights(1 + random() % 40);
    for (std::uint64_t& weight : weights) weight = random() % 1000;
    const std::uint64_t total = random() % 1'000'000;
    const Shares shares = apportion(total, weights);
    ASSERT_EQ(std::accumulate(shares.begin(), shares.end(), std::uint64_t{0}), total);
    const std::uint64_t sum = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
    for (std::size_t i = 0; sum > 0 && i < weights.size(); ++i) {
      const std::uint64_t floor = total * weights[i] / sum;
      ASSERT_TRUE(shares[i] == floor || shares[i] == floor + 1);
    }
  }
}

}  // namespace
}  // namespace almanac::inspect
