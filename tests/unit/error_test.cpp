#include <almanac/error.h>
#include <gtest/gtest.h>

#include <string>

namespace almanac {
namespace {

TEST(Error, says_object_problem_and_place) {
  const Error placed(ErrorCode::kCorrupt, "x.almanac", "is damaged", 64);
  EXPECT_STREQ(placed.what(), "x.almanac: is damaged (at byte 64)");
  EXPECT_EQ(placed.code(), ErrorCode::kCorrupt);
  EXPECT_EQ(placed.object(), "x.almanac");
  EXPECT_EQ(placed.offset(), 64U);
  const Error elsewhere(ErrorCode::kConflict, "store", "has changed");
  EXPECT_STREQ(elsewhere.what(), "store: has changed");
  EXPECT_FALSE(elsewhere.offset());
}

TEST(Error, tells_the_problem_without_its_object) {
  EXPECT_EQ(Error(ErrorCode::kCorrupt, "x.almanac", "is damaged", 64).problem(), "is damaged (at byte 64)");
  // The two bytes of U+009B have become one.
  EXPECT_EQ(Error(ErrorCode::kCorrupt, "x\xC2\x9B", "is damaged").problem(), "is damaged");
  const Error copy = Error(ErrorCode::kCorrupt, "", "");
  EXPECT_EQ(copy.problem(), "");
}

TEST(Error, is_one_line_whatever_the_names_in_it) {
  const std::string object("x\n.almanac\0", 11);
  const Error error(ErrorCode::kCorrupt, object, "service \"\x1b[31m\x7f\t\xC3\xA4\" is damaged");
  EXPECT_STREQ(error.what(), "x?.almanac?: service \"?[31m??\xC3\xA4\" is damaged");
  EXPECT_EQ(error.object(), object);
  // U+0080 to U+009F, which some terminals obey as well; U+00A0 is none of them.
  EXPECT_STREQ(Error(ErrorCode::kCorrupt, "x",
                     "\xC2\x9B"
                     "31m\xC2\x80\xC2\x9F\xC2\xA0\xC2")
                   .what(),
               "x: ?31m??\xC2\xA0\xC2");
}

// They end up in logs and metrics: neither number nor word ever changes.
TEST(Error, codes_keep_their_numbers_and_words) {
  constexpr std::string_view kWords[] = {"",        "not found",           "input/output",   "foreign",          "truncated",
                                         "corrupt", "unsupported version", "limit exceeded", "invalid argument", "conflict"};
  constexpr ErrorCode kCodes[] = {ErrorCode::kNotFound,      ErrorCode::kInputOutput,     ErrorCode::kForeign,
                                  ErrorCode::kTruncated,     ErrorCode::kCorrupt,         ErrorCode::kUnsupportedVersion,
                                  ErrorCode::kLimitExceeded, ErrorCode::kInvalidArgument, ErrorCode::kConflict};
  for (std::size_t i = 0; i < std::size(kCodes); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kCodes[i]), i + 1);
    EXPECT_EQ(to_string(kCodes[i]), kWords[i + 1]);
  }
  EXPECT_EQ(to_string(static_cast<ErrorCode>(0)), "unknown");
}

}  // namespace
}  // namespace almanac
