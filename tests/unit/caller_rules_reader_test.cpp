#include "source/caller_rules_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "document_text.h"

namespace almanac::source {
namespace {

using internal::RolloutBy;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kNamespaces = "namespaces: {prod: {}, green: {}}\n";

std::vector<std::string> of_callers(const std::string& callers) {
  return problems_of(Language::yaml, std::string(kNamespaces) + "callers: " + callers + "\n");
}

std::vector<std::string> of_rule(const std::string& rule) { return of_callers("[" + rule + "]"); }

// Borrowed from what was loaded.
const std::vector<model::CallerRule>& rules_of(const LoadResult& loaded) {
  EXPECT_THAT(problem_lines(loaded), IsEmpty());
  return loaded.registry.caller_rules;
}

TEST(CallerRulesReader, takes_rules_in_their_order_and_the_rest_in_byte_order) {
  const LoadResult loaded = load_texts({{"x.yaml", std::string(kNamespaces) + R"(callers:
  - when: { tag.stage: [prod, "li\\*e", 7], role: "arn:*" }
    namespace: prod
    rollout:
      - { to: green, percent: 10%, by: key }
      - { to: green, at: 2026-11-20T10:00:00+01:00, by: key }
  - namespace: green
)"}});
  // Too many together, and read all the same.
  EXPECT_THAT(problem_lines(loaded),
              ElementsAre("x.yaml:7:9: caller rule 1: rollouts overlap: with this one they move 110% of the callers; lower one, with up_to "
                          "for instance"));
  const std::vector<model::CallerRule>& rules = loaded.registry.caller_rules;
  ASSERT_EQ(rules.size(), 2U);
  EXPECT_EQ(rules[0].name_space, "prod");
  ASSERT_EQ(rules[0].conditions.size(), 2U);
  EXPECT_EQ(rules[0].conditions[0].property, "role");
  EXPECT_THAT(rules[0].conditions[0].patterns, ElementsAre("arn:*"));
  EXPECT_EQ(rules[0].conditions[1].property, "tag.stage");
  EXPECT_THAT(rules[0].conditions[1].patterns, ElementsAre("7", "li\\*e", "prod"));
  EXPECT_EQ(rules[0].by, RolloutBy::kKey);
  ASSERT_EQ(rules[0].rollouts.size(), 2U);
  EXPECT_EQ(rules[0].rollouts[0].schedule.final_share(), 100'000U);
  EXPECT_EQ(rules[1].name_space, "green");
  EXPECT_TRUE(rules[1].conditions.empty());
  EXPECT_TRUE(rules[1].rollouts.empty());
}

TEST(CallerRulesReader, one_stands_alone_or_in_a_list) {
  const LoadResult one = load_texts(
      {{"x.yaml", std::string(kNamespaces) + "callers: [{when: {role: a}, namespace: prod, rollout: {to: green, percent: 1}}]"}});
  const LoadResult list = load_texts(
      {{"x.yaml", std::string(kNamespaces) + "callers: [{when: {role: [a]}, namespace: prod, rollout: [{to: green, percent: 1}]}]"}});
  const auto& alone = rules_of(one);
  const auto& listed = rules_of(list);
  ASSERT_EQ(alone.size(), 1U);
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(alone[0].conditions[0].patterns, listed[0].conditions[0].patterns);
  EXPECT_EQ(alone[0].rollouts[0].schedule, listed[0].rollouts[0].schedule);
  EXPECT_EQ(alone[0].by, RolloutBy::kInstance);
}

TEST(CallerRulesReader, json_lines_have_them_on_a_line_of_their_own) {
  const std::string lines = "{\"namespace\":\"prod\"}\n{\"callers\":[{\"namespace\":\"prod\"}]}\n";
  EXPECT_EQ(rules_of(load_texts({{"x.jsonl", lines}})).size(), 1U);
  EXPECT_THAT(problems_of(Language::json_lines, "{\"namespace\":\"prod\",\"callers\":[]}\n"),
              ElementsAre("x.jsonl:1:1: a line with callers has nothing else; give it a line of its own"));
  EXPECT_THAT(problems_of(Language::json_lines, "{\"registry\":\"acme\",\"callers\":[]}\n"),
              ElementsAre("x.jsonl:1:1: a line with callers has nothing else; give it a line of its own"));
}

TEST(CallerRulesReader, are_given_once_for_all_documents) {
  EXPECT_THAT(problem_lines(load_texts({{"a.yaml", "namespaces: {p: {}}\ncallers: [{namespace: p}]\n"}, {"b.yaml", "callers: []\n"}})),
              ElementsAre("b.yaml:1:10: callers are already given at a.yaml:2:10; their order counts, so give all of them in one place"));
}

TEST(CallerRulesReader, shapes) {
  EXPECT_THAT(of_callers("[]"), IsEmpty());
  EXPECT_THAT(of_callers("{}"), ElementsAre("x.yaml:2:10: callers must be a list of rules, got a mapping"));
  EXPECT_THAT(of_rule("prod"),
              ElementsAre("x.yaml:2:11: caller rule 1: must be a mapping with a namespace, and when or rollout, got a text"));
  EXPECT_THAT(of_rule("{when: {role: a}}"), ElementsAre("x.yaml:2:11: caller rule 1: needs the namespace that it gives"));
  EXPECT_THAT(of_rule("{namespace: [prod]}"), ElementsAre("x.yaml:2:23: caller rule 1: namespace must be a text, got a list"));
  EXPECT_THAT(of_rule("{namespaces: prod, namespace: prod}"),
              ElementsAre("x.yaml:2:12: caller rule 1: unknown field \"namespaces\"; did you mean \"namespace\"?"));
  EXPECT_THAT(of_rule("{namespace: prod, when: {}}"),
              ElementsAre("x.yaml:2:35: caller rule 1: when has no condition; for a rule that matches every caller leave it out"));
  EXPECT_THAT(of_rule("{namespace: prod, when: [role]}"),
              ElementsAre("x.yaml:2:35: caller rule 1: when must be a mapping of properties to patterns, got a list"));
  EXPECT_THAT(of_rule("{namespace: prod, rollout: []}"),
              ElementsAre("x.yaml:2:38: caller rule 1: rollout has nothing in it; leave it out"));
}

TEST(CallerRulesReader, conditions) {
  const auto of_when = [](const std::string& when) { return of_rule("{namespace: prod, when: " + when + "}"); };
  EXPECT_THAT(of_when("{role: []}"), ElementsAre("x.yaml:2:42: caller rule 1: property \"role\" needs a pattern, or a list of them"));
  EXPECT_THAT(of_when("{role: ''}"), ElementsAre("x.yaml:2:42: caller rule 1: pattern must not be empty"));
  EXPECT_THAT(of_when("{role: }"), ElementsAre(HasSubstr("pattern of \"role\" must be a text, got nothing (null)")));
  EXPECT_THAT(of_when("{role: [a, [b]]}"), ElementsAre("x.yaml:2:46: caller rule 1: pattern of \"role\" must be a text, got a list"));
  EXPECT_THAT(of_when("{role: [a, b, a]}"),
              ElementsAre("x.yaml:2:49: caller rule 1: pattern \"a\" is given twice, first at line 2, column 43; give it once"));
  EXPECT_THAT(of_when("{role: a, role: b}"),
              ElementsAre("x.yaml:2:45: caller rule 1: property \"role\" is given twice, first at line 2, column "
                          "36; give it once, with a list of patterns"));
  EXPECT_THAT(of_when("{role: 'a\\'}"),
              ElementsAre("x.yaml:2:42: caller rule 1: pattern must not end with a lone \"\\\" (write \\\\ for the "
                          "character itself), got \"a\\\""));
  EXPECT_THAT(of_when("{rol: a}"), ElementsAre(HasSubstr("x.yaml:2:36: caller rule 1: unknown property \"rol\"; did you mean \"role\"?")));
}

TEST(CallerRulesReader, rollouts_of_a_rule_fit_together) {
  const auto of_rollouts = [](const std::string& rollouts) { return of_rule("{namespace: prod, rollout: [" + rollouts + "]}"); };
  EXPECT_THAT(of_rollouts("{to: green, percent: 60}, {to: green, percent: 40}"), IsEmpty());
  EXPECT_THAT(
      of_rollouts("{to: green, percent: 60}, {to: green, percent: 40.0001}, {to: green, percent: 1}"),
      ElementsAre("x.yaml:2:65: caller rule 1: rollouts overlap: with this one they move 100.0001% of the callers; lower one, with up_to "
                  "for instance"));
  EXPECT_THAT(of_rollouts("{to: prod, percent: 60}"),
              ElementsAre("x.yaml:2:39: caller rule 1: rollout goes to \"prod\", the rule's own namespace; name another one"));
  EXPECT_THAT(of_rollouts("{to: green, percent: 6, by: key}, {to: green, percent: 4}, {to: green, percent: 1, by: key}"),
              ElementsAre("x.yaml:2:73: caller rule 1: rollout is by instance, and the first one by key; give all of a rule the same by"));
}

TEST(CallerRulesReader, has_the_limits_of_the_format) {
  const auto many = [](std::size_t count, const auto& one) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all.append(i == 0 ? "" : ", ").append(one(i));
    return all;
  };
  const auto rule = [](std::size_t i) { return "{when: {role: r" + std::to_string(i) + "}, namespace: prod}"; };
  EXPECT_THAT(of_rule(many(1000, rule)), IsEmpty());
  EXPECT_THAT(of_rule(many(1001, rule)), ElementsAre("x.yaml:2:10: callers: rules must be at most 1,000, got 1,001"));
  const auto when = [](std::size_t i) { return "tag.t" + std::to_string(i) + ": x"; };
  EXPECT_THAT(of_rule("{namespace: prod, when: {" + many(255, when) + "}}"), IsEmpty());
  EXPECT_THAT(of_rule("{namespace: prod, when: {" + many(256, when) + "}}"),
              ElementsAre("x.yaml:2:35: caller rule 1: conditions of when must be at most 255, got 256"));
  const auto pattern = [](std::size_t i) { return "p" + std::to_string(i); };
  EXPECT_THAT(of_rule("{namespace: prod, when: {role: [" + many(255, pattern) + "]}}"), IsEmpty());
  EXPECT_THAT(of_rule("{namespace: prod, when: {role: [" + many(256, pattern) + "]}}"),
              ElementsAre("x.yaml:2:42: caller rule 1: patterns of \"role\" must be at most 255, got 256"));
  EXPECT_THAT(of_rule("{namespace: prod, when: {role: " + std::string(1024, 'r') + "}}"), IsEmpty());
  EXPECT_THAT(of_rule("{namespace: prod, when: {role: " + std::string(1025, 'r') + "}}"),
              ElementsAre("x.yaml:2:42: caller rule 1: pattern must be at most 1024 bytes, got 1025"));
  const auto rollout = [](std::size_t) { return std::string("{to: green, percent: 1}"); };
  EXPECT_THAT(of_rule("{namespace: prod, rollout: [" + many(16, rollout) + "]}"), IsEmpty());
  EXPECT_THAT(of_rule("{namespace: prod, rollout: [" + many(17, rollout) + "]}"),
              ElementsAre("x.yaml:2:38: caller rule 1: rollouts must be at most 16, got 17"));
}

}  // namespace
}  // namespace almanac::source
