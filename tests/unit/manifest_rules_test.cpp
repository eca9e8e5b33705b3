#include "manifest_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "support/crafted_rules.h"
#include "support/error_matchers.h"
#include "support/schedules.h"

namespace almanac::internal {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using support::CraftedManifest;
using support::error_from;
using support::IsError;
using support::kPercent;
using support::RuledSnapshot;
using testing::ElementsAre;

using support::kStart;
const Schedule kCanary = support::canary(kStart, 10 * kPercent, 20min);

// Its second rule has all that a rule can have.
RuledSnapshot three_rules() {
  RuledSnapshot snapshot({"dev", "prod", "prod-blue", "prod-green"});
  snapshot.rule("dev", {{"tag.stage", {"dev", "test-?"}}})
      .rule("prod", {{"region", {"eu-*", "us-*"}}, {"role", {"arn:*:role/checkout-*"}}},
            {{"prod-green", support::linear(kStart, 20 * kPercent, 6min)}}, RolloutBy::kCaller)
      .rule("prod", {},
            {{"prod-green", support::always(30 * kPercent)}, {"prod-blue", {{{kStart, 0}, {kStart + 1h, 70 * kPercent}}, true}}},
            RolloutBy::kKey);
  return snapshot;
}

TEST(ManifestRules, are_read_in_their_order) {
  const std::vector<std::byte> file = three_rules().assemble();
  const Manifest manifest = read_manifest(*borrow_bytes(file, "x.almanac"));
  ASSERT_EQ(manifest.caller_rules.size(), 3U);
  const auto name_of = [&manifest](std::uint32_t number) { return manifest.namespaces[number].name; };

  const CallerRule& first = manifest.caller_rules[0];
  EXPECT_EQ(name_of(first.name_space), "dev");
  ASSERT_EQ(first.conditions.size(), 1U);
  EXPECT_EQ(first.conditions[0].property, "tag.stage");
  EXPECT_THAT(first.conditions[0].patterns, ElementsAre("dev", "test-?"));
  EXPECT_TRUE(first.rollouts.empty());

  const CallerRule& second = manifest.caller_rules[1];
  EXPECT_EQ(name_of(second.name_space), "prod");
  ASSERT_EQ(second.conditions.size(), 2U);
  EXPECT_EQ(second.conditions[0].property, "region");
  EXPECT_THAT(second.conditions[0].patterns, ElementsAre("eu-*", "us-*"));
  EXPECT_EQ(second.by, RolloutBy::kCaller);
  EXPECT_EQ(second.seed, seed_of("prod", "prod-green"));
  ASSERT_EQ(second.rollouts.size(), 1U);
  EXPECT_EQ(second.rollouts[0].begin, 0U);
  EXPECT_EQ(second.rollouts[0].schedule, support::linear(kStart, 20 * kPercent, 6min));

  const CallerRule& third = manifest.caller_rules[2];
  EXPECT_TRUE(third.conditions.empty());
  EXPECT_EQ(third.by, RolloutBy::kKey);
  EXPECT_EQ(third.seed, seed_of("prod", "prod-green"));
  ASSERT_EQ(third.rollouts.size(), 2U);
  EXPECT_EQ(name_of(third.rollouts[1].to), "prod-blue");
  EXPECT_EQ(third.rollouts[1].begin, 300'000U);
  EXPECT_TRUE(third.rollouts[1].schedule.is_ramp);
  EXPECT_EQ(third.rollouts[1].schedule.final_share(), 700'000U);
}

TEST(ManifestRules, may_be_absent) {
  const std::vector<std::byte> file = RuledSnapshot({"prod"}).assemble();
  EXPECT_TRUE(read_manifest(*borrow_bytes(file, "x.almanac")).caller_rules.empty());
}

TEST(ManifestRules, may_be_as_large_as_the_format_allows) {
  RuledSnapshot snapshot({"dev", "prod"});
  const auto numbered = [](const char* text, int number) { return text + std::to_string(1000 + number); };
  std::vector<support::CraftedCondition> conditions;
  for (int i = 0; i < 254; ++i) conditions.push_back({numbered("p", i), {"a"}});
  conditions[0].patterns.clear();
  for (int i = 0; i < 255; ++i) conditions[0].patterns.push_back(numbered("v", i));
  for (int i = 1; i < 125; ++i) conditions[static_cast<std::size_t>(i)].patterns = {std::string(1024, '*')};
  conditions.push_back({"tag." + std::string(251, 'p'), {"a"}});
  Schedule schedule;
  for (std::int64_t i = 0; i < 1000; ++i) schedule.stages.push_back({kStart + std::chrono::milliseconds(i), i == 999 ? 62'500U : 0U});
  snapshot.rule("prod", conditions, std::vector<support::CraftedRollout>(16, {"dev", schedule}));
  for (int i = 1; i < 1000; ++i) snapshot.rule("prod", {});
  // What is left, in a rule of its own: a property, a pattern and three ends.
  std::size_t left = (std::size_t{128} << 10U) - snapshot.manifest().caller_conditions.size();
  ASSERT_LT(left, 2048U);
  snapshot.manifest().caller_rules.pop_back();
  snapshot.rule("prod", {{"a", {std::string(left / 2 - 4, 'a')}}, {"b", {std::string(left - left / 2 - 4, 'b')}}});
  ASSERT_EQ(snapshot.manifest().caller_conditions.size(), std::size_t{128} << 10U);
  const std::vector<std::byte> file = snapshot.assemble();
  const Manifest manifest = read_manifest(*borrow_bytes(file, "x.almanac"));
  ASSERT_EQ(manifest.caller_rules.size(), 1000U);
  EXPECT_EQ(manifest.caller_rules[0].conditions.size(), 255U);
  EXPECT_EQ(manifest.caller_rules[0].rollouts.back().begin, 937'500U);
}

// How three_rules() is refused after this change.
void expect_fault(const std::function<void(CraftedManifest&)>& change, const std::string& fault) {
  RuledSnapshot snapshot = three_rules();
  change(snapshot.manifest());
  const std::vector<std::byte> file = snapshot.assemble();
  EXPECT_THAT(error_from([&] { (void)read_manifest(*borrow_bytes(file, "x.almanac")); }),
              IsError(ErrorCode::kCorrupt, "x.almanac", kPreambleSize, "manifest: " + fault + " (at byte"));
}

TEST(ManifestRules, name_namespaces_that_are_there) {
  expect_fault([](CraftedManifest& m) { m.caller_rules[0] = format::CallerRule(4, 1, 0); },
               "caller rule 1 gives a namespace that is not there");
  expect_fault([](CraftedManifest& m) { m.caller_rules[2] = format::CallerRule(~0U, 0, 2); },
               "caller rule 3 gives a namespace that is not there");
  expect_fault([](CraftedManifest& m) { m.caller_rollouts[0] = format::CallerRollout(4, 5, 2, false); },
               "caller rule 2 has a rollout to no other namespace");
  expect_fault([](CraftedManifest& m) { m.caller_rollouts[0] = format::CallerRollout(1, 5, 2, false); },
               "caller rule 2 has a rollout to no other namespace");
}

TEST(ManifestRules, have_all_conditions_rollouts_and_stages_that_there_are) {
  const std::string of_none = "has conditions, rollouts or stages of no caller rule";
  expect_fault([](CraftedManifest& m) { m.caller_conditions += "role\0a\0\0"s; }, of_none);
  expect_fault([](CraftedManifest& m) { m.caller_rules[2] = format::CallerRule(1, 0, 1); }, of_none);
  expect_fault([](CraftedManifest& m) { m.caller_stages.emplace_back(1, 1); }, of_none);
  expect_fault([](CraftedManifest& m) { m.caller_rules.clear(); }, of_none);
  expect_fault([](CraftedManifest& m) { m.caller_rules[2] = format::CallerRule(1, 1, 2); },
               "caller rule 3 has conditions that are not there");
  expect_fault([](CraftedManifest& m) { m.caller_rules[2] = format::CallerRule(1, 0, 3); },
               "caller rule 3 has rollouts that are not there");
  expect_fault([](CraftedManifest& m) { m.caller_rollouts[2] = format::CallerRollout(2, 3, 3, true); },
               "caller rule 3 has stages that are not there");
  expect_fault([](CraftedManifest& m) { m.caller_rollouts[2] = format::CallerRollout(2, ~0U, 3, true); },
               "caller rule 3 has stages that are not there");
}

TEST(ManifestRules, conditions_have_a_property_and_patterns) {
  const auto with_conditions = [](const std::string& text, const std::string& fault) {
    expect_fault(
        [&text](CraftedManifest& m) {
          m.caller_conditions = text;
          m.caller_rules[1] = format::CallerRule(1, 0, 1);
        },
        "caller rule 1 has " + fault);
  };
  with_conditions("", "conditions that are not there");
  with_conditions("role", "conditions that are not there");
  with_conditions("\0dev\0\0"s, "a condition whose property has not 1 to 255 bytes");
  with_conditions(std::string(256, 'p') + "\0dev\0\0"s, "a condition whose property has not 1 to 255 bytes");
  with_conditions("role\0"s, "a condition without an end");
  with_conditions("role\0dev\0"s, "a condition without an end");
  with_conditions("role\0dev"s, "a condition without an end");
  with_conditions("role\0\0"s, "a condition without a pattern");
  with_conditions("role\0"s + std::string(1025, 'a') + "\0\0"s, "a pattern longer than 1,024 bytes");
  with_conditions("role\0dev\\\0\0"s, "a pattern that ends in a lone backslash");
  std::string many = "role\0"s;
  for (int i = 0; i < 256; ++i) many += std::to_string(1000 + i) + '\0';
  with_conditions(many + '\0', "a condition with more than 255 patterns");
  with_conditions("role\0b\0a\0\0"s, "patterns that are not in byte order");
  with_conditions("role\0a\0a\0\0"s, "patterns that are not in byte order");
  for (const std::string property : {"a\x1f", "\x7f", "a\xc2\x80z", "a\xc2\x9f", "=", "a=", " a", "a ", " "}) {
    with_conditions(property + "\0a\0\0"s, "a property with control characters, a = or blanks around it");
  }
}

TEST(ManifestRules, properties_of_a_rule_are_in_byte_order_and_none_is_there_twice) {
  const auto with_properties = [](const std::string& first, const std::string& second) {
    RuledSnapshot snapshot({"prod"});
    snapshot.rule("prod", {{first, {"a"}}, {second, {"a"}}});
    const std::vector<std::byte> file = snapshot.assemble();
    return read_manifest(*borrow_bytes(file, "x.almanac")).caller_rules.size();
  };
  const auto refused = IsError(ErrorCode::kCorrupt, "x.almanac", kPreambleSize,
                               "manifest: caller rule 1 has properties that are not in byte order (at byte");
  EXPECT_EQ(with_properties("a", "a\xc2\xa0"), 1U);
  EXPECT_THAT(error_from([&] { (void)with_properties("role", "role"); }), refused);
  EXPECT_THAT(error_from([&] { (void)with_properties("role", "function"); }), refused);
  EXPECT_THAT(error_from([&] { (void)with_properties("\xc3\xa4", "z"); }), refused);
}

TEST(ManifestRules, rollouts_tell_callers_apart_in_one_way_that_is_known) {
  for (const std::uint8_t by : std::initializer_list<std::uint8_t>{0, 4, 255}) {
    expect_fault([by](CraftedManifest& m) { m.caller_rollouts[0] = format::CallerRollout(3, 5, by, false); },
                 "caller rule 2 has a rollout by what this reader does not know");
  }
  expect_fault([](CraftedManifest& m) { m.caller_rollouts[2] = format::CallerRollout(2, 2, 1, true); },
               "caller rule 3 has rollouts that tell callers apart in different ways");
}

TEST(ManifestRules, rollouts_have_stages_in_order_and_no_more_than_all_callers) {
  const std::string out_of_order = "caller rule 2 has a rollout that is out of order: ";
  const auto with_stage = [](std::size_t number, std::int64_t at, std::uint32_t share) {
    return [=](CraftedManifest& m) { m.caller_stages[number] = format::Stage(at, share); };
  };
  expect_fault([](CraftedManifest& m) { m.caller_rollouts[0] = format::CallerRollout(3, 0, 2, false); }, out_of_order + "it has no stages");
  expect_fault(with_stage(0, -1, 1), out_of_order + "the time of a stage is not from 1970 to 9999");
  expect_fault(with_stage(4, 253'402'300'800'000, kWholeShare), out_of_order + "the time of a stage is not from 1970 to 9999");
  expect_fault(with_stage(4, 253'402'300'799'999, kWholeShare + 1), out_of_order + "the share of a stage is above 1,000,000");
  expect_fault(with_stage(1, 0, 400'000), out_of_order + "its stages are not in the order of their times");
  expect_fault(with_stage(0, 0, 400'001), out_of_order + "its share falls, and who has moved does not move back");
  expect_fault(with_stage(7, 253'402'300'799'999, 700'001), "caller rule 3 has rollouts of more than all callers");
}

TEST(ManifestRules, are_no_more_than_the_format_allows) {
  expect_fault([](CraftedManifest& m) { m.caller_rules.resize(1001, format::CallerRule(1, 0, 0)); }, "has more than 1,000 caller rules");
  expect_fault([](CraftedManifest& m) { m.caller_rules[0] = format::CallerRule(0, 256, 0); }, "caller rule 1 has more than 255 conditions");
  expect_fault([](CraftedManifest& m) { m.caller_rules[0] = format::CallerRule(0, 1, 17); }, "caller rule 1 has more than 16 rollouts");
  expect_fault([](CraftedManifest& m) { m.caller_conditions.resize((128U << 10U) + 1, 'a'); },
               "has caller conditions of more than 128 KiB");
  expect_fault([](CraftedManifest& m) { m.caller_stages.resize(100'001); }, "has more than 100,000 stages of caller rules");
  expect_fault(
      [](CraftedManifest& m) {
        m.caller_rollouts[0] = format::CallerRollout(3, 1001, 2, false);
        m.caller_stages.resize(1004);
      },
      "caller rule 2 has a rollout that is out of order: it has more than 1,000 stages");
}

}  // namespace
}  // namespace almanac::internal
