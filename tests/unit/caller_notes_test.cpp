#include "publish/caller_notes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect_compiled.h"
#include "support/schedules.h"

namespace almanac::publish {
namespace {

using inspect::compiled;
using internal::Moment;
using std::chrono::minutes;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr Moment kNine = support::kStart;

std::string services(const std::string& name_space, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += R"({"namespace":")" + name_space + R"(","name":"s)" + std::to_string(i) + R"(","value":"1"})" + "\n";
  return lines;
}

std::string rollout(const std::string& kind) {
  return R"({"callers":[{"when":{"role":"a"},"namespace":"green"},{"namespace":"blue","rollout":{"to":"green",)" + kind + "}}]}\n";
}

std::vector<std::string> lines(const std::string& kind, Moment now) {
  return rollout_lines(facts_of(compiled(services("blue", 1) + services("green", 1) + rollout(kind)).snapshot), now);
}

TEST(CallerNotes, a_line_says_where_a_rollout_stands) {
  const std::string linear = R"("linear":{"from":"2026-11-20T09:00:00Z","step":"20%","every":"6m"})";
  EXPECT_THAT(lines(linear, kNine), ElementsAre("rule 2 blue -> green: begins at 2026-11-20T09:06:00Z"));
  EXPECT_THAT(lines(linear, kNine + minutes(14)), ElementsAre("rule 2 blue -> green: 40 % now, 100 % at 2026-11-20T09:30:00Z"));
  EXPECT_THAT(lines(linear, kNine + minutes(30)),
              ElementsAre("rule 2 blue -> green: over since 2026-11-20T09:30:00Z: moves everybody at once"));
  EXPECT_THAT(lines(R"("steps":[{"at":"2026-11-20T09:00:00Z","percent":"12.5%"}])", kNine),
              ElementsAre("rule 2 blue -> green: over since 2026-11-20T09:00:00Z: moves 12.5 % at once"));
  EXPECT_THAT(lines(R"("percent":"10 %")", kNine), ElementsAre("rule 2 blue -> green: 10 % always"));
}

TEST(CallerNotes, of_many_rollouts_the_first_have_a_line) {
  std::string text = services("blue", 1);
  std::string rollouts;
  for (int i = 0; i < 12; ++i) {
    text += services("n" + std::to_string(i), 1);
    rollouts += (i == 0 ? "" : ",") + std::string(R"({"percent":1,"to":"n)") + std::to_string(i) + "\"}";
  }
  const inspect::Compiled all = compiled(text + R"({"callers":[{"namespace":"blue","rollout":[)" + rollouts + "]}]}\n");
  const std::vector<std::string> told = rollout_lines(facts_of(all.snapshot), kNine);
  ASSERT_EQ(told.size(), 11U);
  EXPECT_EQ(told[9], "rule 1 blue -> n9: 1 % always");
  EXPECT_EQ(told[10], "and 2 more rollouts; inspect-snapshot rollouts tells all");
}

TEST(CallerNotes, name_the_services_that_a_rollout_loses) {
  const std::string percent = rollout(R"("percent":1)");
  EXPECT_THAT(caller_notes(compiled(services("blue", 2) + services("green", 3) + percent).snapshot), IsEmpty());
  const auto one = caller_notes(compiled(services("blue", 2) + services("green", 1) + percent).snapshot);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].text, "caller rule 2: rollout to \"green\" loses 1 service that \"blue\" has: s1");
  EXPECT_EQ(one[0].rule, 2U);
  EXPECT_EQ(one[0].rollout, 0U);
  const auto more = caller_notes(compiled(services("blue", 6) + services("green", 1) + percent).snapshot);
  ASSERT_EQ(more.size(), 1U);
  EXPECT_EQ(more[0].text, "caller rule 2: rollout to \"green\" loses 5 services that \"blue\" has: s1, s2, s3 and 2 more");
}

TEST(CallerNotes, tell_who_gets_no_namespace) {
  const auto notes =
      caller_notes(compiled(services("blue", 1) + R"({"callers":[{"when":{"role":"a"},"namespace":"blue"}]})" + "\n").snapshot);
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].text, "callers that no rule matches get no namespace; end with a rule without when to give them one");
  EXPECT_EQ(notes[0].rule, 1U);
  EXPECT_EQ(notes[0].rollout, std::nullopt);
  EXPECT_THAT(caller_notes(compiled(services("blue", 1)).snapshot), IsEmpty()) << "without rules everybody gets the only one";
}

}  // namespace
}  // namespace almanac::publish
