// Picks follow the weights, and keys stay where they are but for those that a change is about.
#include <almanac/snapshot.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "random_seed.h"
#include "support/registry_builder.h"

namespace almanac::property {
namespace {

using Weights = std::map<std::string, std::uint16_t>;  // of endpoints, by their uris

class Weighted {
 public:
  explicit Weighted(const Weights& weights) : bytes_(support::snapshot_of({{"prod", {built(weights)}}})) {}
  [[nodiscard]] Service get() const { return snapshot_.in("prod").find("service").value(); }

 private:
  static support::ServiceBuilder built(const Weights& weights) {
    support::ServiceBuilder builder("service");
    for (const auto& [uri, weight] : weights) builder.endpoint(support::endpoint(uri).weight(weight));
    return builder;
  }
  std::vector<std::byte> bytes_;
  Snapshot snapshot_ = Snapshot::from_bytes(bytes_, "x");
};

std::uint64_t total_of(const Weights& weights) {
  std::uint64_t total = 0;
  for (const auto& [uri, weight] : weights) total += weight;
  return total;
}

// A few endpoints with weights of every size, one of them drained.
Weights random_weights(std::mt19937_64& random) {
  Weights weights = {{"u:drained", 0}};
  const std::size_t count = 2 + random() % 12;
  const std::uint64_t most = std::uint64_t{10} << (random() % 12);
  while (weights.size() < count + 1)
    weights["https://host-" + std::to_string(random()) + "/"] = static_cast<std::uint16_t>(1 + random() % most);
  return weights;
}

// A sum of squares that chance alone exceeds once in about 10^9 (six standard deviations): Wilson and Hilferty's approximation.
double chi_squared_limit(std::size_t degrees) {
  const double spread = 2.0 / (9.0 * static_cast<double>(degrees));
  return static_cast<double>(degrees) * std::pow(1 - spread + 6 * std::sqrt(spread), 3);
}

// What pick() takes is decided by the clock as well, so the printed seed brings its weights back and not its picks. The rest has the seed alone.
void expect_shares(const Weights& weights, const std::function<std::string(int)>& pick) {
  constexpr int kPicks = 100'000;
  std::map<std::string, int> counts;
  for (int i = 0; i < kPicks; ++i) ++counts[pick(i)];
  EXPECT_EQ(counts["u:drained"], 0);
  double chi_squared = 0;
  for (const auto& [uri, weight] : weights) {
    if (weight == 0) continue;
    const double expected = kPicks * static_cast<double>(weight) / static_cast<double>(total_of(weights));
    chi_squared += std::pow(counts[uri] - expected, 2) / expected;
  }
  EXPECT_LT(chi_squared, chi_squared_limit(weights.size() - 2));
}

TEST(PickProperty, picks_follow_the_weights) {
  std::mt19937_64 random(random_seed());
  for (int round = 0; round < 5; ++round) {
    const Weights weights = random_weights(random);
    const Weighted one(weights);
    const std::uint64_t bits = random();
    const std::string key = std::to_string(random()) + '/';
    expect_shares(weights, [&](int) { return std::string(one.get().pick().value().uri()); });
    expect_shares(weights, [&](int i) { return std::string(one.get().pick_with(bits + static_cast<std::uint64_t>(i)).value().uri()); });
    expect_shares(weights, [&](int i) { return std::string(one.get().pick(key + std::to_string(i)).value().uri()); });
    expect_shares(weights, [&](int) { return std::string(one.get().matching({}).pick().value().uri()); });
  }
}

// Whether one pick tells anything of the next: all pairs of successive ones, beside the product of their shares.
void expect_independence(const Weights& weights, const std::function<std::string(int)>& pick) {
  constexpr int kPairs = 50'000;
  std::map<std::pair<std::string, std::string>, int> counts;
  for (int i = 0; i < kPairs; ++i) {
    std::string first = pick(2 * i);
    ++counts[{std::move(first), pick(2 * i + 1)}];
  }
  double chi_squared = 0;
  for (const auto& [first, first_weight] : weights) {
    for (const auto& [second, second_weight] : weights) {
      const double expected = kPairs * static_cast<double>(first_weight) * second_weight / std::pow(total_of(weights), 2);
      chi_squared += std::pow(counts[{first, second}] - expected, 2) / expected;
    }
  }
  EXPECT_LT(chi_squared, chi_squared_limit(weights.size() * weights.size() - 1));
}

// Weights that leave no pair rare. Here too the clock decides on the picks of pick().
TEST(PickProperty, a_pick_tells_nothing_of_the_next) {
  std::mt19937_64 random(random_seed());
  for (const std::size_t count : {2U, 3U, 7U}) {
    Weights weights;
    while (weights.size() < count) weights["u:" + std::to_string(random())] = static_cast<std::uint16_t>(5 + random() % 10);
    const Weighted one(weights);
    const std::uint64_t bits = random();
    expect_independence(weights, [&](int) { return std::string(one.get().pick().value().uri()); });
    expect_independence(weights, [&](int) { return std::string(one.get().matching({}).pick().value().uri()); });
    expect_independence(weights,
                        [&](int i) { return std::string(one.get().pick_with(bits + static_cast<std::uint64_t>(i)).value().uri()); });
  }
}

constexpr int kKeys = 20'000;

// Where each key goes, before and after.
struct Moves {
  Moves(const Weights& before, const Weights& after) {
    const Weighted old_one(before);
    const Weighted new_one(after);
    for (int i = 0; i < kKeys; ++i) {
      const std::string key = "customer-" + std::to_string(i);
      from.emplace_back(old_one.get().pick(key).value().uri());
      to.emplace_back(new_one.get().pick(key).value().uri());
    }
  }
  [[nodiscard]] int moved() const {
    int count = 0;
    for (std::size_t i = 0; i < from.size(); ++i) count += static_cast<int>(from[i] != to[i]);
    return count;
  }
  std::vector<std::string> from;
  std::vector<std::string> to;
};

// Within six standard deviations of that share of all keys.
void expect_about(int count, double share) { EXPECT_NEAR(count, kKeys * share, 6 * std::sqrt(kKeys * share * (1 - share)) + 1); }

TEST(PickProperty, removing_an_endpoint_moves_its_keys_alone) {
  std::mt19937_64 random(random_seed());
  for (int round = 0; round < 5; ++round) {
    const Weights before = random_weights(random);
    Weights after = before;
    const std::string gone = std::next(after.begin(), static_cast<std::ptrdiff_t>(random() % (after.size() - 1)))->first;
    const double share = static_cast<double>(before.at(gone)) / static_cast<double>(total_of(before));
    after.erase(gone);
    const Moves moves(before, after);
    for (std::size_t i = 0; i < moves.from.size(); ++i) EXPECT_EQ(moves.from[i] != moves.to[i], moves.from[i] == gone);
    expect_about(moves.moved(), share);
  }
}

TEST(PickProperty, adding_an_endpoint_moves_keys_to_it_alone) {
  std::mt19937_64 random(random_seed());
  for (int round = 0; round < 5; ++round) {
    const Weights before = random_weights(random);
    Weights after = before;
    const auto weight = static_cast<std::uint16_t>(1 + random() % 1000);
    after["https://new.example/"] = weight;
    const Moves moves(before, after);
    for (std::size_t i = 0; i < moves.from.size(); ++i) EXPECT_EQ(moves.from[i] != moves.to[i], moves.to[i] == "https://new.example/");
    expect_about(moves.moved(), static_cast<double>(weight) / static_cast<double>(total_of(after)));
  }
}

TEST(PickProperty, re_weighting_an_endpoint_moves_keys_one_way) {
  std::mt19937_64 random(random_seed());
  for (int round = 0; round < 5; ++round) {
    const Weights before = random_weights(random);
    Weights after = before;
    auto& [uri, weight] = *after.begin();
    weight = static_cast<std::uint16_t>(weight * 2 + 1);
    const Moves moves(before, after);
    for (std::size_t i = 0; i < moves.from.size(); ++i) EXPECT_TRUE(moves.from[i] == moves.to[i] || moves.to[i] == uri);
    const double gained = static_cast<double>(weight) / static_cast<double>(total_of(after)) -
                          static_cast<double>(before.at(uri)) / static_cast<double>(total_of(before));
    expect_about(moves.moved(), gained);
    EXPECT_EQ(Moves(after, before).moved(), moves.moved());
  }
}

TEST(PickProperty, order_of_the_endpoints_moves_no_key) {
  std::mt19937_64 random(random_seed());
  const Weights weights = random_weights(random);
  const Weighted ascending(weights);
  support::ServiceBuilder descending("service");
  for (auto at = weights.rbegin(); at != weights.rend(); ++at) descending.endpoint(support::endpoint(at->first).weight(at->second));
  const std::vector<std::byte> bytes = support::snapshot_of({{"prod", {descending}}});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  const Service other = snapshot.in("prod").find("service").value();
  for (int i = 0; i < kKeys; ++i) {
    const std::string key = std::to_string(i);
    EXPECT_EQ(ascending.get().pick(key)->uri(), other.pick(key)->uri());
  }
}

}  // namespace
}  // namespace almanac::property
