#include "inspect/terminal_text.h"

#include <gtest/gtest.h>

#include <string_view>

namespace almanac::inspect {
namespace {

using std::string_view_literals::operator""sv;

TEST(TerminalText, shows_text_of_any_script_as_it_is) {
  EXPECT_EQ(visible("größen 送料無料 🗺 \\n"), "größen 送料無料 🗺 \\n");
  EXPECT_EQ(visible(""), "");
}

TEST(TerminalText, writes_out_what_a_terminal_would_obey) {
  EXPECT_EQ(visible("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
  EXPECT_EQ(visible("a\nb\tc\rd\0e\x7f"sv), "a\\nb\\tc\\x0dd\\x00e\\x7f");
  EXPECT_EQ(visible("\xc2\x9b"
                    "31m"),
            "\\u009b31m");  // CSI as one character
  EXPECT_EQ(visible("\x9b"
                    "31m"),
            "\\x9b31m");  // and as one byte
  EXPECT_EQ(visible("a\u202eb\u2066c\u2028d"), "a\\u202eb\\u2066c\\u2028d");
  EXPECT_EQ(visible("\U000e0041"), "\\U000e0041");
}

TEST(TerminalText, counts_columns_as_terminals_do) {
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("größe"), 5U);
  EXPECT_EQ(columns("gro\u0308ße"), 5U);
  EXPECT_EQ(columns("検索-実験"), 9U);
  EXPECT_EQ(columns("🗺"), 2U);
  EXPECT_EQ(columns(""), 0U);
}

TEST(TerminalText, cuts_at_a_character_and_says_so) {
  EXPECT_EQ(visible("abcdef", 6), "abcdef");
  EXPECT_EQ(visible("abcdefg", 6), "abcde…");
  EXPECT_EQ(visible("検索実験", 5), "検索…");
  EXPECT_EQ(visible("検索実験", 8), "検索実験");
  EXPECT_EQ(visible("abc\x1b"
                    "def",
                    6),
            "abc…");  // not in the middle of an escape
}

}  // namespace
}  // namespace almanac::inspect
