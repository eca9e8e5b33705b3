#include <almanac/version_range.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "semantic_version.h"
#include "support/error_matchers.h"
#include "version_tables.h"

namespace almanac {
namespace {

using internal::parse_version;
using internal::SemanticVersion;
using support::error_from;
using support::IsError;

static_assert(std::is_trivially_copyable_v<VersionRange>);
static_assert(noexcept(VersionRange().contains("")));
static_assert(std::is_convertible_v<const char (&)[4], VersionRange> && std::is_convertible_v<std::string&, VersionRange>);
static_assert(std::is_convertible_v<const std::string&, VersionRange> && std::is_convertible_v<std::string_view, VersionRange>);
static_assert(!std::is_constructible_v<VersionRange, std::string> && !std::is_constructible_v<VersionRange, const std::string>);

TEST(VersionRange, holds_what_node_semver_includes) {
  const auto table = version_table("included");
  for (const auto& [range, version] : table) EXPECT_TRUE(VersionRange(range).contains(version)) << range << " and " << version;
  EXPECT_EQ(table.size(), 98U);
}

TEST(VersionRange, does_not_hold_what_node_semver_excludes) {
  const auto table = version_table("excluded");
  for (const auto& [range, version] : table) EXPECT_FALSE(VersionRange(range).contains(version)) << range << " and " << version;
  EXPECT_EQ(table.size(), 78U);
}

// Every version near the numbers of the tables, with pre-releases that come before, between and behind those.
std::vector<std::string> versions_around() {
  std::vector<std::string> versions = {"0.1.20", "0.1.97", "0.1.96", "0.1.98", "3.5.0-0", "3.5.0", "3.4.5", "3.4.6"};
  for (int major = 0; major < 5; ++major) {
    for (int minor = 0; minor < 6; ++minor) {
      for (int patch = 0; patch < 5; ++patch) {
        for (const char* behind : {"", "-0", "-alpha", "-beta", "-beta.4", "-beta.5", "-rc"}) {
          versions.push_back(std::to_string(major) + '.' + std::to_string(minor) + '.' + std::to_string(patch) + behind);
        }
      }
    }
  }
  return versions;
}

bool holds(const std::string& comparator, const SemanticVersion& version) {
  const std::size_t begin = std::min(comparator.find_first_not_of("<>="), comparator.size());
  const std::string sign = comparator.substr(0, begin);
  const auto order = version <=> parse_version(std::string_view(comparator).substr(begin)).value();
  return (order == 0 && sign != "<" && sign != ">") || (order < 0 && sign.starts_with('<')) || (order > 0 && sign.starts_with('>'));
}

// Of "*", or comparators with spaces between them and || between alternatives, which is all that node-semver's own form has.
bool canonical_contains(std::string canonical, const std::string& text) {
  const SemanticVersion version = parse_version(text).value();
  const std::string numbers = text.substr(0, text.find('-'));
  for (std::size_t at = 0; (at = canonical.find("||", at)) != std::string::npos;) canonical.replace(at, 2, "\n");
  std::istringstream alternatives(canonical);
  for (std::string alternative; std::getline(alternatives, alternative);) {
    std::istringstream comparators(alternative == "*" ? "" : alternative);
    bool all_hold = true;
    bool admitted = version.pre_release.empty();
    for (std::string comparator; comparators >> comparator;) {
      all_hold = all_hold && holds(comparator, version);
      admitted = admitted || comparator.substr(comparator.find_first_not_of("<>=")).starts_with(numbers + '-');
    }
    if (all_hold && admitted) return true;
  }
  return false;
}

TEST(VersionRange, holds_the_same_as_what_node_semver_makes_of_it) {
  const auto table = version_table("same");
  const std::vector<std::string> versions = versions_around();
  for (const auto& [range, canonical] : table) {
    for (const std::string& version : versions) {
      EXPECT_EQ(VersionRange(range).contains(version), canonical_contains(canonical, version)) << range << " and " << version;
    }
  }
  EXPECT_EQ(table.size(), 68U);
}

struct NoRange {
  std::string text;
  std::size_t place;
  const char* words;
};

TEST(VersionRange, what_is_no_range_is_refused_with_its_place) {
  constexpr const char* kNumber = "here must be a number";
  constexpr const char* kSign = "one sign at most";
  constexpr const char* kIdentifier = "here must be an identifier";
  constexpr const char* kEnd = "a space or || must be here";
  const std::vector<NoRange> cases = {
      {">01.02.03", 1, kNumber},  // the two that node-semver lists
      {"~1.2.3beta", 6, kEnd},
      {"newest", 0, kNumber},
      {"^", 1, kNumber},
      {">= ", 3, kNumber},
      {"1.", 2, kNumber},
      {"1.2.", 4, kNumber},
      {"^1.2 || ~2.y", 11, kNumber},
      {"1.2.3.4", 5, kEnd},
      {"1.2-beta", 3, kEnd},
      {"1.2.3,2.0.0", 5, kEnd},
      {">1<2", 2, kEnd},
      {"1|2", 1, kEnd},
      {"|||", 2, kNumber},
      {"vv1", 1, kNumber},
      {"=>1", 1, kSign},
      {"^=1.2", 1, kSign},
      {"> =1", 2, kSign},
      {"~ >1", 2, kSign},
      {"1 - =2", 4, kSign},
      {"9007199254740992", 0, kNumber},
      {"1.2.3-", 6, kIdentifier},
      {"1.2.3-rc..1", 9, kIdentifier},
      {"1.2.3+", 6, kIdentifier},
      {"1.x.3", 4, "no number can follow one"},
      {"1 - 2 - 3", 6, "only || can follow"},
      {"1 - 2 3", 6, "only || can follow"},
      {"0 1 - 2", 2, "must stand alone"},
      {"^0 || 0 1 - 2", 8, "must stand alone"},
      {"=1 - 2", 0, "A - B has no sign"},
      {">1 - 2", 0, "A - B has no sign"},
      {"0 =1 - 2", 2, "A - B has no sign"},
      {"1 -2", 2, kNumber},
      {"1 - ", 4, kNumber},
      {"v 1", 1, kNumber},
      {"1.2+b", 3, kEnd},
      {"+b", 0, kNumber},
      {"1.2.3*", 5, kEnd},
      {"1\xC2\xA0 2", 1, kEnd},
  };
  for (const NoRange& one : cases) {
    EXPECT_THAT(error_from([&] { (void)VersionRange(one.text); }),
                IsError(ErrorCode::kInvalidArgument, "version range \"" + one.text + '"', one.place, one.words))
        << one.text;
  }
}

TEST(VersionRange, bytes_that_no_text_has_are_refused) {
  EXPECT_THROW((void)VersionRange(std::string_view("1\0", 2)), Error);
  EXPECT_THROW((void)VersionRange("\xFF"), Error);
}

TEST(VersionRange, what_node_semver_calls_invalid_is_refused) {
  const auto table = version_table<std::string>("invalid");
  for (const std::string& range : table) EXPECT_THROW((void)VersionRange(range), Error) << range;
  EXPECT_EQ(table.size(), 2U);
}

TEST(VersionRange, pre_releases_are_in_only_when_named) {
  EXPECT_TRUE(VersionRange(">1.2.3-alpha.3").contains("1.2.3-alpha.7"));
  EXPECT_FALSE(VersionRange(">1.2.3-alpha.3").contains("3.4.5-alpha.9"));
  EXPECT_TRUE(VersionRange(">1.2.3-alpha.3").contains("3.4.5"));
  EXPECT_FALSE(VersionRange("~1.2.3-beta.2").contains("1.2.4-beta.2"));
  EXPECT_FALSE(VersionRange("*").contains("1.2.3-rc.1"));
  // Each alternative by itself.
  EXPECT_FALSE(VersionRange("1.2.3-alpha || >=1.0.0").contains("1.2.3-beta"));
  EXPECT_TRUE(VersionRange("<1 || >=1.2.3-alpha").contains("1.2.3-beta"));
}

TEST(VersionRange, numbers_reach_to_the_largest_of_a_version) {
  EXPECT_TRUE(VersionRange("^9007199254740991").contains("9007199254740991.1.0"));
  EXPECT_TRUE(VersionRange("<=1.9007199254740991").contains("1.9007199254740991.9007199254740991"));
  EXPECT_FALSE(VersionRange(">9007199254740991").contains("9007199254740991.1.0"));
}

TEST(VersionRange, no_text_is_every_release) {
  for (const VersionRange& range : {VersionRange(), VersionRange(""), VersionRange("*"), VersionRange(" ")}) {
    EXPECT_TRUE(range.contains("0.0.0"));
    EXPECT_FALSE(range.contains("0.0.0-0"));
    EXPECT_FALSE(range.contains(""));
    EXPECT_FALSE(range.contains("1.2"));
    EXPECT_FALSE(range.contains("not a version"));
  }
  EXPECT_TRUE(VersionRange().empty());
  EXPECT_FALSE(VersionRange("*").empty());
}

TEST(VersionRange, is_made_of_any_text) {
  const std::string text = "^1.2";
  const std::vector<VersionRange> ranges = {"^1.2", text, std::string_view(text)};
  for (const VersionRange& range : ranges) {
    EXPECT_EQ(range.text(), "^1.2");
    EXPECT_TRUE(range.contains("1.3.0"));
    EXPECT_FALSE(range.contains("2.0.0"));
  }
}

}  // namespace
}  // namespace almanac
