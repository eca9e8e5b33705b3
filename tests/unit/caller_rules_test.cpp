#include "caller_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/schedules.h"

namespace almanac::internal {
namespace {

using namespace std::chrono_literals;
using support::kPercent;

using support::kStart;

Caller checkout() { return Caller::parse("function=checkout,region=us-east-1,instance=i-0123456789abcdef0,version=42", "a test"); }

CallerRule rule_when(std::vector<Condition> conditions) {
  CallerRule rule;
  rule.conditions = std::move(conditions);
  return rule;
}

TEST(Condition, matches_a_property_that_one_of_its_patterns_matches) {
  EXPECT_TRUE((Condition{"function", {"checkout"}}.matches(checkout())));
  EXPECT_TRUE((Condition{"function", {"pay-*", "check*"}}.matches(checkout())));
  EXPECT_FALSE((Condition{"function", {"pay-*", "Checkout"}}.matches(checkout())));
}

// A property that is not known is none that `*` could stand for.
TEST(Condition, of_an_absent_property_does_not_match) {
  EXPECT_FALSE((Condition{"role", {"*"}}.matches(checkout())));
  EXPECT_FALSE((Condition{"Function", {"*"}}.matches(checkout())));
}

TEST(CallerRule, matches_when_all_its_conditions_do) {
  const CallerRule both = rule_when({{"function", {"checkout"}}, {"region", {"us-*"}}});
  EXPECT_EQ(both.first_mismatch(checkout()), nullptr);
  const CallerRule second = rule_when({{"function", {"checkout"}}, {"region", {"eu-*"}}, {"role", {"*"}}});
  EXPECT_EQ(second.first_mismatch(checkout()), &second.conditions[1]);
  EXPECT_EQ(rule_when({}).first_mismatch(Caller()), nullptr);
}

TEST(CallerRule, first_that_matches_counts) {
  const std::vector<CallerRule> rules = {rule_when({{"function", {"pay"}}}), rule_when({{"region", {"us-*"}}}),
                                         rule_when({{"function", {"checkout"}}})};
  EXPECT_EQ(rule_for(rules, checkout()), &rules[1]);
  EXPECT_EQ(rule_for(rules, Caller()), nullptr);
  EXPECT_EQ(rule_for({}, checkout()), nullptr);
}

TEST(Identity, is_the_instance_the_key_or_all_that_the_caller_is) {
  using namespace std::string_literals;
  EXPECT_EQ(identity_of(RolloutBy::kInstance, checkout(), "k"), "i-0123456789abcdef0");
  EXPECT_EQ(identity_of(RolloutBy::kKey, checkout(), "customer-42"), "customer-42");
  EXPECT_EQ(identity_of(RolloutBy::kCaller, checkout(), "k"), "function\0checkout\0region\0us-east-1\0"s);
  EXPECT_EQ(identity_of(RolloutBy::kInstance, Caller(), "k"), "");
  EXPECT_EQ(identity_of(RolloutBy::kKey, checkout(), ""), "");
  EXPECT_EQ(identity_of(RolloutBy::kCaller, Caller::parse("instance=i,version=1", "a test"), "k"), "");
}

TEST(Identity, names_of_what_a_rollout_goes_by) {
  EXPECT_EQ(to_string(RolloutBy::kInstance), "instance");
  EXPECT_EQ(to_string(RolloutBy::kCaller), "caller");
  EXPECT_EQ(to_string(RolloutBy::kKey), "key");
}

// Every reader must agree on it: XXH3-64 of "prod", a NUL, "prod-green".
TEST(Seed, of_known_namespaces) {
  EXPECT_EQ(seed_of("prod", "prod-green"), 0x88BE9A4211014612U);
  EXPECT_NE(seed_of("prod-green", "prod"), seed_of("prod", "prod-green"));
}

// The buckets of checkout() with this seed: 222,317 by instance, 348,400 by caller.
CallerRule two_rollouts(RolloutBy by) {
  CallerRule rule;
  rule.by = by;
  rule.seed = seed_of("prod", "prod-green");
  rule.rollouts.push_back({1, 0, support::linear(kStart, 10 * kPercent, 1min)});
  rule.rollouts.front().schedule.stages.resize(3);  // up to 30 %
  rule.rollouts.push_back({2, 300'000, support::always(10 * kPercent)});
  return rule;
}

TEST(Move, is_in_the_rollout_whose_bucket_the_caller_has) {
  const CallerRule by_instance = two_rollouts(RolloutBy::kInstance);
  const Move first = move_of(by_instance, checkout(), "");
  EXPECT_EQ(first.bucket, 222'317U);
  EXPECT_EQ(first.rollout, &by_instance.rollouts[0]);
  EXPECT_EQ(first.moment, kStart + 3min);
  EXPECT_FALSE(first.has_happened(kStart + 3min - 1ms));
  EXPECT_TRUE(first.has_happened(kStart + 3min));

  const CallerRule by_caller = two_rollouts(RolloutBy::kCaller);
  const Move second = move_of(by_caller, checkout(), "");
  EXPECT_EQ(second.bucket, 348'400U);
  EXPECT_EQ(second.rollout, &by_caller.rollouts[1]);
  EXPECT_TRUE(second.has_happened(kAlways));
}

TEST(Move, of_a_bucket_that_no_rollout_has_never_happens) {
  const CallerRule rule = two_rollouts(RolloutBy::kKey);
  ASSERT_GE(bucket_of("customer-2", rule.seed), 400'000U);
  const Move move = move_of(rule, checkout(), "customer-2");
  EXPECT_EQ(move.bucket, bucket_of("customer-2", rule.seed));
  EXPECT_EQ(move.rollout, nullptr);
  EXPECT_FALSE(move.has_happened(Moment::max()));
}

TEST(Move, without_an_identity_or_a_rollout_never_happens) {
  for (const Move& move : {move_of(two_rollouts(RolloutBy::kKey), checkout(), ""),
                           move_of(two_rollouts(RolloutBy::kInstance), Caller(), "k"), move_of(CallerRule(), checkout(), "k")}) {
    EXPECT_EQ(move.bucket, std::nullopt);
    EXPECT_EQ(move.rollout, nullptr);
    EXPECT_FALSE(move.has_happened(Moment::max()));
  }
}

// The edges of a rollout's buckets, by keys that have been searched for.
TEST(Move, buckets_of_a_rollout_begin_where_those_before_it_end) {
  const CallerRule rule = two_rollouts(RolloutBy::kKey);
  std::vector<int> of_rollout(3);
  for (int i = 0; i < 20'000; ++i) {
    const std::string key = "customer-" + std::to_string(i);
    const std::uint32_t bucket = bucket_of(key, rule.seed);
    const Move move = move_of(rule, Caller(), key);
    const CallerRollout* expected = bucket < 300'000 ? &rule.rollouts[0] : bucket < 400'000 ? &rule.rollouts[1] : nullptr;
    ASSERT_EQ(move.rollout, expected) << key;
    ++of_rollout[expected == nullptr ? 2U : static_cast<std::size_t>(expected - rule.rollouts.data())];
  }
  for (const int count : of_rollout) EXPECT_GT(count, 1000);
}

}  // namespace
}  // namespace almanac::internal
