#include "inspect/question.h"

#include <gtest/gtest.h>

#include <chrono>

#include "support/environment_variable.h"
#include "support/error_matchers.h"

namespace almanac::inspect {
namespace {

using support::EnvironmentVariable;
using support::error_from;
using support::IsError;
using support::kNowhere;

TEST(Question, takes_a_moment_with_an_offset_or_now) {
  EXPECT_EQ(moment_asked("1970-01-01T01:00:00.250+01:00"), internal::Moment(std::chrono::milliseconds(250)));
  const internal::Moment before = internal::moment_of(std::chrono::system_clock::now());
  const internal::Moment now = moment_asked(std::nullopt);
  EXPECT_LE(before, now);
  EXPECT_LE(now, internal::moment_of(std::chrono::system_clock::now()));
  for (const char* text : {"", "now", "2026-11-20", "2026-11-20T09:00:00", "1795165200", "2026-02-30T09:00:00Z", "1969-12-31T23:59:59Z"}) {
    EXPECT_THAT(error_from([&] { (void)moment_asked(text); }),
                IsError(ErrorCode::kInvalidArgument, "--at", kNowhere,
                        "from 1970 to 9999 and on a day that there is, such as 2026-11-20T09:00:00Z, got \"" + std::string(text) + "\""));
  }
}

TEST(Question, takes_properties_as_they_are_written) {
  Question question;
  set_caller(question, R"(role=a\,b,tag.stage=prod)");
  EXPECT_EQ(question.caller.get("role"), "a,b");
  EXPECT_EQ(question.caller.get("tag.stage"), "prod");
  set_caller(question, "");
  EXPECT_TRUE(question.caller.properties().empty());
  EXPECT_THAT(
      error_from([&] { set_caller(question, "enviroment"); }),
      IsError(ErrorCode::kInvalidArgument, "--caller", kNowhere, R"(takes properties or "environment", got "enviroment"; did you)"));
  EXPECT_THAT(error_from([&] { set_caller(question, "role"); }), IsError(ErrorCode::kInvalidArgument, "--caller", kNowhere, "role"));
}

TEST(Question, takes_what_the_process_knows_of_itself_only_when_it_is_asked_to) {
  const EnvironmentVariable named("ALMANAC_NAMESPACE", "staging");
  const EnvironmentVariable caller("ALMANAC_CALLER", "tag.team=blue");
  Question question;
  set_caller(question, "tag.team=green");
  EXPECT_EQ(question.caller.text(), "tag.team=green");
  EXPECT_FALSE(question.named_by_variable);
  set_caller(question, "environment");
  EXPECT_EQ(question.caller.get("tag.team"), "blue");
  EXPECT_EQ(question.named_by_variable, "staging");
}

TEST(Question, an_empty_variable_names_nothing) {
  const EnvironmentVariable named("ALMANAC_NAMESPACE", "");
  Question question;
  set_caller(question, "environment");
  EXPECT_FALSE(question.named_by_variable);
}

}  // namespace
}  // namespace almanac::inspect
