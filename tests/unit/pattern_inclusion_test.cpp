#include "model/pattern_inclusion.h"

#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <random>
#include <string>

#include "glob.h"

namespace almanac::model {
namespace {

bool covers(std::string_view wide, std::string_view narrow) {
  Steps steps(1'000'000);
  return Pattern(wide).covers(Pattern(narrow), steps);
}

TEST(PatternInclusion, a_pattern_covers_what_it_matches) {
  EXPECT_TRUE(covers("prod", "prod"));
  EXPECT_TRUE(covers("*", "prod"));
  EXPECT_TRUE(covers("*", "*"));
  EXPECT_TRUE(covers("*", "a?b*"));
  EXPECT_TRUE(covers("prod-*", "prod-*"));
  EXPECT_TRUE(covers("prod-*", "prod-eu-?"));
  EXPECT_TRUE(covers("p*d", "p*o*d"));
  EXPECT_TRUE(covers("*a*", "b*a?"));
  EXPECT_TRUE(covers("?", "ä"));
  EXPECT_TRUE(covers("a?c", "a\\?c"));
  EXPECT_TRUE(covers("\\*", "\\*"));
  EXPECT_TRUE(covers("\\a", "a"));
  EXPECT_TRUE(covers("**", "x*"));
}

TEST(PatternInclusion, a_pattern_does_not_cover_more) {
  EXPECT_FALSE(covers("prod", "prod*"));
  EXPECT_FALSE(covers("prod", "pro?"));
  EXPECT_FALSE(covers("prod-?", "prod-*"));
  EXPECT_FALSE(covers("prod-*", "prod"));
  EXPECT_FALSE(covers("\\*", "*"));
  EXPECT_FALSE(covers("\\?", "?"));
  EXPECT_FALSE(covers("?", "*"));
  EXPECT_FALSE(covers("??", "ä"));
  EXPECT_FALSE(covers("a*b", "a*"));
  EXPECT_FALSE(covers("", "a"));
}

TEST(PatternInclusion, ends_when_its_steps_do) {
  Steps steps(1000);
  const std::string stars = std::string(512, '*') + "b";
  const std::string letters(1024, 'a');
  EXPECT_FALSE(Pattern(stars).covers(Pattern(letters), steps));
  EXPECT_TRUE(steps.ran_out());
  EXPECT_FALSE(Pattern("*").covers(Pattern("a"), steps));
}

// What differs at the beginning, as most patterns do, costs one step however long it is.
TEST(PatternInclusion, takes_a_step_for_the_beginning_and_one_for_each_item_behind_it) {
  const auto ends_within = [](std::uint64_t most, std::string_view wide, std::string_view narrow) {
    Steps steps(most);
    (void)Pattern(wide).covers(Pattern(narrow), steps);
    return !steps.ran_out();
  };
  EXPECT_FALSE(ends_within(0, "a", "a"));
  EXPECT_TRUE(ends_within(1, "a", "a"));
  EXPECT_TRUE(ends_within(1, "arn:aws:iam::123456789012:role/checkout-*", "arn:aws:iam::123456789012:role/search-*"));
  EXPECT_TRUE(ends_within(2, "checkout-*", "checkout-"));
  EXPECT_FALSE(ends_within(3, "checkout-*", "checkout-a?"));
  EXPECT_TRUE(ends_within(6, "checkout-*", "checkout-a?"));
}

// What is said to be covered is: no text tells the two apart.
TEST(PatternInclusion, agrees_with_the_reader_on_random_patterns) {
  const auto seed = std::random_device()();
  std::cout << "seed " << seed << '\n';
  std::mt19937 random(seed);
  constexpr std::array<const char*, 7> kPieces = {"a", "b", "ä", "*", "?", "\\*", "\\a"};
  constexpr std::array<const char*, 6> kTextPieces = {"a", "b", "ä", "*", "?", "\xc3"};
  const auto some = [&random](const auto& pieces) {
    std::string text;
    for (std::size_t left = random() % 5; left > 0; --left) text += pieces[random() % pieces.size()];
    return text;
  };
  int covered = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string wide = some(kPieces);
    const std::string narrow = some(kPieces);
    if (!covers(wide, narrow)) continue;
    ++covered;
    for (int k = 0; k < 50; ++k) {
      const std::string text = some(kTextPieces);
      ASSERT_FALSE(internal::glob_matches(narrow, text) && !internal::glob_matches(wide, text)) << wide << " / " << narrow << " / " << text;
    }
  }
  EXPECT_GT(covered, 500);
}

}  // namespace
}  // namespace almanac::model
