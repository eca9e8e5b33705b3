#include "model/caller_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "document_text.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kNamespaces = "namespaces: {prod: {}, green: {}, blue: {inherits: prod}}\ncallers:\n";

// What is found within so many steps; "not compared from N on" last when they run out.
std::vector<std::string> of_rules_within(std::uint64_t steps, const std::string& rules) {
  LoadResult loaded = load_texts({{"x.yaml", kNamespaces + rules}});
  EXPECT_THAT(problem_lines(loaded), testing::Not(testing::Contains(testing::HasSubstr("unknown")))) << "a test's rules are not valid";
  loaded.problems.clear();
  const auto first = model::check_callers(loaded.registry, loaded.problems, steps);
  std::vector<std::string> lines = problem_lines(loaded);
  if (first) lines.push_back("not compared from " + std::to_string(*first + 1) + " on");
  return lines;
}

std::vector<std::string> of_rules(const std::string& rules) { return problems_of(Language::yaml, kNamespaces + rules); }

TEST(CallerChecks, namespaces_must_be_there) {
  EXPECT_THAT(of_rules("- {namespace: blue, rollout: {to: green, percent: 1}}\n"), IsEmpty());
  EXPECT_THAT(
      of_rules("- {namespace: blu, rollout: [{to: gren, percent: 1}, {to: other, percent: 1}]}\n"),
      ElementsAre("x.yaml:3:15: caller rule 1: gives namespace \"blu\", which no document defines; did you mean \"blue\"?",
                  "x.yaml:3:35: caller rule 1: rollout goes to namespace \"gren\", which no document defines; did you mean \"green\"?",
                  "x.yaml:3:59: caller rule 1: rollout goes to namespace \"other\", which no document defines"));
}

TEST(CallerChecks, a_namespace_is_looked_for_whatever_else_is_wrong_with_its_rollout) {
  EXPECT_THAT(of_rules("- {namespace: blue, rollout: {to: gren, percent: 110}}\n"),
              ElementsAre(testing::HasSubstr("goes to namespace \"gren\""), testing::HasSubstr("percent must be 0% to 100%")));
}

TEST(CallerChecks, namespaces_may_be_in_another_document) {
  EXPECT_THAT(problem_lines(load_texts({{"a.yaml", "callers: [{namespace: far}]\n"}, {"b.jsonl", "{\"namespace\":\"far\"}\n"}})),
              IsEmpty());
}

TEST(CallerChecks, nothing_is_reached_behind_a_rule_for_all) {
  EXPECT_THAT(of_rules("- {namespace: prod}\n- {when: {role: x}, namespace: blue}\n- {namespace: green}\n"),
              ElementsAre("x.yaml:4:3: caller rule 2: is never reached: rule 1 at x.yaml:3:3 has no when, and matches every caller; "
                          "move it before that one, or remove it",
                          "x.yaml:5:3: caller rule 3: is never reached: rule 1 at x.yaml:3:3 has no when, and matches every caller; "
                          "move it before that one, or remove it"));
}

TEST(CallerChecks, a_rule_that_an_earlier_one_covers_is_never_reached) {
  const std::string never =
      "caller rule 2: is never reached: rule 1 at x.yaml:3:3 matches every caller that it does; move it before that one, "
      "or remove it";
  const auto of_two = [](const std::string& first, const std::string& second) {
    return of_rules("- {when: " + first + ", namespace: prod}\n- {when: " + second + ", namespace: blue}\n");
  };
  EXPECT_THAT(of_two("{role: 'a*'}", "{role: ab}"), ElementsAre("x.yaml:4:3: " + never));
  EXPECT_THAT(of_two("{role: 'a*'}", "{role: [ab, 'ac*'], zone: z}"), ElementsAre("x.yaml:4:3: " + never));
  EXPECT_THAT(of_two("{role: ['b*', 'a*'], zone: '*'}", "{zone: z, role: [ab, b]}"), ElementsAre("x.yaml:4:3: " + never));
  EXPECT_THAT(of_two("{role: 'a*'}", "{role: [ab, b]}"), IsEmpty()) << "one of them is reached";
  EXPECT_THAT(of_two("{role: 'a*', zone: z}", "{role: ab}"), IsEmpty());
  EXPECT_THAT(of_two("{role: ab}", "{role: 'a*'}"), IsEmpty());
  EXPECT_THAT(of_two("{role: 'a*'}", "{function: ab}"), IsEmpty());
  EXPECT_THAT(of_two("{role: ['a?', a, 'a??*']}", "{role: 'a*'}"), IsEmpty()) << "several patterns together are not looked for";
}

TEST(CallerChecks, a_rule_that_earlier_ones_cover_pattern_by_pattern_is_never_reached) {
  const auto rule = [](const std::string& when) { return "- {when: " + when + ", namespace: prod}\n"; };
  const auto of = [&rule](const std::vector<std::string>& whens) {
    std::string rules;
    for (const std::string& when : whens) rules += rule(when);
    return of_rules(rules);
  };
  EXPECT_THAT(of({"{stage: prod}", "{stage: live}", "{stage: [live, prod]}"}),
              ElementsAre("x.yaml:5:3: caller rule 3: is never reached: rule 1 at x.yaml:3:3 and rule 2 at x.yaml:4:3 together match every "
                          "caller that it does; move it before them, or remove it"));
  EXPECT_THAT(of({"{stage: 'p*'}", "{zone: a}", "{stage: live}", "{stage: [live, prod, pre], role: x}"}),
              ElementsAre(testing::HasSubstr("caller rule 4: is never reached: rule 1 at x.yaml:3:3 and rule 3 at x.yaml:5:3 together")));
  EXPECT_THAT(
      of({"{stage: a}", "{stage: b}", "{stage: c}", "{stage: d}", "{stage: [a, b, c, d]}"}),
      ElementsAre(testing::HasSubstr("rule 1 at x.yaml:3:3, rule 2 at x.yaml:4:3, rule 3 at x.yaml:5:3 and 1 more together match")));
  EXPECT_THAT(of({"{stage: prod, role: ['x*', y]}", "{stage: live, role: 'x*'}", "{stage: [live, prod], role: xy}"}),
              ElementsAre(testing::HasSubstr("caller rule 3: is never reached")));
  EXPECT_THAT(of({"{stage: prod, role: x}", "{stage: prod, role: y}", "{stage: prod, role: [x, y]}"}),
              ElementsAre(testing::HasSubstr("caller rule 3: is never reached")));
}

// No false alarms: of each of these some caller is left.
TEST(CallerChecks, a_rule_of_which_something_is_left_is_reached) {
  const auto of = [](const std::vector<std::string>& whens) {
    std::string rules;
    for (const std::string& when : whens) rules += "- {when: " + when + ", namespace: prod}\n";
    return of_rules(rules);
  };
  EXPECT_THAT(of({"{stage: prod}", "{stage: live}", "{stage: [live, prod, test]}"}), IsEmpty());
  EXPECT_THAT(of({"{stage: prod, role: x}", "{stage: live}", "{stage: [live, prod]}"}), IsEmpty());
  EXPECT_THAT(of({"{stage: prod, role: x}", "{stage: live, role: y}", "{stage: [live, prod], role: [x, y]}"}), IsEmpty());
  // Each pattern of each condition is somewhere, and one of stage live and role y matches none of them.
  EXPECT_THAT(of({"{stage: prod, role: [x, y]}", "{stage: [live, prod], role: x}", "{stage: [live, prod], role: [x, y]}"}), IsEmpty());
  EXPECT_THAT(of({"{stage: prod}", "{role: x}", "{stage: [live, prod], role: [x, y]}"}), IsEmpty());
}

// A step for the condition, one for the pattern that is looked for, and those of the patterns that are compared.
TEST(CallerChecks, comparing_takes_the_steps_that_it_says) {
  const std::string other = "- {when: {role: a}, namespace: prod}\n- {when: {role: b}, namespace: prod}\n";
  EXPECT_THAT(of_rules_within(3, other), IsEmpty());
  EXPECT_THAT(of_rules_within(2, other), ElementsAre("not compared from 2 on"));
  // Equal texts are not compared, however long they are: two rules of 100 conditions of 500 bytes, then the end of one pair.
  std::string when;
  for (int i = 100; i < 200; ++i) when += "tag.t" + std::to_string(i) + ": '" + std::string(250, '*') + std::string(250, 'a') + "', ";
  const std::string equal = "- {when: {" + when + "}, namespace: prod}\n- {when: {" + when + "zone: z}, namespace: prod}\n";
  EXPECT_THAT(of_rules_within(200, equal), ElementsAre(testing::HasSubstr("caller rule 2: is never reached")));
  EXPECT_THAT(of_rules_within(199, equal), ElementsAre("not compared from 2 on"));
  // A rule that another one's first property is missing from.
  const std::string missing = "- {when: {function: f, role: r}, namespace: prod}\n- {when: {role: r, zone: z}, namespace: prod}\n";
  EXPECT_THAT(of_rules_within(1, missing), IsEmpty());
  EXPECT_THAT(of_rules_within(0, missing), ElementsAre("not compared from 2 on"));
  EXPECT_THAT(of_rules_within(0, "- {when: {function: f, role: r}, namespace: prod}\n- {when: {role: r}, namespace: prod}\n"), IsEmpty());
}

TEST(CallerChecks, without_steps_what_takes_none_is_still_found) {
  EXPECT_THAT(
      of_rules_within(0, "- {when: {role: a}, namespace: prod}\n- {namespace: prod}\n- {when: {role: b}, namespace: prod}\n"),
      ElementsAre(testing::HasSubstr("caller rule 3: is never reached: rule 2 at x.yaml:4:3 has no when"), "not compared from 3 on"));
}

TEST(CallerChecks, of_a_rule_with_faulty_conditions_it_is_not_known_whom_it_matches) {
  EXPECT_THAT(
      of_rules("- {when: {rol: x}, namespace: prod}\n- {when: {role: x}, namespace: prod}\n- {when: {role: x, rol: y}, namespace: prod}\n"),
      ElementsAre(testing::HasSubstr("x.yaml:3:11: caller rule 1: unknown property \"rol\""),
                  testing::HasSubstr("x.yaml:5:20: caller rule 3: unknown property \"rol\"")));
}

TEST(CallerChecks, all_rules_together_have_their_limits) {
  const auto rule = [](int number, std::size_t patterns) {
    std::string text = "- {when: {tag.x" + std::to_string(number) + ": [";
    for (std::size_t i = 0; i < patterns; ++i) text += std::to_string(1000 + i) + std::string(1017, 'p') + ", ";
    return text + "]}, namespace: prod}\n";
  };
  // "tag.x0", an end, 1,022 bytes a pattern, an end: 65,416 bytes each of the first two.
  const std::string two = rule(0, 64) + rule(1, 64);
  EXPECT_THAT(of_rules(two), IsEmpty());
  EXPECT_THAT(of_rules(two + "- {when: {zone: " + std::string(233, 'z') + "}, namespace: prod}\n"), IsEmpty());
  // Then nothing is compared, so the last rule is not said to be never reached.
  EXPECT_THAT(
      of_rules(two + "- {when: {zone: " + std::string(234, 'z') + "}, namespace: prod}\n- {namespace: prod}\n- {namespace: prod}\n"),
      ElementsAre("x.yaml:5:3: caller rule 3: with it the rules have conditions of more than 128 KiB; shorten or drop some"));
  std::string rollouts;
  const std::string thousand = "linear: {from: 2026-11-20T09:00:00Z, step: 0.005%, every: 1m, up_to: 5%}";
  for (int i = 0; i < 101; ++i) {
    rollouts += "- {when: {role: r" + std::to_string(i) + "}, namespace: prod, rollout: {to: blue, " + thousand + "}}\n";
  }
  EXPECT_THAT(
      of_rules(rollouts),
      ElementsAre("x.yaml:103:3: caller rule 101: with it the rules have more than 100,000 stages of rollouts; drop those that are over"));
}

// As many rules as there may be, of patterns that take long to compare: they are not all compared, and it is said from where on.
TEST(CallerChecks, ends_soon_whatever_the_rules_are) {
  std::string rules;
  for (int i = 0; i < 1000; ++i) {
    std::string pattern = std::string(60, 'a') + std::to_string(1000 + i);
    for (int star = 0; star < 20; ++star) pattern.insert(0, "*a");
    rules += "- {when: {role: '" + pattern + "'}, namespace: prod}\n";
  }
  const LoadResult loaded = load_texts({{"x.yaml", kNamespaces + rules}});
  EXPECT_THAT(problem_lines(loaded), IsEmpty());
  ASSERT_TRUE(loaded.first_rule_not_compared.has_value());
  EXPECT_GT(*loaded.first_rule_not_compared, 100U);
}

}  // namespace
}  // namespace almanac::source
