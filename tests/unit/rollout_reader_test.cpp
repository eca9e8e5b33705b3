#include "source/rollout_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "document_text.h"
#include "inspect/percentage.h"
#include "inspect/quantity.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;

LoadResult loaded_with(const std::string& fields) {
  return load_texts({{"x.yaml", "namespaces: {p: {}, q: {}}\ncallers: [{namespace: p, rollout:\n {to: q, " + fields + "}}]\n"}});
}

std::vector<std::string> problems_with(const std::string& fields) { return problem_lines(loaded_with(fields)); }

// "10% 2026-11-20T09:00:00Z", and in front of a ramp "ramp"; or what is wrong.
std::vector<std::string> stages_with(const std::string& fields) {
  const LoadResult loaded = loaded_with(fields);
  if (!loaded.problems.empty()) return problem_lines(loaded);
  const internal::Schedule& schedule = loaded.registry.caller_rules.at(0).rollouts.at(0).schedule;
  std::vector<std::string> texts;
  if (schedule.is_ramp) texts.emplace_back("ramp");
  for (const internal::Stage& stage : schedule.stages)
    texts.push_back(inspect::percentage_text(stage.share) + " " + inspect::rfc3339(stage.at));
  return texts;
}

TEST(RolloutReader, every_kind_is_stages) {
  EXPECT_THAT(stages_with("percent: 12.5"), ElementsAre("12.5% 1970-01-01T00:00:00Z"));
  EXPECT_THAT(stages_with("percent: '100%'"), ElementsAre("100% 1970-01-01T00:00:00Z"));
  EXPECT_THAT(stages_with("at: 2026-11-20T10:00:00.250+01:00"), ElementsAre("100% 2026-11-20T09:00:00.250Z"));
  EXPECT_THAT(stages_with("canary: {from: 2026-11-20T09:00:00Z, percent: 10%, for: 20m}"),
              ElementsAre("10% 2026-11-20T09:00:00Z", "100% 2026-11-20T09:20:00Z"));
  EXPECT_THAT(stages_with("linear: {from: 2026-11-20T09:00:00Z, step: 40%, every: 6m}"),
              ElementsAre("40% 2026-11-20T09:06:00Z", "80% 2026-11-20T09:12:00Z", "100% 2026-11-20T09:18:00Z"));
  EXPECT_THAT(stages_with("linear: {from: 2026-11-20T09:00:00Z, step: 50%, over: 1h}"),
              ElementsAre("50% 2026-11-20T09:30:00Z", "100% 2026-11-20T10:00:00Z"));
  EXPECT_THAT(stages_with("linear: {from: 2026-11-20T09:00:00Z, over: 1d, up_to: 50%}"),
              ElementsAre("ramp", "0% 2026-11-20T09:00:00Z", "50% 2026-11-21T09:00:00Z"));
  EXPECT_THAT(stages_with("exponential: {from: 2026-11-20T09:00:00Z, start: 30%, every: 500ms}"),
              ElementsAre("30% 2026-11-20T09:00:00.500Z", "60% 2026-11-20T09:00:01Z", "100% 2026-11-20T09:00:01.500Z"));
  EXPECT_THAT(stages_with("exponential: {from: 2026-11-20T09:00:00Z, start: 20%, over: 90s, up_to: 50%}"),
              ElementsAre("20% 2026-11-20T09:00:30Z", "40% 2026-11-20T09:01:00Z", "50% 2026-11-20T09:01:30Z"));
  EXPECT_THAT(stages_with("steps: [{at: 2026-11-20T09:00:00Z, percent: 1%}, {at: 2026-11-21T09:00:00Z, percent: 1%}]"),
              ElementsAre("1% 2026-11-20T09:00:00Z", "1% 2026-11-21T09:00:00Z"));
  EXPECT_THAT(stages_with("ramp: [{at: 2026-11-20T09:00:00Z, percent: 1%}]"), ElementsAre("ramp", "1% 2026-11-20T09:00:00Z"));
}

TEST(RolloutReader, has_one_kind) {
  EXPECT_THAT(problems_with("by: key"),
              ElementsAre("x.yaml:3:2: caller rule 1: rollout to \"q\": needs one of percent, at, canary, linear, "
                          "exponential, steps or ramp"));
  EXPECT_THAT(problems_with("percent: 1, at: 2026-11-20T09:00:00Z"),
              ElementsAre("x.yaml:3:26: caller rule 1: rollout to \"q\": has percent and at; give one of percent, at, canary, linear, "
                          "exponential, steps or ramp"));
  EXPECT_THAT(problems_with("percents: 1, percent: 1"),
              ElementsAre("x.yaml:3:10: caller rule 1: rollout: unknown field \"percents\"; did you mean \"percent\"?"));
  EXPECT_THAT(problems_with("percent: 1, by: host"),
              ElementsAre("x.yaml:3:26: caller rule 1: rollout to \"q\": by must be instance, caller or key, got \"host\""));
  EXPECT_THAT(problems_with("percent: 1, by: Instance"),
              ElementsAre("x.yaml:3:26: caller rule 1: rollout to \"q\": unknown by \"Instance\"; did you mean \"instance\"?"));
  EXPECT_THAT(problems_with("percent: 1, by: keys"),
              ElementsAre("x.yaml:3:26: caller rule 1: rollout to \"q\": unknown by \"keys\"; did you mean \"key\"?"));
  EXPECT_THAT(problems_with("percent: 1, by: [key]"),
              ElementsAre("x.yaml:3:26: caller rule 1: rollout to \"q\": by must be instance, caller or key, got a list"));
}

TEST(RolloutReader, has_a_namespace_to_go_to) {
  const auto of_rollout = [](const std::string& rollout) {
    return problems_of(Language::yaml, "namespaces: {p: {}}\ncallers: [{namespace: p, rollout: " + rollout + "}]\n");
  };
  EXPECT_THAT(of_rollout("{percent: 1}"), ElementsAre("x.yaml:2:35: caller rule 1: rollout: needs the namespace that it goes to"));
  EXPECT_THAT(of_rollout("{to: {}, percent: 1}"), ElementsAre("x.yaml:2:40: caller rule 1: rollout: to must be a text, got a mapping"));
  EXPECT_THAT(of_rollout("q"),
              ElementsAre("x.yaml:2:35: caller rule 1: rollout: must be a mapping with to and a kind of rollout, got a text"));
}

TEST(RolloutReader, names_what_a_kind_lacks) {
  const std::string rollout = "caller rule 1: rollout to \"q\": ";
  EXPECT_THAT(problems_with("canary: 10%"),
              ElementsAre("x.yaml:3:18: " + rollout + "canary must be a mapping with from, percent and for, got a text"));
  EXPECT_THAT(problems_with("canary: {from: 2026-11-20T09:00:00Z}"),
              ElementsAre("x.yaml:3:18: " + rollout + "canary needs percent", "x.yaml:3:18: " + rollout + "canary needs for"));
  EXPECT_THAT(problems_with("linear: 30m"), ElementsAre("x.yaml:3:18: " + rollout + "linear must be a mapping with from, got a text"));
  const std::string linear = rollout + "linear needs a step and every or over, or over alone for an even ramp";
  EXPECT_THAT(problems_with("linear: {from: 2026-11-20T09:00:00Z}"), ElementsAre("x.yaml:3:18: " + linear));
  EXPECT_THAT(problems_with("linear: {from: 2026-11-20T09:00:00Z, every: 1m}"), ElementsAre("x.yaml:3:18: " + linear));
  const std::string pace = "needs every, the time of a step, or over, the time of all steps";
  EXPECT_THAT(problems_with("linear: {from: 2026-11-20T09:00:00Z, step: 1}"), ElementsAre("x.yaml:3:18: " + rollout + "linear " + pace));
  EXPECT_THAT(problems_with("exponential: {from: 2026-11-20T09:00:00Z, start: 1, every: 1m, over: 1h}"),
              ElementsAre("x.yaml:3:23: " + rollout + "exponential " + pace + "; give one of them"));
  EXPECT_THAT(problems_with("steps: []"), ElementsAre("x.yaml:3:17: " + rollout + "steps: it has no stages"));
  EXPECT_THAT(problems_with("ramp: 1"),
              ElementsAre("x.yaml:3:16: " + rollout + "ramp must be a list of stages, each with at and percent, got a text"));
  EXPECT_THAT(problems_with("ramp: [{at: 2026-11-20T09:00:00Z}]"), ElementsAre("x.yaml:3:17: " + rollout + "a stage needs percent"));
}

TEST(RolloutReader, values_have_their_forms) {
  const std::string rollout = "caller rule 1: rollout to \"q\": ";
  const std::string percentage = " must be 0% to 100%, with up to four digits behind the point, got ";
  const std::string moment =
      " must be a time from 1970 to 9999 with its offset, at most to the millisecond, such as 2026-11-20T09:00:00Z, got ";
  EXPECT_THAT(problems_with("percent: 101"), ElementsAre("x.yaml:3:19: " + rollout + "percent" + percentage + "\"101\""));
  EXPECT_THAT(problems_with("percent: [1]"), ElementsAre("x.yaml:3:19: " + rollout + "percent" + percentage + "a list"));
  EXPECT_THAT(problems_with("at: 2026-11-20"), ElementsAre("x.yaml:3:14: " + rollout + "at" + moment + "\"2026-11-20\""));
  EXPECT_THAT(problems_with("at: 2026-11-20T09:00:00.0001Z"),
              ElementsAre("x.yaml:3:14: " + rollout + "at" + moment + "\"2026-11-20T09:00:00.0001Z\""));
  EXPECT_THAT(problems_with("linear: {from: 2026-11-20T09:00:00Z, step: 0%, every: 6, up_to: 0}"),
              ElementsAre("x.yaml:3:53: " + rollout + "step must be above 0%",
                          "x.yaml:3:64: " + rollout + "every must be a whole number above 0 of ms, s, m, h or d, such as 90s, got \"6\"",
                          "x.yaml:3:74: " + rollout + "up_to must be above 0%"));
}

TEST(RolloutReader, stages_ascend_and_do_not_fall) {
  const std::string rollout = "caller rule 1: rollout to \"q\": ";
  EXPECT_THAT(problems_with("steps: [{at: 2026-11-20T09:00:00Z, percent: 2}, {at: 2026-11-20T09:00:00Z, percent: 3}]"),
              ElementsAre("x.yaml:3:58: " + rollout +
                          "steps: its stages are not in the order of their times; give each a later time than the one before"));
  EXPECT_THAT(
      problems_with("ramp: [{at: 2026-11-20T09:00:00Z, percent: 2}, {at: 2026-11-20T09:00:01Z, percent: 1}]"),
      ElementsAre("x.yaml:3:57: " + rollout +
                  "ramp: its share falls, and who has moved does not move back; give each stage the percent of the one before or more"));
  EXPECT_THAT(problems_with("linear: {from: 2026-11-20T09:00:00Z, step: 0.05%, every: 1s}"),
              ElementsAre("x.yaml:3:53: " + rollout + "linear makes more than 1,000 stages; take a larger step"));
  EXPECT_THAT(problems_with("canary: {from: 9999-12-31T23:00:00Z, percent: 1, for: 1h}"),
              ElementsAre("x.yaml:3:18: " + rollout + "canary: the time of a stage is not from 1970 to 9999"));
  EXPECT_THAT(problems_with("linear: {from: 2026-11-20T09:00:00Z, step: 10%, over: 9ms}"),
              ElementsAre("x.yaml:3:64: " + rollout + "over must be a millisecond for each of the 10 steps at least"));
  EXPECT_THAT(problems_with("linear: {from: 2026-11-20T09:00:00Z, step: 10%, over: 10ms}"), testing::IsEmpty());
  EXPECT_THAT(problems_with("exponential: {from: 2026-11-20T09:00:00Z, start: 50%, over: 1ms}"),
              ElementsAre("x.yaml:3:70: " + rollout + "over must be a millisecond for each of the 2 steps at least"));
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "{at: " + inspect::rfc3339(internal::kAlways + std::chrono::seconds(i)) + ", percent: 1}, ";
  EXPECT_THAT(problems_with("steps: [" + many + "]"),
              ElementsAre("x.yaml:3:17: " + rollout +
                          "steps must have at most 1,000 stages, got 1,001; leave some out, or let a ramp grow evenly between fewer"));
}

}  // namespace
}  // namespace almanac::source
