#include "glob.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "property/random_seed.h"

namespace almanac::internal {
namespace {

struct Case {
  std::string_view pattern;
  std::string_view text;
  bool matches;
};

void expect_each(const std::vector<Case>& cases) {
  for (const Case& each : cases) {
    EXPECT_EQ(glob_matches(each.pattern, each.text), each.matches) << '"' << each.pattern << "\" and \"" << each.text << '"';
  }
}

TEST(Glob, without_wildcards_matches_its_own_text_and_no_other) {
  expect_each({{"", "", true},
               {"", "a", false},
               {"prod", "prod", true},
               {"prod", "pro", false},
               {"prod", "prods", false},
               {"prod", "Prod", false},
               {"[ab]", "a", false},
               {"[ab]", "[ab]", true},
               {"a.c", "abc", false}});
}

TEST(Glob, star_stands_for_any_text) {
  expect_each({{"*", "", true},
               {"*", "anything/at all:\n", true},
               {"**", "", true},
               {"arn:aws:iam::123456789012:role/checkout-*", "arn:aws:iam::123456789012:role/checkout-api", true},
               {"arn:aws:iam::123456789012:role/checkout-*", "arn:aws:iam::123456789012:role/checkout-", true},
               {"arn:aws:iam::123456789012:role/checkout-*", "arn:aws:iam::123456789012:role/checkout", false},
               {"*-api", "checkout-api", true},
               {"*-api", "checkout-api-2", false},
               {"a*b*c", "abc", true},
               {"a*b*c", "a--b--c", true},
               {"a*b*c", "a--c--b", false},
               {"*ab", "aab", true},
               {"*aab", "aaaab", true},
               {"*abac*", "ababac", true},
               {"a*a", "a", false}});
}

TEST(Glob, question_mark_stands_for_one_character_of_utf_8) {
  expect_each({{"?", "a", true},
               {"?", "", false},
               {"?", "ab", false},
               {"us-east-?", "us-east-1", true},
               {"us-east-?", "us-east-10", false},
               {"?", "\xC3\xA4", true},  // ä
               {"??", "\xC3\xA4", false},
               {"?", "\xE2\x82\xAC", true},      // €
               {"?", "\xF0\x9F\x98\x80", true},  // an emoji
               {"a?c",
                "a\xE2\x82\xAC"
                "c",
                true},
               {"*?", "\xE2\x82\xAC", true},
               {"*??", "\xE2\x82\xAC", false},
               {"?*?", "\xC3\xA4\xC3\xB6", true}});
}

TEST(Glob, byte_that_is_no_part_of_utf_8_counts_as_one_character) {
  expect_each({{"?", "\x80", true},
               {"?", "\xFF", true},
               {"?", "\xC3", true},
               {"??", "\xC0\x80", true},  // overlong
               {"?", "\xC0\x80", false},
               {"???", "\xE0\x80\x80", true},       // overlong
               {"???", "\xED\xA0\x80", true},       // a surrogate
               {"????", "\xF4\x90\x80\x80", true},  // beyond U+10FFFF
               {"????", "\xF5\x80\x80\x80", true},
               {"??", "\xE2\x82", true},  // cut short
               {"???",
                "\xE2\x82"
                "a",
                true},
               {"?", "\xED\x9F\xBF", true},        // the last one before the surrogates
               {"?", "\xF4\x8F\xBF\xBF", true}});  // U+10FFFF
}

TEST(Glob, backslash_takes_a_character_for_itself) {
  expect_each({{"\\*", "*", true},
               {"\\*", "a", false},
               {"\\?", "?", true},
               {"\\?", "a", false},
               {"\\\\", "\\", true},
               {"\\a", "a", true},
               {"\\\xC3\xA4", "\xC3\xA4", true},
               {"*\\**", "a*b", true},
               {"*\\**", "ab", false}});
}

TEST(Glob, lone_backslash_at_the_end_is_no_pattern) {
  for (const std::string_view pattern : {"", "a", "\\\\", "\\*", "a\\b", "\\\\\\\\"}) EXPECT_TRUE(is_glob(pattern)) << pattern;
  for (const std::string_view pattern : {"\\", "a\\", "\\\\\\", "*\\"}) EXPECT_FALSE(is_glob(pattern)) << pattern;
}

// Where every star is tried at every place, this does not end in a lifetime.
TEST(Glob, many_stars_take_no_exponential_time) {
  std::string pattern;
  for (int i = 0; i < 300; ++i) pattern += "*a";
  pattern += "*b";
  EXPECT_FALSE(glob_matches(pattern, std::string(kMaxMatchedText, 'a')));
  EXPECT_TRUE(glob_matches(pattern, std::string(kMaxMatchedText - 1, 'a') + "b"));
}

// As much as a snapshot can hold of what takes longest: it ends at once or the test does not end in its time.
TEST(Glob, no_text_takes_long) {
  constexpr std::size_t kMostPatternBytes = std::size_t{128} << 10U;
  const std::string letters(kMaxMatchedText, 'a');
  std::string umlauts;
  while (umlauts.size() < kMaxMatchedText) umlauts += "\xC3\xA4";
  std::string questions = "*";
  while (questions.size() < 500) questions += "?a";
  for (const std::string& pattern : {std::string("*?b*"), "*" + std::string(500, 'a') + "b*", questions + "b*"}) {
    for (std::size_t bytes = 0; bytes < kMostPatternBytes; bytes += pattern.size() + 1) {
      ASSERT_FALSE(glob_matches(pattern, letters) || glob_matches(pattern, umlauts));
    }
  }
}

TEST(Glob, text_of_more_than_1024_bytes_matches_nothing) {
  const std::string longest(1024, 'a');
  for (const char* pattern : {"*", "a*", "*a", "a*a*"}) {
    EXPECT_TRUE(glob_matches(pattern, longest)) << pattern;
    EXPECT_FALSE(glob_matches(pattern, longest + "a")) << pattern;
  }
  EXPECT_TRUE(glob_matches(longest, longest));
  EXPECT_FALSE(glob_matches(longest + "a", longest + "a"));
}

// Of 64 bytes and their multiples: where one word of bits ends and the next begins.
TEST(Glob, finds_what_lies_across_any_byte) {
  for (std::size_t before = 0; before < 200; ++before) {
    for (const std::size_t behind : std::initializer_list<std::size_t>{0, 1, 63, 64, 65}) {
      const std::string text = std::string(before, 'a') +
                               "\xE2\x82\xAC"
                               "b" +
                               std::string(behind, 'a');
      ASSERT_TRUE(glob_matches("*\xE2\x82\xAC*", text)) << before << ' ' << behind;
      ASSERT_TRUE(glob_matches("*?b*", text)) << before << ' ' << behind;
      ASSERT_TRUE(
          glob_matches("*\xE2\x82\xAC"
                       "b" +
                           std::string(behind, '?'),
                       text))
          << before << ' ' << behind;
      ASSERT_TRUE(glob_matches("*" + std::string(before + 2 + behind, '?'), text)) << before << ' ' << behind;
      ASSERT_FALSE(glob_matches("*" + std::string(before + 3 + behind, '?'), text)) << before << ' ' << behind;
      ASSERT_FALSE(glob_matches("*b" + std::string(behind + 1, '?') + "*", text)) << before << ' ' << behind;
    }
  }
}

// The meaning of a pattern, tried out in every way.
bool matches_by_definition(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    if (matches_by_definition(pattern.substr(1), text)) return true;
    return !text.empty() && matches_by_definition(pattern, text.substr(size_of_character(text)));
  }
  if (text.empty()) return false;
  if (pattern.front() == '?') return matches_by_definition(pattern.substr(1), text.substr(size_of_character(text)));
  const std::size_t skip = pattern.front() == '\\' ? 1 : 0;
  return pattern[skip] == text.front() && matches_by_definition(pattern.substr(skip + 1), text.substr(1));
}

TEST(Glob, agrees_with_its_definition_on_random_texts) {
  std::mt19937_64 random(property::random_seed());
  const std::vector<std::string_view> pieces = {"*", "?", "a", "b", "\xC3\xA4", "\\*", "\\?", "\\\\"};
  const std::vector<std::string_view> characters = {"a", "b", "\xC3\xA4", "*", "?", "\\", "\x80"};
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string pattern;
    for (std::size_t left = random() % 8; left > 0; --left) pattern += pieces[random() % pieces.size()];
    std::string text;
    for (std::size_t left = random() % 8; left > 0; --left) text += characters[random() % characters.size()];
    const bool expected = matches_by_definition(pattern, text);
    ASSERT_EQ(glob_matches(pattern, text), expected) << '"' << pattern << "\" and \"" << text << '"';
    matched += expected ? 1 : 0;
  }
  EXPECT_GT(matched, 500);
}

TEST(Glob, agrees_with_its_definition_on_long_texts) {
  std::mt19937_64 random(property::random_seed());
  const std::vector<std::string_view> characters = {"a", "a", "a", "b", "\xC3\xA4", "\xE2\x82\xAC", "\xE2\x82", "\x80"};
  const auto some = [&random](const std::vector<std::string_view>& pieces, std::size_t most) {
    std::string text;
    for (std::size_t left = random() % most; left > 0; --left) text += pieces[random() % pieces.size()];
    return text;
  };
  int matched = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::string middle = some({"a", "b", "\xC3\xA4", "?", "?", "\xE2\x82\xAC"}, 5);
    const std::string text = some(characters, 200) + (random() % 2 == 0 ? middle : "") + some(characters, 100);
    const std::string pattern = some({"a", "?"}, 3) + "*" + middle + "*" + some({"?", "a"}, 3);
    const bool expected = matches_by_definition(pattern, text);
    ASSERT_EQ(glob_matches(pattern, text), expected) << '"' << pattern << "\" and \"" << text << '"';
    matched += expected ? 1 : 0;
  }
  EXPECT_GT(matched, 200);
  EXPECT_LT(matched, 1'800);
}

}  // namespace
}  // namespace almanac::internal
