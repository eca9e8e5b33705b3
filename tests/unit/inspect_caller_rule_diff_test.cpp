#include "inspect/caller_rule_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "inspect/print_diff.h"
#include "inspect/print_json.h"
#include "inspect_compiled.h"
#include "inspect_printed.h"

namespace almanac::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kNamespaces = "{\"namespace\":\"a\",\"name\":\"s\",\"value\":\"1\"}\n{\"namespace\":\"b\"}\n{\"namespace\":\"c\"}\n";

Compiled with(const std::string& rules) { return compiled(kNamespaces + ("{\"callers\":[" + rules + "]}\n")); }

// A rule for each letter.
Compiled rules_for(const std::string& letters) {
  std::string rules;
  for (const char letter : letters) {
    rules.append(rules.empty() ? "" : ",").append(R"({"when":{"role":")").append(1, letter).append(R"("},"namespace":"a"})");
  }
  return with(rules);
}

// "+1" for a rule that is the first of the new ones, "~2", "-3" for one that was the third of the old.
std::vector<std::string> changes(const std::string& before, const std::string& after) {
  const Compiled olds = rules_for(before);
  const Compiled news = rules_for(after);
  std::vector<std::string> all;
  for (const CallerRuleChange& change : diff(olds.snapshot, news.snapshot).caller_rules) {
    const char mark = change.change == Change::kAdded ? '+' : change.change == Change::kRemoved ? '-' : '~';
    all.push_back(mark + std::to_string(change.place));
  }
  return all;
}

TEST(CallerRuleDiff, matches_what_says_the_same_in_the_same_order) {
  EXPECT_THAT(changes("abc", "abc"), IsEmpty());
  EXPECT_THAT(changes("", ""), IsEmpty());
  EXPECT_THAT(changes("abc", "xabc"), ElementsAre("+1"));
  EXPECT_THAT(changes("abc", "abcx"), ElementsAre("+4"));
  EXPECT_THAT(changes("abc", "ac"), ElementsAre("-2"));
  EXPECT_THAT(changes("abc", "axc"), ElementsAre("~2"));
  EXPECT_THAT(changes("abc", "axyc"), ElementsAre("~2", "+3"));
  EXPECT_THAT(changes("abcd", "axd"), ElementsAre("~2", "-3"));
  EXPECT_THAT(changes("", "ab"), ElementsAre("+1", "+2"));
  EXPECT_THAT(changes("ab", ""), ElementsAre("-1", "-2"));
  EXPECT_THAT(changes("abcdef", "xbcydefz"), ElementsAre("~1", "+4", "+8"));
  EXPECT_THAT(changes("ab", "ba"), testing::SizeIs(2)) << "the order counts";
}

TEST(CallerRuleDiff, counts_as_a_difference_of_the_whole_alone) {
  const Compiled before = rules_for("a");
  const Compiled after = rules_for("b");
  EXPECT_FALSE(diff(before.snapshot, after.snapshot).same());
  EXPECT_TRUE(diff(before.snapshot, after.snapshot, {.namespace_name = "a", .prefix = "", .tags = {}}).same());
  EXPECT_TRUE(diff(before.snapshot, after.snapshot, {.namespace_name = {}, .prefix = "s", .tags = {}}).same());
}

TEST(CallerRuleDiff, is_the_same_whatever_the_numbers_of_the_namespaces) {
  const Compiled before = with(R"({"namespace":"b","rollout":{"to":"c","percent":10}})");
  const Compiled after = compiled("{\"namespace\":\"aa\"}\n" + std::string(kNamespaces) +
                                  R"({"callers":[{"namespace":"b","rollout":{"to":"c","percent":10}}]})");
  EXPECT_THAT(diff(before.snapshot, after.snapshot).caller_rules, IsEmpty());
}

std::string printed(const DiffReport& report, std::uint64_t most_lines = UINT64_MAX) {
  return printed_by([&](Output& output) { print_text(report, false, output, most_lines); });
}

TEST(CallerRuleDiff, is_told_field_by_field) {
  const Compiled before =
      with(R"({"when":{"role":["x","y"],"tag.t":"\u202e"},"namespace":"a"},{"namespace":"b","rollout":{"to":"c","percent":10}})");
  const Compiled after = with(
      R"({"when":{"role":"y"},"namespace":"a","rollout":{"to":"b","linear":{"from":"2026-11-20T09:00:00Z","over":"30m"},"by":"key"}})");
  const DiffReport report = diff(before.snapshot, after.snapshot);
  EXPECT_EQ(printed(report),
            "callers\n"
            "  ~ rule 1\n"
            "    ~ when: role is \"x\" or \"y\", and tag.t is \"\\u202e\" -> role is \"y\"\n"
            "    + rollout: to \"b\" by key: evenly 0% at 2026-11-20T09:00:00Z, 100% at 2026-11-20T09:30:00Z\n"
            "  - rule 2\n"
            "    - namespace: \"b\"\n"
            "    - rollout: to \"c\" by instance: 10% always\n"
            "different: 0 added, 0 removed, 0 changed, 1 unchanged; caller rules differ\n");
  EXPECT_EQ(printed(report, 2),
            "callers\n"
            "  ~ rule 1\n"
            "… and 5 more lines\n"
            "different: 0 added, 0 removed, 0 changed, 1 unchanged; caller rules differ\n");
}

TEST(CallerRuleDiff, of_many_stages_shows_the_ends_and_tells_the_middle) {
  const auto steps = [](const std::string& sixth) {
    std::string stages;
    for (int minute = 1; minute <= 9; ++minute) {
      const std::string percent = minute == 6 ? sixth : std::to_string(minute);
      stages.append(minute == 1 ? "" : ",").append(R"({"at":"2026-11-20T09:0)").append(std::to_string(minute));
      stages.append(R"(:00Z","percent":")").append(percent).append("\"}");
    }
    return R"({"namespace":"a","rollout":{"to":"b","steps":[)" + stages + "]}}";
  };
  const Compiled before = with(steps("6"));
  const Compiled after = with(steps("6.5"));
  EXPECT_EQ(printed(diff(before.snapshot, after.snapshot)),
            "callers\n"
            "  ~ rule 1\n"
            "    ~ rollout: to \"b\" by instance: 1% at 2026-11-20T09:01:00Z, 2% at 2026-11-20T09:02:00Z, 3% at 2026-11-20T09:03:00Z, "
            "4% at 2026-11-20T09:04:00Z, 5% at 2026-11-20T09:05:00Z, … 3 more stages, 9% at 2026-11-20T09:09:00Z -> "
            "the same, with other stages in between\n"
            "different: 0 added, 0 removed, 0 changed, 1 unchanged; caller rules differ\n");
}

std::string rule_with_roles(const std::vector<std::string>& roles) {
  std::string list;
  for (const std::string& role : roles) list.append(list.empty() ? "" : ",").append("\"").append(role).append("\"");
  return R"({"when":{"account":"1","role":[)" + list + R"(]},"namespace":"a"})";
}

TEST(CallerRuleDiff, of_many_patterns_shows_those_that_differ) {
  std::vector<std::string> roles;
  for (const char letter : std::string("abcdefghijkl")) roles.push_back("role-" + std::string(1, letter));
  const Compiled before = with(rule_with_roles(roles));
  roles.back() = "role-z";
  const Compiled after = with(rule_with_roles(roles));
  EXPECT_EQ(printed(diff(before.snapshot, after.snapshot)),
            "callers\n"
            "  ~ rule 1\n"
            "    ~ when: the same, role without \"role-l\"; role with \"role-z\"\n"
            "different: 0 added, 0 removed, 0 changed, 1 unchanged; caller rules differ\n");
}

TEST(CallerRuleDiff, of_very_many_patterns_that_differ_shows_the_first) {
  std::vector<std::string> olds;
  std::vector<std::string> news;
  for (int i = 0; i < 10; ++i) olds.push_back("a" + std::to_string(i));
  news = olds;
  for (int i = 10; i < 22; ++i) {
    olds.push_back("b" + std::to_string(i));
    news.push_back("c" + std::to_string(i));
  }
  EXPECT_THAT(printed(diff(with(rule_with_roles(olds)).snapshot, with(rule_with_roles(news)).snapshot)),
              testing::HasSubstr("role without \"b10\", \"b11\", \"b12\", \"b13\", \"b14\", \"b15\", \"b16\", \"b17\", \"b18\", "
                                 "\"b19\", 2 more; role with \"c10\", "));
}

TEST(CallerRuleDiff, tells_a_ramp_of_one_stage_from_a_share_from_ever_on) {
  const Compiled before = with(R"({"namespace":"a","rollout":{"to":"b","percent":10}})");
  const Compiled after = with(R"({"namespace":"a","rollout":{"to":"b","ramp":[{"at":"1970-01-01T00:00:00Z","percent":10}]}})");
  EXPECT_THAT(
      printed(diff(before.snapshot, after.snapshot)),
      testing::HasSubstr("    ~ rollout: to \"b\" by instance: 10% always -> to \"b\" by instance: evenly 10% at 1970-01-01T00:00:00Z\n"));
}

TEST(CallerRuleDiff, tells_programs_both_forms) {
  const Compiled before = with(R"({"when":{"role":"x"},"namespace":"a"},{"when":{"role":"z"},"namespace":"a"})");
  const Compiled after = with(R"({"when":{"role":"y"},"namespace":"b","rollout":{"to":"c","percent":"10","by":"caller"}})");
  EXPECT_EQ(
      printed_by([&](Output& output) { print_json(diff(before.snapshot, after.snapshot), output); }),
      R"({"change":"changed","caller_rule":1,"old":{"when":{"role":"x"},"namespace":"a"},"new":{"when":{"role":"y"},"namespace":"b","rollout":{"to":"c","percent":"10%","by":"caller"}}}
{"change":"removed","caller_rule":2,"old":{"when":{"role":"z"},"namespace":"a"}}
{"summary":{"same":false,"added":0,"removed":0,"changed":0,"unchanged":1,"caller_rules":2}}
)");
}

}  // namespace
}  // namespace almanac::inspect
