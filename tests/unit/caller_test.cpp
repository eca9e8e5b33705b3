#include <almanac/caller.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "property/random_seed.h"
#include "support/error_matchers.h"

namespace almanac {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::ElementsAre;
using testing::Pair;

Caller parse(std::string_view text) { return Caller::parse(text, "ALMANAC_CALLER"); }

TEST(Caller, has_what_was_set) {
  Caller caller;
  caller.set("role", "checkout").set("tag.stage", "prod").set("function", "pay");
  EXPECT_EQ(caller.get("role"), "checkout");
  EXPECT_EQ(caller.get("tag.stage"), "prod");
  EXPECT_EQ(caller.get("tag"), "");
  EXPECT_EQ(caller.get(""), "");
  EXPECT_THAT(caller.properties(), ElementsAre(Pair("function", "pay"), Pair("role", "checkout"), Pair("tag.stage", "prod")));
}

TEST(Caller, what_is_set_again_replaces_what_was_there) {
  Caller caller;
  caller.set("role", "a").set("role", "b");
  EXPECT_EQ(caller.get("role"), "b");
  caller.set("role", "");
  EXPECT_TRUE(caller.properties().empty());
  caller.set("role", "");
  EXPECT_TRUE(caller.properties().empty());
}

TEST(Caller, takes_over_the_properties_of_another_one) {
  Caller caller;
  caller.set("role", "a").set("region", "us-east-1");
  Caller other;
  other.set("role", "b").set("zone", "us-east-1a");
  caller.set(other);
  EXPECT_THAT(caller.properties(), ElementsAre(Pair("region", "us-east-1"), Pair("role", "b"), Pair("zone", "us-east-1a")));
}

TEST(Caller, names_and_values_that_no_rule_could_tell_apart_are_refused) {
  Caller caller;
  const std::string nul(1, '\0');
  EXPECT_THAT(error_from([&] { caller.set("", "a"); }),
              IsError(ErrorCode::kInvalidArgument, "property \"\" of a caller", kNowhere, "empty"));
  EXPECT_THAT(error_from([&] { caller.set("a=b", "c"); }),
              IsError(ErrorCode::kInvalidArgument, "property \"a=b\" of a caller", kNowhere, "have a ="));
  for (const std::string name : {" ", " a", "a "}) {
    EXPECT_THAT(error_from([&] { caller.set(name, "c"); }),
                IsError(ErrorCode::kInvalidArgument, "property \"" + name + "\" of a caller", kNowhere, "blanks around it"));
  }
  EXPECT_EQ(error_from([&] { caller.set("a" + nul, "b"); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(error_from([&] { caller.set("a", "b" + nul); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_TRUE(caller.properties().empty());
}

TEST(Caller, is_parsed_from_text) {
  EXPECT_TRUE(parse("").properties().empty());
  EXPECT_THAT(parse("role=checkout,tag.team=blue").properties(), ElementsAre(Pair("role", "checkout"), Pair("tag.team", "blue")));
  EXPECT_THAT(parse("b=2,a=1=1").properties(), ElementsAre(Pair("a", "1=1"), Pair("b", "2")));
  EXPECT_THAT(parse(R"(tag.note=one\, two \\ three)").properties(), ElementsAre(Pair("tag.note", R"(one, two \ three)")));
  EXPECT_THAT(parse("role= a b ").properties(), ElementsAre(Pair("role", " a b ")));
}

TEST(Caller, text_that_is_none_is_refused_with_its_reason) {
  const auto refused = [](std::string_view text, const std::string& why) {
    const Error error = error_from([text] { (void)parse(text); });
    EXPECT_THAT(error, IsError(ErrorCode::kInvalidArgument, "ALMANAC_CALLER", kNowhere, why)) << text;
    EXPECT_THAT(error.what(), testing::HasSubstr("got \"" + std::string(text) + "\""));
  };
  refused("role", R"("role" is no property)");
  refused("role=a,team", R"("team" is no property)");
  refused("=a", R"("=a" is no property)");
  refused(",role=a", R"("" is no property)");
  refused("role=a,,team=b", R"("" is no property)");
  refused("role=a,", "a property is missing behind the last comma");
  refused("role=a,role=b", R"(gives "role" twice)");
  refused("role=", R"("role" has no value)");
  refused("role=,role=a", R"("role" has no value)");
  refused("role=a, team=b", R"(" team" has blanks around it)");
  refused("role =a", R"("role " has blanks around it)");
  refused(R"(role=DOMAIN\user)", "has a backslash before something else");
  refused(R"(role=a\)", "has a backslash before something else");
}

TEST(Caller, text_is_parsed_back) {
  Caller caller;
  caller.set("role", R"(a,b\c=d)").set("tag.x,y", "z").set(R"(a\b)", "\xE2\x82\xAC");
  EXPECT_EQ(caller.text(), "a\\\\b=\xE2\x82\xAC,role=a\\,b\\\\c=d,tag.x\\,y=z");
  EXPECT_EQ(parse(caller.text()).properties(), caller.properties());
  EXPECT_EQ(Caller().text(), "");
}

TEST(Caller, any_text_is_parsed_back) {
  std::mt19937_64 random(property::random_seed());
  const std::string_view characters = "ab,\\= \n\xC3\xA4\xFF.";
  const auto word = [&](std::size_t most) {
    std::string text;
    for (std::size_t left = 1 + random() % most; left > 0; --left) text += characters[random() % characters.size()];
    return text;
  };
  for (int i = 0; i < 2000; ++i) {
    Caller caller;
    for (std::size_t left = random() % 4; left > 0; --left) {
      std::string name = word(4);
      std::erase(name, '=');
      if (!name.empty() && name.front() != ' ' && name.back() != ' ') caller.set(name, word(8));
    }
    ASSERT_EQ(parse(caller.text()).properties(), caller.properties()) << caller.text();
  }
}

}  // namespace
}  // namespace almanac
