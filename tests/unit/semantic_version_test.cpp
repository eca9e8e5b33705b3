#include "semantic_version.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "version_tables.h"

namespace almanac::internal {
namespace {

using testing::ElementsAre;

SemanticVersion version(std::string_view text) { return parse_version(text).value(); }

TEST(SemanticVersion, is_three_numbers_and_a_pre_release) {
  EXPECT_THAT(version("1.20.300").numbers, ElementsAre(1, 20, 300));
  EXPECT_EQ(version("1.2.3").pre_release, "");
  EXPECT_EQ(version("1.2.3-rc.1").pre_release, "rc.1");
  EXPECT_EQ(version("1.2.3-rc.1+build-7").pre_release, "rc.1");
  EXPECT_EQ(version("1.2.3+build-7.01").pre_release, "");
  EXPECT_EQ(version("1.2.3--.-").pre_release, "-.-");
  EXPECT_THAT(version("9007199254740991.0.9007199254740991").numbers, ElementsAre(kMaxVersionNumber, 0, kMaxVersionNumber));
}

TEST(SemanticVersion, anything_else_is_none) {
  for (const std::string_view text : {"",
                                      "1",
                                      "1.2",
                                      "1.2.",
                                      "1.2.3.4",
                                      "v1.2.3",
                                      " 1.2.3",
                                      "1.2.3 ",
                                      "1.2.x",
                                      "01.2.3",
                                      "1.02.3",
                                      "1.2.03",
                                      "-1.2.3",
                                      "1..3",
                                      ".1.2.3",
                                      "1.2.3-",
                                      "1.2.3+",
                                      "1.2.3-+b",
                                      "1.2.3-a.",
                                      "1.2.3-.a",
                                      "1.2.3-a..b",
                                      "1.2.3-01",
                                      "1.2.3-a.00",
                                      "1.2.3-a_b",
                                      "1.2.3+a+b",
                                      "1.2.3-\xC3\xA4",
                                      "9007199254740992.0.0",
                                      "0.99999999999999999999999.0",
                                      "1.2.3a",
                                      "1,2.3"}) {
    EXPECT_FALSE(parse_version(text)) << text;
  }
  EXPECT_FALSE(parse_version(std::string_view("1.2.3\0", 6)));
}

// The example of https://semver.org/spec/v2.0.0.html, section 11.
TEST(SemanticVersion, precedence_is_that_of_the_specification) {
  const std::vector<std::string_view> ascending = {
      "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0",
      "2.1.0",       "2.1.1"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(version(ascending[i]) <=> version(ascending[j]), i <=> j) << ascending[i] << " and " << ascending[j];
    }
  }
}

TEST(SemanticVersion, numbers_of_a_pre_release_may_be_of_any_length) {
  EXPECT_LT(version("1.0.0-99999999999999999999"), version("1.0.0-100000000000000000000"));
  EXPECT_LT(version("1.0.0-100000000000000000000"), version("1.0.0-100000000000000000001"));
}

TEST(SemanticVersion, node_semver_says_which_is_greater) {
  const auto table = version_table("greater");
  for (const auto& [greater, less] : table) EXPECT_GT(version(greater), version(less)) << greater << " and " << less;
  EXPECT_EQ(table.size(), 19U);
}

TEST(SemanticVersion, builds_make_no_difference) {
  const auto table = version_table("equivalent");
  for (const auto& [left, right] : table) EXPECT_EQ(version(left), version(right)) << left << " and " << right;
  EXPECT_EQ(table.size(), 2U);
}

}  // namespace
}  // namespace almanac::internal
