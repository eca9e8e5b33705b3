#include "publish/caller_guard.h"

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
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Moment kNine = support::kStart;

const std::string kBlue = R"({"namespace":"blue","name":"x","value":"1"})"
                          "\n";
const std::string kBoth = kBlue + R"({"namespace":"green","name":"x","value":"2"})"
                                  "\n";
const std::string kSome = R"({"when":{"role":"a*"},"namespace":"blue"})";
const std::string kAll = R"({"namespace":"blue"})";

std::string rules(const std::string& text) { return R"({"callers":[)" + text + "]}\n"; }

std::string left_without(const std::string& live, const std::string& next) {
  const inspect::Compiled before = compiled(live);
  const inspect::Compiled after = compiled(next);
  return callers_left_without(facts_of(before.snapshot), facts_of(after.snapshot));
}

TEST(CallerGuard, a_rule_for_every_caller_does_not_go_unseen) {
  EXPECT_EQ(
      left_without(kBoth + rules(kSome + "," + kAll), kBoth + rules(kSome)),
      "caller rule 2 of what is live gives every caller that gets there \"blue\", and of the new rules none is for every caller: those "
      "that none matches would get no namespace; end with a rule without when to give them one");
  EXPECT_EQ(left_without(kBoth + rules(kSome + "," + kAll), kBoth + rules(kAll)), "");
  EXPECT_EQ(left_without(kBoth + rules(kSome), kBoth + rules(kSome)), "") << "they had none";
}

TEST(CallerGuard, rules_do_not_go_unseen_where_they_chose_among_namespaces) {
  EXPECT_EQ(left_without(kBoth + rules(kSome), kBoth),
            "the only caller rule would be gone, and with 2 namespaces callers that name none would get none");
  EXPECT_THAT(left_without(kBoth + rules(kSome + "," + kAll), kBoth), HasSubstr("all 2 caller rules would be gone"));
  EXPECT_EQ(left_without(kBoth + rules(kAll), kBlue), "") << "everybody gets the only one";
  EXPECT_EQ(left_without(kBoth, kBoth), "");
}

TEST(CallerGuard, the_first_rules_are_for_everybody_who_had_the_only_namespace) {
  EXPECT_EQ(left_without(kBlue, kBoth + rules(kSome)),
            "without rules every caller gets the only namespace, \"blue\", and of the new rules (1 caller rule) none is for every caller: "
            "those that none matches would get no namespace; end with a rule without when to give them one");
  EXPECT_EQ(left_without(kBlue, kBoth + rules(kSome + "," + kAll)), "");
  EXPECT_EQ(left_without(kBoth, kBoth + rules(kSome)), "") << "of several namespaces nobody got one";
}

std::string rollout(const std::string& kind) { return rules(R"({"namespace":"blue","rollout":{"to":"green",)" + kind + "}}"); }

std::vector<std::string> begun(const std::string& live, const std::string& next, Moment now) {
  const inspect::Compiled before = compiled(live);
  const inspect::Compiled after = compiled(next);
  return rollouts_already_begun(facts_of(before.snapshot), facts_of(after.snapshot), now);
}

TEST(CallerGuard, a_new_rollout_is_not_past_its_half) {
  const std::string canary = rollout(R"("canary":{"from":"2026-11-20T09:00:00Z","percent":"50%","for":"20m"})");
  EXPECT_THAT(begun(kBoth, kBoth + canary, kNine - minutes(1)), IsEmpty());
  EXPECT_THAT(begun(kBoth, kBoth + canary, kNine), IsEmpty()) << "half is not past the half";
  EXPECT_THAT(
      begun(kBoth, kBoth + canary, kNine + minutes(20)),
      ElementsAre("rule 1 blue -> green: over since 2026-11-20T09:20:00Z: moves everybody at once, and it is new; give it times to come"));
  const std::string even = rollout(R"("linear":{"from":"2026-11-20T09:00:00Z","over":"100m"})");
  EXPECT_THAT(begun(kBoth, kBoth + even, kNine + minutes(50)), IsEmpty());
  EXPECT_THAT(begun(kBoth, kBoth + even, kNine + minutes(51)), ElementsAre(HasSubstr("51 % now, 100 % at 2026-11-20T10:40:00Z")));
}

TEST(CallerGuard, a_rollout_that_is_live_and_a_percentage_pass) {
  const std::string at = rollout(R"("at":"2026-11-20T09:00:00Z")");
  EXPECT_THAT(begun(kBoth + at, kBoth + at, kNine), IsEmpty());
  EXPECT_THAT(begun(kBoth + rollout(R"("percent":5)"), kBoth + at, kNine), IsEmpty());
  EXPECT_THAT(begun(kBoth, kBoth + rollout(R"("percent":"90%")"), kNine), IsEmpty());
  const std::string back = rules(R"({"namespace":"green","rollout":{"to":"blue","at":"2026-11-20T08:00:00Z"}})");
  EXPECT_THAT(begun(kBoth + at, kBoth + back, kNine), ElementsAre(HasSubstr("rule 1 green -> blue"))) << "the other way is another rollout";
}

}  // namespace
}  // namespace almanac::publish
