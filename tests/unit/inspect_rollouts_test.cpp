#include "inspect/rollouts.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "inspect/print_rollouts.h"
#include "inspect/terminal_text.h"
#include "inspect_compiled.h"
#include "inspect_printed.h"
#include "support/crafted_rules.h"
#include "support/schedules.h"

namespace almanac::inspect {
namespace {

using internal::Moment;
using internal::Schedule;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr Moment kNine = support::kStart;

const std::string kNamespaces = R"({"namespace":"blue","name":"x","value":"1"}
{"namespace":"green","name":"x","value":"2"}
{"namespace":"grey","name":"x","value":"3"}
)";

RolloutsReport report_of(const Compiled& all, Moment at) { return find_rollouts({"x.almanac", all.snapshot, std::nullopt}, at); }

TEST(Rollouts, says_where_each_stands) {
  const Schedule steps{{{kNine, 100'000}, {kNine + minutes(20), 1'000'000}}, false};
  EXPECT_EQ(state_of(steps, kNine - milliseconds(1)), RolloutState::kNotBegun);
  EXPECT_EQ(state_of(steps, kNine), RolloutState::kUnderWay);
  EXPECT_EQ(state_of(steps, kNine + minutes(20) - milliseconds(1)), RolloutState::kUnderWay);
  EXPECT_EQ(state_of(steps, kNine + minutes(20)), RolloutState::kOver);
  EXPECT_EQ(state_of({{{internal::kAlways, 100'000}}, false}, kNine), RolloutState::kAlways);
  EXPECT_EQ(state_of({{{kNine, 1'000'000}}, false}, kNine - minutes(1)), RolloutState::kNotBegun);
  EXPECT_EQ(state_of({{{kNine, 1'000'000}}, false}, kNine), RolloutState::kOver);
}

TEST(Rollouts, finds_those_of_every_rule_in_their_order) {
  const Compiled all = compiled(
      kNamespaces +
      R"({"callers":[{"when":{"function":"a"},"namespace":"grey"},{"when":{"function":"b"},"namespace":"blue",)"
      R"("rollout":[{"to":"green","percent":"10%","by":"caller"},{"to":"grey","steps":[{"at":"2026-11-20T09:00:00Z","percent":"90%"}],"by":"caller"}]}]})");
  const RolloutsReport report = report_of(all, kNine);
  ASSERT_EQ(report.rules.size(), 1U);
  EXPECT_EQ(report.rules[0].number, 2U);
  ASSERT_EQ(report.rules[0].rollouts.size(), 2U);
  const RolloutReport& first = report.rules[0].rollouts[0];
  EXPECT_EQ(first.from, "blue");
  EXPECT_EQ(first.to, "green");
  EXPECT_EQ(first.share, 100'000U);
  EXPECT_EQ(first.state, RolloutState::kAlways);
  EXPECT_EQ(report.rules[0].rollouts[1].to, "grey");
  EXPECT_EQ(report.rules[0].rollouts[1].state, RolloutState::kOver);
}

TEST(Rollouts, one_share_for_ever_is_a_line_of_text) {
  const Compiled all =
      compiled(kNamespaces + R"({"callers":[{"namespace":"blue","rollout":{"to":"green","percent":"12.5%","by":"key"}}]})");
  EXPECT_EQ(printed(report_of(all, kNine)),
            "at           2026-11-20T09:00:00Z\n"
            "\n"
            "rule 1       blue -> green, by key\n"
            "callers      every caller\n"
            "now          12.5 %, always\n");
}

TEST(Rollouts, a_single_moment_is_told_and_not_drawn) {
  const Compiled all =
      compiled(kNamespaces +
               R"({"callers":[{"when":{"role":["a","b*"]},"namespace":"blue","rollout":{"to":"green","at":"2026-11-20T09:10:00Z"}}]})");
  EXPECT_EQ(printed(report_of(all, kNine)),
            "at           2026-11-20T09:00:00Z\n"
            "\n"
            "rule 1       blue -> green, by instance\n"
            "callers      role is \"a\" or \"b*\"\n"
            "now          0 %, not begun\n"
            "begins       100 % at 2026-11-20T09:10:00Z, in 10 min\n");
}

TEST(Rollouts, callers_take_as_many_lines_as_their_patterns_need) {
  support::RuledSnapshot ruled({"blue", "green"});
  std::vector<std::string> roles;
  for (int i = 11; i <= 20; ++i) roles.push_back("arn:aws:iam::123456789012:role/checkout-" + std::to_string(i) + "-*");
  ruled.rule("blue", {{"role", {roles[0], roles[1]}}, {"tag.stage", {"prod"}}}, {{"green", {{{internal::kAlways, 1}}, false}}});
  ruled.rule("blue", {{"role", roles}}, {{"green", {{{internal::kAlways, 1}}, false}}});
  const std::vector<std::byte> bytes = ruled.assemble();
  const std::string text = printed(find_rollouts({"x.almanac", Snapshot::from_bytes(bytes, "x.almanac"), std::nullopt}, kNine));
  EXPECT_NE(text.find("callers      role is \"arn:aws:iam::123456789012:role/checkout-11-*\"\n"
                      "             or \"arn:aws:iam::123456789012:role/checkout-12-*\",\n"
                      "             and tag.stage is \"prod\"\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("             or \"arn:aws:iam::123456789012:role/checkout-14-*\" and 6 more\n"), std::string::npos) << text;
}

TEST(Rollouts, tells_of_a_registry_without_any) {
  EXPECT_EQ(printed(report_of(compiled(kNamespaces), kNine)), "at           2026-11-20T09:00:00Z\nrollouts     none: 0 caller rules\n");
}

// Names, properties and patterns come from others: they must neither control the terminal nor push anything past its edge.
TEST(Rollouts, whatever_it_is_called_it_fits_and_controls_nothing) {
  const std::string name = "b\u202e" + std::string(240, 'l');
  support::RuledSnapshot ruled({name, "green"});
  ruled.rule(name, {{"tag.\u202e", {"\x1b[31m" + std::string(1000, 'p')}}},
             {{"green", {{{kNine, 0}, {kNine + minutes(30), kWholeShare}}, true}}});
  const std::vector<std::byte> bytes = ruled.assemble();
  const RolloutsReport report = find_rollouts({"x.almanac", Snapshot::from_bytes(bytes, "x.almanac"), std::nullopt}, kNine + minutes(10));
  std::istringstream lines(printed(report));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_LE(columns(line), 80U) << line;
    EXPECT_EQ(line, visible(line));
  }
  EXPECT_EQ(count, 21U);
}

}  // namespace
}  // namespace almanac::inspect
