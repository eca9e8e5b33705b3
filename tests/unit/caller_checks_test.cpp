#include "model/caller_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "document_text.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kNamespaces = "namespaces: {prod: {}, green: {}, blue: {inherits: prod}}\ncallers:\n";

std::vector<std::string> of_rules(const std::string& rules) { return problems_of(Language::yaml, kNamespaces + rules); }

TEST(CallerChecks, namespaces_must_be_there) {
  EXPECT_THAT(of_rules("- {namespace: blue, rollout: {to: green, percent: 1}}\n"), IsEmpty());
  EXPECT_THAT(
      of_rules("- {namespace: blu, rollout: [{to: gren, percent: 1}, {to: other, percent: 1}]}\n"),
      ElementsAre("x.yaml:3:15: caller rule 1: gives namespace \"blu\", which no document defines; did you mean \"blue\"?",
                  "x.yaml:3:35: caller rule 1: rollout goes to namespace \"gren\", which no document defines; did you mean \"green\"?",
                  "x.yaml:3:59: caller rule 1: rollout goes to namespace \"other\", which no document defines"));
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
  EXPECT_THAT(of_two("{role: ['a?', a, 'a??*']}", "{role: 'a*'}"), IsEmpty()) << "several together are not looked for";
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
  // "tag.x0", 1,021 bytes and an end a pattern, two ends: 260,618 bytes each.
  const std::string four = rule(0, 255) + rule(1, 255) + rule(2, 255) + rule(3, 255);
  EXPECT_THAT(of_rules(four), IsEmpty());
  EXPECT_THAT(of_rules(four + rule(4, 5)), IsEmpty());
  EXPECT_THAT(of_rules(four + rule(4, 6) + "- {namespace: prod}\n"),
              ElementsAre("x.yaml:7:3: caller rule 5: with it the rules have conditions of more than 1 MiB; shorten or drop some"));
  std::string rollouts;
  const std::string thousand = "linear: {from: 2026-11-20T09:00:00Z, step: 0.005%, every: 1m, up_to: 5%}";
  for (int i = 0; i < 101; ++i) {
    rollouts += "- {when: {role: r" + std::to_string(i) + "}, namespace: prod, rollout: {to: blue, " + thousand + "}}\n";
  }
  EXPECT_THAT(
      of_rules(rollouts),
      ElementsAre("x.yaml:103:3: caller rule 101: with it the rules have more than 100,000 stages of rollouts; drop those that are over"));
}

// A thousand rules of the longest patterns that take longest to compare.
TEST(CallerChecks, ends_soon_whatever_the_rules_are) {
  std::string rules;
  for (int i = 0; i < 1000; ++i) {
    std::string pattern = std::string(500, 'a') + std::to_string(i);
    for (int star = 0; star < 250; ++star) pattern.insert(0, "*a");
    rules += "- {when: {role: '" + pattern + "'}, namespace: prod}\n";
  }
  EXPECT_THAT(of_rules(rules), IsEmpty());
}

}  // namespace
}  // namespace almanac::source
