#include "import/dotenv_tree.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "property/random_seed.h"
#include "tree_text.h"

namespace almanac::importing {
namespace {

std::string tree(std::string_view text) {
  model::Arena arena;
  try {
    const Dotenv dotenv = parse_dotenv(text, arena);
    std::string all = shown(dotenv.root);
    for (const source::Node& name : dotenv.expandable) all.append(" $").append(name.text);
    return all;
  } catch (const source::SyntaxFault& fault) {
    return std::to_string(fault.line) + ':' + std::to_string(fault.column) + ": " + fault.what;
  }
}

// Of a text with one variable, whatever its place.
std::string value(std::string_view text) {
  model::Arena arena;
  const Dotenv dotenv = parse_dotenv(text, arena);
  return dotenv.root.items.size() == 2 ? std::string(dotenv.root.items[1].text) : "not one variable";
}

TEST(DotenvTree, KeepsPlaces) {
  EXPECT_EQ(tree(""), "{}");
  EXPECT_EQ(tree("A=1\n\n  # no\n\t B.c-d_2 = x y \n"), "{'A'@1:1='1'@1:3 'B.c-d_2'@4:3='x y'@4:13}");
  EXPECT_EQ(tree("A=1\r\nB=2\rC=3"), "{'A'@1:1='1'@1:3 'B'@2:1='2'@2:3 'C'@3:1='3'@3:3}");
  EXPECT_EQ(tree("A=\nB=''\n"), "{'A'@1:1=''@1:3 'B'@2:1=''@2:3}");
}

TEST(DotenvTree, ExportMayStandBeforeAName) {
  EXPECT_EQ(tree("export A=1\n\texport \tB=2\n"), "{'A'@1:8='1'@1:10 'B'@2:10='2'@2:12}");
  EXPECT_EQ(tree("export=1\nexported=2\nexport = 3"), "{'export'@1:1='1'@1:8 'exported'@2:1='2'@2:10 'export'@3:1='3'@3:10}");
}

TEST(DotenvTree, CommentsBeginBehindABlank) {
  EXPECT_EQ(value("A='https://h/#top' # the top"), "https://h/#top");
  EXPECT_EQ(value("A= # nothing"), "");
  EXPECT_EQ(value("A=a\t#c"), "a");
  EXPECT_EQ(value("A='a # b' # c"), "a # b");
  EXPECT_EQ(value("A=\"a\"#c"), "a");
}

TEST(DotenvTree, BareValuesAreAsTheyAre) {
  EXPECT_EQ(value(R"(A=C:\new\"x" 'y')"), R"(C:\new\"x" 'y')");
  EXPECT_EQ(value("A=a=b==\n"), "a=b==");
  EXPECT_EQ(value("A=\xc3\xa4 \xe2\x82\xac"), "\xc3\xa4 \xe2\x82\xac");
}

TEST(DotenvTree, SingleQuotesKeepEverything) { EXPECT_EQ(value("A='a\\n\"$B\" #\r\n c'"), "a\\n\"$B\" #\n c"); }

TEST(DotenvTree, DoubleQuotesKnowEscapes) {
  EXPECT_EQ(value(R"(A="a\nb\tc\rd\"e\\n\$f\`")"), "a\nb\tc\rd\"e\\n$f`");
  EXPECT_EQ(value(R"(A="C:\\data\\x")"), R"(C:\data\x)");
  EXPECT_EQ(value("A=\"one\ntwo\r\nthree \\\nfour\""), "one\ntwo\nthree four");
}

TEST(DotenvTree, NothingIsPutInThePlaceOfADollar) {
  EXPECT_EQ(tree("A=$B"), "{'A'@1:1='$B'@1:3} $A");
  EXPECT_EQ(tree("A=\"x${B}\"\nC=$(date)\n"), "{'A'@1:1='x${B}'@1:3 'C'@2:1='$(date)'@2:3} $A $C");
  EXPECT_EQ(tree(R"(A='$B' )"), "{'A'@1:1='$B'@1:3}");
  EXPECT_EQ(tree(R"(A="\$B")"), "{'A'@1:1='$B'@1:3}");
  EXPECT_EQ(tree("A=5$\nB=$5"), "{'A'@1:1='5$'@1:3 'B'@2:1='$5'@2:3}");
}

TEST(DotenvTree, RefusesWhatReadersDisagreeOn) {
  EXPECT_EQ(tree("A=1\nB\n"), "2:2: expected \"=\" after the name \"B\"");
  EXPECT_EQ(tree("A: 1"), "1:2: expected \"=\" after the name \"A\"");
  EXPECT_EQ(tree("{\"A\": 1}"), "1:1: expected the name of a variable, of letters, digits, \"_\", \".\" and \"-\"");
  EXPECT_EQ(tree("A='it\\'s'"), "1:8: something follows the closing quote; put the whole value between the quotes");
  EXPECT_EQ(tree("A=\"a\"b"), "1:6: something follows the closing quote; put the whole value between the quotes");
  EXPECT_EQ(tree("\nA=\"a\nb"), "2:3: the quote that begins here is not closed");
  EXPECT_EQ(tree("A=\"a\\"), "1:3: the quote that begins here is not closed");
  EXPECT_EQ(tree("A=a#b"), "1:4: a # in a bare value begins a comment for some readers alone; quote the value");
  EXPECT_EQ(tree("A=`a`"), "1:3: a value in backticks means different things to different readers; quote it with ' or \"");
}

TEST(DotenvTree, WhatIsWrittenInQuotesComesBack) {
  const std::uint64_t seed = property::random_seed();
  std::mt19937_64 random(seed);
  constexpr std::string_view kCharacters = "ab \t\n\r\"'\\$`#={}";
  for (int round = 0; round < 500; ++round) {
    std::string text;
    for (auto size = random() % 12; size > 0; --size) text += kCharacters[random() % kCharacters.size()];
    std::string written;
    for (const char c : text) {
      if (c == '\r') {
        written += "\\r";  // as itself it would be the end of a line
      } else {
        if (std::string_view("\"\\$`").find(c) != std::string_view::npos) written += '\\';
        written += c;
      }
    }
    EXPECT_EQ(value("A=\"" + written + "\" # end"), text) << "seed " << seed << ", round " << round;
  }
}

TEST(DotenvTree, RefusesWhatNoTextMayHold) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(tree("A=\0"sv), "1:3: the text holds the character U+0000");
  EXPECT_EQ(tree("A='\0'"sv), "1:4: the text holds the character U+0000");
  EXPECT_EQ(tree("A=\"\\\0\""sv), "1:5: the text holds the character U+0000");
  EXPECT_EQ(tree("A=1\r\nB=\xe4"), "2:3: the text is not UTF-8 here");
}

}  // namespace
}  // namespace almanac::importing
