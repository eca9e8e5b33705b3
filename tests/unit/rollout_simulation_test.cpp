// Rollouts as a fleet of 10,000 instances sees them, through Snapshot::choose().
#include <almanac/snapshot.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "property/random_seed.h"
#include "support/crafted_rules.h"
#include "support/fleet.h"
#include "support/schedules.h"

namespace almanac {
namespace {

using namespace std::chrono_literals;
using internal::Moment;
using internal::Schedule;
using support::kOnePoint;
using support::kPercent;
using support::part_of;
using Time = std::chrono::system_clock::time_point;

constexpr Moment kStart = Moment(std::chrono::milliseconds(1'795'165'200'000));  // 2026-11-20T09:00:00Z
constexpr int kInstances = support::kFleetSize;
constexpr double kThreePoints = 0.03;

class Simulation : public testing::Test {
 protected:
  void roll_out(const Schedule& schedule) {
    file_ = support::RuledSnapshot({"prod", "prod-green"}).rule("prod", {}, {{"prod-green", schedule}}).assemble();
  }

  [[nodiscard]] bool has_moved(const Snapshot& snapshot, int instance, Moment now) const {
    return snapshot.choose(fleet_[static_cast<std::size_t>(instance)], {}, Time(now)).namespace_name == "prod-green";
  }

  // At each moment from some minutes before the start on: the share is that of the schedule, and nobody moves back.
  void expect_follows(const Schedule& schedule, std::chrono::minutes until, std::chrono::seconds apart, double within = kOnePoint) {
    roll_out(schedule);
    const Snapshot snapshot = Snapshot::from_bytes(file_, "simulated.almanac");
    std::vector<bool> moved(kInstances);
    for (Moment now = kStart - 6min; now <= kStart + until; now += apart) {
      int count = 0;
      for (int i = 0; i < kInstances; ++i) {
        const bool moves = has_moved(snapshot, i, now);
        ASSERT_TRUE(moves || !moved[static_cast<std::size_t>(i)]) << fleet_[static_cast<std::size_t>(i)].text() << " moved back";
        moved[static_cast<std::size_t>(i)] = moves;
        count += moves ? 1 : 0;
      }
      EXPECT_NEAR(static_cast<double>(count) / kInstances, part_of(schedule.share_at(now)), within)
          << std::chrono::duration_cast<std::chrono::seconds>(now - kStart).count() << " s from the start";
    }
  }

  std::vector<Caller> fleet_ = support::fleet_of(support::kFleetSeed);
  std::vector<std::byte> file_;
};

TEST_F(Simulation, linear_20_percent_every_6_minutes) { expect_follows(support::linear(kStart, 20 * kPercent, 6min), 40min, 90s); }

TEST_F(Simulation, canary_10_percent_for_20_minutes) { expect_follows(support::canary(kStart, 10 * kPercent, 20min), 30min, 90s); }

TEST_F(Simulation, exponential_growth_of_10_percent_over_20_minutes) {
  expect_follows(support::exponential(kStart, 10 * kPercent, 4min), 30min, 90s);
}

TEST_F(Simulation, even_ramp_over_30_minutes) { expect_follows(support::ramp(kStart, 30min), 40min, 67s); }

TEST_F(Simulation, even_ramp_for_another_fleet) {
  fleet_ = support::fleet_of(property::random_seed());
  expect_follows(support::ramp(kStart, 30min), 40min, 67s, kThreePoints);
}

TEST_F(Simulation, always_10_percent) { expect_follows(support::always(10 * kPercent), 10min, 10min); }

TEST_F(Simulation, all_at_a_moment) { expect_follows(support::all_at(kStart), 10min, 5min); }

// Clocks that are some minutes off move each instance's moment by as much, and nothing else: each still moves once.
TEST_F(Simulation, skewed_clocks_move_the_boundary_by_their_skew) {
  const Schedule schedule = support::ramp(kStart, 30min);
  roll_out(schedule);
  const Snapshot snapshot = Snapshot::from_bytes(file_, "simulated.almanac");
  constexpr auto kSkew = 3min;
  std::mt19937_64 random(support::kFleetSeed + 1);
  std::vector<std::chrono::milliseconds> skews;
  for (int i = 0; i < kInstances; ++i) {
    skews.emplace_back(static_cast<std::int64_t>(random() % (2 * std::chrono::milliseconds(kSkew).count() + 1)) -
                       std::chrono::milliseconds(kSkew).count());
  }
  std::vector<bool> moved(kInstances);
  for (Moment now = kStart - 5min; now <= kStart + 35min; now += 97s) {
    int count = 0;
    for (int i = 0; i < kInstances; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const bool moves = has_moved(snapshot, i, now + skews[at]);
      ASSERT_TRUE(moves || !moved[at]);
      ASSERT_TRUE(moves || !has_moved(snapshot, i, now - kSkew));
      ASSERT_TRUE(!moves || has_moved(snapshot, i, now + kSkew));
      moved[at] = moves;
      count += moves ? 1 : 0;
    }
    const double part = static_cast<double>(count) / kInstances;
    EXPECT_GE(part, part_of(schedule.share_at(now - kSkew)) - kOnePoint);
    EXPECT_LE(part, part_of(schedule.share_at(now + kSkew)) + kOnePoint);
  }
}

// A schedule that is published anew, with a larger share or an earlier moment, leaves whoever has moved where he is.
TEST_F(Simulation, a_larger_share_moves_nobody_back) {
  std::vector<bool> moved(kInstances);
  for (const std::uint32_t percent : {1U, 5U, 10U, 50U, 100U}) {
    roll_out(support::always(percent * kPercent));
    const Snapshot snapshot = Snapshot::from_bytes(file_, "simulated.almanac");
    for (int i = 0; i < kInstances; ++i) {
      const bool moves = has_moved(snapshot, i, kStart);
      ASSERT_TRUE(moves || !moved[static_cast<std::size_t>(i)]);
      moved[static_cast<std::size_t>(i)] = moves;
    }
  }
}

// Several rollouts of one rule: each has its share of the fleet, and nobody changes from one to the other.
TEST_F(Simulation, rollouts_of_one_rule_do_not_take_from_each_other) {
  const Schedule to_blue{{{kStart, 5 * kPercent}, {kStart + 20min, 25 * kPercent}}, true};
  const Schedule to_green{{{kStart + 10min, 40 * kPercent}}, false};
  file_ = support::RuledSnapshot({"blue", "green", "prod"}).rule("prod", {}, {{"blue", to_blue}, {"green", to_green}}).assemble();
  const Snapshot snapshot = Snapshot::from_bytes(file_, "simulated.almanac");
  std::vector<std::string_view> before(kInstances, "prod");
  for (Moment now = kStart - 1min; now <= kStart + 30min; now += 2min) {
    int blue = 0;
    int green = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const std::string_view name = snapshot.choose(fleet_[i], {}, Time(now)).namespace_name;
      ASSERT_TRUE(name == before[i] || before[i] == "prod") << before[i] << " to " << name;
      before[i] = name;
      blue += name == "blue" ? 1 : 0;
      green += name == "green" ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(blue) / kInstances, part_of(to_blue.share_at(now)), kOnePoint);
    EXPECT_NEAR(static_cast<double>(green) / kInstances, part_of(to_green.share_at(now)), kOnePoint);
  }
}

}  // namespace
}  // namespace almanac
