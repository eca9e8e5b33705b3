// What the rules of a snapshot give a caller, through Snapshot::choose().
#include "choice.h"

#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/crafted_rules.h"
#include "support/error_matchers.h"
#include "support/schedules.h"

namespace almanac {
namespace {

using namespace std::chrono_literals;
using internal::Moment;
using internal::RolloutBy;
using support::error_from;
using support::IsError;
using support::kNowhere;
using support::kPercent;
using support::kStart;
using support::RuledSnapshot;
using testing::EndsWith;
using Time = std::chrono::system_clock::time_point;

const std::string kObject = "x.almanac";

class ChoiceTest : public testing::Test {
 protected:
  void take(const RuledSnapshot& snapshot) { file_ = snapshot.assemble(); }
  [[nodiscard]] Snapshot snapshot() const { return Snapshot::from_bytes(file_, kObject); }
  [[nodiscard]] Choice choose(const Caller& caller, std::string_view key = {}, Moment now = kStart) const {
    return opened_.emplace_back(snapshot()).choose(caller, key, Time(now));
  }
  [[nodiscard]] std::string refusal(const Caller& caller) const {
    const Error error = error_from([&] { (void)choose(caller); });
    EXPECT_THAT(error, IsError(ErrorCode::kNotFound, kObject, kNowhere, ""));
    return std::string(error.what()).substr(kObject.size() + 2);
  }

 private:
  std::vector<std::byte> file_;
  mutable std::vector<Snapshot> opened_;  // from which choices borrow
};

TEST_F(ChoiceTest, is_the_namespace_of_the_first_rule_that_matches) {
  take(RuledSnapshot({"dev", "prod", "test"})
           .rule("test", {{"tag.stage", {"test"}}})
           .rule("prod", {{"function", {"checkout"}}})
           .rule("dev", {}));
  EXPECT_EQ(snapshot().caller_rule_count(), 3U);
  const Choice choice = choose(Caller().set("function", "checkout"));
  EXPECT_EQ(choice.namespace_name, "prod");
  EXPECT_EQ(choice.base, "prod");
  EXPECT_EQ(choice.rule, 2U);
  EXPECT_EQ(choice.going_to, "");
  EXPECT_FALSE(choice.rollout.has_value());
  EXPECT_EQ(choose(Caller().set("function", "checkout").set("tag.stage", "test")).rule, 1U);
  EXPECT_EQ(choose(Caller()).namespace_name, "dev");
}

// With the seed of these two namespaces the instance has bucket 222,317.
TEST_F(ChoiceTest, moves_with_the_rollout_that_the_caller_is_in) {
  take(RuledSnapshot({"prod", "prod-green"}).rule("prod", {}, {{"prod-green", support::linear(kStart, 20 * kPercent, 6min)}}));
  const Caller caller = Caller().set("instance", "i-0123456789abcdef0");
  const Choice before = choose(caller, {}, kStart + 12min - 1ms);
  EXPECT_EQ(before.namespace_name, "prod");
  EXPECT_EQ(before.base, "prod");
  EXPECT_EQ(before.going_to, "prod-green");
  ASSERT_TRUE(before.rollout.has_value());
  EXPECT_EQ(before.rollout->bucket, 222'317U);
  EXPECT_EQ(before.rollout->share, 200'000U);
  EXPECT_FALSE(before.rollout->moved);
  EXPECT_EQ(before.rollout->moves, Time(kStart + 12min));

  const Choice after = choose(caller, {}, kStart + 12min);
  EXPECT_EQ(after.namespace_name, "prod-green");
  EXPECT_EQ(after.base, "prod");
  EXPECT_EQ(after.rollout->share, 400'000U);
  EXPECT_TRUE(after.rollout->moved);
  EXPECT_EQ(after.rollout->moves, Time(kStart + 12min));
}

TEST_F(ChoiceTest, without_an_identity_stays) {
  take(RuledSnapshot({"prod", "prod-green"}).rule("prod", {}, {{"prod-green", support::all_at(kStart)}}));
  const Choice choice = choose(Caller().set("function", "checkout"), "a key");
  EXPECT_EQ(choice.namespace_name, "prod");
  EXPECT_EQ(choice.going_to, "");
  ASSERT_TRUE(choice.rollout.has_value());
  EXPECT_EQ(choice.rollout->bucket, std::nullopt);
  EXPECT_EQ(choice.rollout->share, kWholeShare);
  EXPECT_FALSE(choice.rollout->moved);
  EXPECT_EQ(choice.rollout->moves, Time::max());
}

// Whoever has moved has a bucket below the share of the rollout, however many there are; nobody else has.
TEST_F(ChoiceTest, bucket_is_below_the_share_of_whoever_has_moved) {
  RuledSnapshot two({"blue", "green", "prod"});
  two.rule("prod", {},
           {{"blue", {{{kStart, 10 * kPercent}, {kStart + 1h, 30 * kPercent}}, false}},
            {"green", {{{kStart, 0}, {kStart + 1h, 40 * kPercent}}, true}}},
           RolloutBy::kKey);
  take(two);
  int of_each[3] = {};
  for (int i = 0; i < 1000; ++i) {
    const Choice choice = choose(Caller(), "customer-" + std::to_string(i), kStart + 30min);
    ASSERT_TRUE(choice.rollout && choice.rollout->bucket);
    EXPECT_EQ(choice.rollout->moved, *choice.rollout->bucket < choice.rollout->share);
    EXPECT_EQ(choice.namespace_name, choice.rollout->moved ? choice.going_to : "prod");
    EXPECT_EQ(choice.rollout->share, choice.going_to == "blue" ? 100'000U : choice.going_to == "green" ? 200'000U : 300'000U);
    ++of_each[choice.going_to == "blue" ? 0 : choice.going_to == "green" ? 1 : 2];
  }
  EXPECT_NEAR(of_each[0], 300, 60);
  EXPECT_NEAR(of_each[1], 400, 60);
  EXPECT_NEAR(of_each[2], 300, 60);
}

TEST_F(ChoiceTest, rules_between_the_same_namespaces_move_the_same_callers) {
  const internal::Schedule half = support::always(50 * kPercent);
  take(RuledSnapshot({"blue", "green"})
           .rule("blue", {{"function", {"a"}}}, {{"green", half}})
           .rule("blue", {{"function", {"b"}}}, {{"green", half}})
           .rule("green", {{"function", {"c"}}}, {{"blue", half}}));
  int otherwise = 0;
  for (int i = 0; i < 200; ++i) {
    Caller caller;
    caller.set("instance", "i-" + std::to_string(i));
    const bool moved = choose(caller.set("function", "a")).rollout->moved;
    EXPECT_EQ(choose(caller.set("function", "b")).rollout->moved, moved);
    otherwise += choose(caller.set("function", "c")).rollout->moved == moved ? 0 : 1;
  }
  EXPECT_GT(otherwise, 0);
}

TEST_F(ChoiceTest, without_a_rule_that_matches_says_why) {
  take(RuledSnapshot({"dev", "prod"})
           .rule("prod", {{"region", {"eu-*"}}, {"tag.stage", {"live", "prod"}}})
           .rule("dev", {{"function", {"a", "b", "c", "d", "e", "f", "g"}}}));
  EXPECT_EQ(refusal(Caller().set("tag.stage", "prod").set("region", "us-east-1")),
            R"(no namespace for the caller region=us-east-1,tag.stage=prod: none of its 2 caller rules matches; )"
            R"(rule 1: region is "us-east-1", and it wants "eu-*"; )"
            R"(rule 2: function is not known, and it wants "a" or "b" or "c" or 4 more)");
  take(RuledSnapshot({"prod"}).rule("prod", {{"role", {"x"}}}));
  EXPECT_EQ(
      refusal(Caller()),
      R"(no namespace for a caller of whom nothing is known: its only caller rule does not match; rule 1: role is not known, and it wants "x")");
  EXPECT_THAT(refusal(Caller().set("role", std::string(1025, 'x'))),
              EndsWith(": its only caller rule does not match; rule 1: role has more than 1,024 bytes, which nothing matches"));
}

TEST_F(ChoiceTest, without_rules_says_so) {
  take(RuledSnapshot({"dev", "prod"}));
  EXPECT_EQ(snapshot().caller_rule_count(), 0U);
  EXPECT_EQ(refusal(Caller()), "has no caller rules, and no namespace was named");
}

TEST_F(ChoiceTest, of_many_rules_the_nearest_are_named) {
  RuledSnapshot snapshot({"prod"});
  for (int i = 0; i < 4; ++i) snapshot.rule("prod", {{"region", {"eu"}}, {"role", {"r" + std::to_string(i)}}, {"zone", {"a"}}});
  snapshot.rule("prod", {{"region", {"us"}}, {"role", {"r4"}}}).rule("prod", {{"region", {"eu"}}, {"role", {"r5"}}});
  take(snapshot);
  EXPECT_EQ(refusal(Caller().set("region", "us")),
            R"(no namespace for the caller region=us: none of its 6 caller rules matches; rule 5: role is not known, and it wants "r4"; )"
            R"(rule 6: region is "us", and it wants "eu", and 1 more; rule 1: region is "us", and it wants "eu", and 2 more)");
}

TEST_F(ChoiceTest, what_is_mistyped_and_long_is_told_in_short) {
  take(RuledSnapshot({"prod"}).rule("prod", {{"role", {"x"}}}));
  EXPECT_THAT(refusal(Caller().set("rol", "x")), testing::EndsWith(R"(; did you mean "role" by "rol"?)"));
  std::string long_name;
  for (int i = 0; i < 300; ++i) long_name += "é";
  const std::string text = refusal(Caller().set("name", long_name));
  EXPECT_EQ(text.find("no namespace for the caller name="), 0U);
  EXPECT_NE(text.find("éé…: its only caller rule"), std::string::npos) << text;
  EXPECT_LT(text.size(), 340U);
}

}  // namespace
}  // namespace almanac
