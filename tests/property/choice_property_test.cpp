// What holds of all rules and rollouts, for every caller: the first rule that matches counts, and nobody moves more than once.
#include <almanac/snapshot.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "damage/whole_use.h"
#include "property/random_registry.h"
#include "property/random_seed.h"
#include "support/crafted_rules.h"
#include "support/schedules.h"

namespace almanac {
namespace {

using internal::Moment;
using internal::RolloutBy;
using internal::Schedule;
using property::below;
using property::Random;
using support::kStart;
using Time = std::chrono::system_clock::time_point;

const std::vector<std::string> kNamespaces = {"blue", "green", "prod", "prod/eu"};

// With no wildcards, so that a test can tell by itself what matches.
struct RandomRule {
  std::string name_space;
  std::vector<support::CraftedCondition> conditions;

  [[nodiscard]] bool matches(const Caller& caller) const {
    return std::ranges::all_of(conditions, [&caller](const support::CraftedCondition& condition) {
      return std::ranges::find(condition.patterns, caller.get(condition.property)) != condition.patterns.end();
    });
  }
};

std::string random_word(Random& random) { return std::string(1, static_cast<char>('a' + below(random, 3))); }

RandomRule random_rule(Random& random) {
  RandomRule rule{kNamespaces[below(random, kNamespaces.size())], {}};
  for (const char* property : {"function", "region"}) {
    const std::set<std::string> patterns = {random_word(random), random_word(random)};
    if (below(random, 2) == 0) rule.conditions.push_back({property, {patterns.begin(), patterns.end()}});
  }
  return rule;
}

Schedule random_schedule(Random& random, std::uint32_t most) {
  Schedule schedule{{}, below(random, 2) == 0};
  Moment at = kStart;
  std::uint32_t share = 0;
  for (std::size_t left = 1 + below(random, 5); left > 0; --left) {
    share += static_cast<std::uint32_t>(below(random, most - share + 1));
    schedule.stages.push_back({at, share});
    at += std::chrono::milliseconds(1 + below(random, 1'000'000));
  }
  return schedule;
}

std::vector<support::CraftedRollout> random_rollouts(Random& random, const std::string& from) {
  std::vector<support::CraftedRollout> rollouts;
  std::uint32_t left = kWholeShare;
  for (std::size_t count = below(random, 4); count > 0; --count) {
    const std::string& to = kNamespaces[below(random, kNamespaces.size())];
    if (to == from) continue;
    rollouts.push_back({to, random_schedule(random, left)});
    left -= rollouts.back().schedule.final_share();
  }
  return rollouts;
}

Caller random_caller(Random& random) {
  Caller caller;
  for (const char* property : {"function", "region", "instance", "tag.x"}) {
    if (below(random, 5) != 0) caller.set(property, random_word(random) + (property[0] == 'i' ? std::to_string(random()) : ""));
  }
  return caller;
}

// From the start on: the rule's own namespace, and from some moment on that of one rollout.
void expect_one_move(const Snapshot& snapshot, const Caller& caller, const std::string& key) {
  const Choice first = snapshot.choose(caller, key, Time(kStart - std::chrono::hours(1)));
  const Time moves = first.rollout ? first.rollout->moves : Time::max();
  for (Moment now = kStart - std::chrono::milliseconds(1); now < kStart + std::chrono::hours(2); now += std::chrono::minutes(7)) {
    const Choice choice = snapshot.choose(caller, key, Time(now));
    ASSERT_EQ(choice.rule, first.rule);
    ASSERT_EQ(choice.base, first.base);
    ASSERT_EQ(choice.going_to, first.going_to);
    ASSERT_EQ(choice.namespace_name, Time(now) >= moves ? choice.going_to : choice.base);
    if (choice.rollout) {
      ASSERT_EQ(choice.rollout->moves, moves);
    }
  }
}

TEST(ChoiceProperty, FirstRuleThatMatchesMovesACallerAtMostOnce) {
  Random random(property::random_seed());
  int moving = 0;
  for (int i = 0; i < 100; ++i) {
    support::RuledSnapshot crafted(kNamespaces);
    std::vector<RandomRule> rules;
    for (std::size_t count = 1 + below(random, 6); count > 0; --count) {
      const RandomRule& rule = rules.emplace_back(random_rule(random));
      crafted.rule(rule.name_space, rule.conditions, random_rollouts(random, rule.name_space),
                   static_cast<RolloutBy>(1 + below(random, 3)));
    }
    const std::vector<std::byte> file = crafted.assemble();
    const Snapshot snapshot = Snapshot::from_bytes(file, "random.almanac");
    damage::choose(snapshot);
    for (int j = 0; j < 50; ++j) {
      const Caller caller = random_caller(random);
      const std::string key = std::to_string(random());
      const auto expected = std::ranges::find_if(rules, [&caller](const RandomRule& rule) { return rule.matches(caller); });
      if (expected == rules.end()) {
        EXPECT_THROW((void)snapshot.choose(caller, key), Error);
        continue;
      }
      EXPECT_EQ(snapshot.choose(caller, key).rule, static_cast<std::size_t>(expected - rules.begin()) + 1) << caller.text();
      moving += snapshot.choose(caller, key).going_to.empty() ? 0 : 1;
      expect_one_move(snapshot, caller, key);
      if (testing::Test::HasFatalFailure()) return;
    }
  }
  EXPECT_GT(moving, 300);
}

}  // namespace
}  // namespace almanac
