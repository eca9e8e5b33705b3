#include "caller_slips.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace almanac::internal {
namespace {

// Each slip as "given -> asked", where the rules ask for role, region and tag.stage.
std::vector<std::string> slips(const std::string& caller) {
  CallerRule first;
  first.conditions = {{"role", {"a"}}, {"tag.stage", {"b"}}};
  CallerRule second;
  second.conditions = {{"region", {"c"}}, {"role", {"d"}}};
  const std::vector<CallerRule> rules = {first, second};
  const Caller who = Caller::parse(caller, "the test");
  std::vector<std::string> texts;
  for (const auto& [given, asked] : slips_of(who, rules)) texts.push_back(std::string(given) + " -> " + std::string(asked));
  return texts;
}

TEST(CallerSlips, are_one_letter_off_what_rules_ask_for) {
  using testing::ElementsAre;
  EXPECT_THAT(slips("rol=x"), ElementsAre("rol -> role"));
  EXPECT_THAT(slips("roles=x"), ElementsAre("roles -> role"));
  EXPECT_THAT(slips("ole=x"), ElementsAre("ole -> role"));
  EXPECT_THAT(slips("rule=x"), ElementsAre("rule -> role"));
  EXPECT_THAT(slips("rolE=x"), ElementsAre("rolE -> role"));
  EXPECT_THAT(slips("roel=x"), ElementsAre("roel -> role"));
  EXPECT_THAT(slips("tag.satge=x,regoin=y"), ElementsAre("regoin -> region", "tag.satge -> tag.stage"));
}

TEST(CallerSlips, are_not_what_is_right_or_further_off) {
  EXPECT_THAT(slips(""), testing::IsEmpty());
  EXPECT_THAT(slips("role=x,region=y,tag.stage=z"), testing::IsEmpty());
  EXPECT_THAT(slips("ro=x"), testing::IsEmpty());
  EXPECT_THAT(slips("rail=x"), testing::IsEmpty());
  EXPECT_THAT(slips("relo=x"), testing::IsEmpty()) << "exchanged, and not neighbours";
  EXPECT_THAT(slips("rolesx=x,function=y,instance=z"), testing::IsEmpty());
  EXPECT_THAT(slips("role=x,rol=y"), testing::IsEmpty()) << "the caller has what is asked for";
}

}  // namespace
}  // namespace almanac::internal
