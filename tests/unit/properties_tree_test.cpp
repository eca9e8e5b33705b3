#include "import/properties_tree.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "tree_text.h"

namespace almanac::importing {
namespace {

std::string tree(std::string_view text) {
  model::Arena arena;
  try {
    const Properties properties = parse_properties(text, arena);
    const auto& latin1 = properties.latin1_since;
    return shown(properties.root) + (latin1 ? " latin1 " + std::to_string(latin1->line) + ':' + std::to_string(latin1->column) : "");
  } catch (const source::SyntaxFault& fault) {
    return std::to_string(fault.line) + ':' + std::to_string(fault.column) + ": " + fault.what;
  }
}

// Keys and values alone: "k=v;".
std::string pairs(std::string_view text) {
  model::Arena arena;
  const Properties properties = parse_properties(text, arena);
  std::string all;
  const auto items = properties.root.items;
  for (std::size_t i = 0; i < items.size(); i += 2) all.append(items[i].text).append("=").append(items[i + 1].text).append(";");
  return all;
}

TEST(PropertiesTree, KeepsPlaces) {
  EXPECT_EQ(tree(""), "{}");
  EXPECT_EQ(tree("a=1\n\n # no\n  b : x\r\nc d\re"), "{'a'@1:1='1'@1:3 'b'@4:3='x'@4:7 'c'@5:1='d'@5:3 'e'@6:1=''@6:2}");
}

TEST(PropertiesTree, KeysEndAtASeparator) {
  EXPECT_EQ(pairs("a=b=c\nd:e:f\ng h i\n"), "a=b=c;d=e:f;g=h i;");
  EXPECT_EQ(pairs("a  =  b\nc \t:d\ne = : f\ng : = h"), "a=b;c=d;e=: f;g== h;");
  EXPECT_EQ(pairs("a==b\n=c\nd\\==\\=\ne\\ f\\:g h"),
            "a==b;=c;d==="
            ";e f:g=h;");
}

TEST(PropertiesTree, BlanksAtTheEndOfAValueBelongToIt) { EXPECT_EQ(pairs("a = b \t\nc=\f d\f\n"), "a=b \t;c=d\f;"); }

TEST(PropertiesTree, ABackslashContinuesALine) {
  EXPECT_EQ(pairs("a = one,\\\n    two,\\\r\n\tthree\nb=2"), "a=one,two,three;b=2;");
  EXPECT_EQ(pairs("a\\\n  b = c\nd \\\n = e"), "ab=c;d=e;");
  EXPECT_EQ(pairs("a=b\\\\\nc=d\\\\\\\ne"), "a=b\\;c=d\\e;");
  EXPECT_EQ(pairs("a=b\\\n\nc=d\\\n# e\nf=g\\"), "a=b;c=d# e;f=g;");
  EXPECT_EQ(pairs("\\\n# no\n  \\\n  a=b\n\\"), "a=b;");
}

TEST(PropertiesTree, CommentsDoNotContinue) { EXPECT_EQ(pairs("# a \\\nb=1\n! c\nd=e # f\n"), "b=1;d=e # f;"); }

TEST(PropertiesTree, Escapes) {
  EXPECT_EQ(pairs(R"(a=\t\n\r\f|\q\"\\|\#\!)"), "a=\t\n\r\f|q\"\\|#!;");
  EXPECT_EQ(pairs(R"(k\u00e9y=\u20ac\u0041b\uD83D\uDE00)"),
            "k\xc3\xa9y=\xe2\x82\xac"
            "Ab\xf0\x9f\x98\x80;");
  EXPECT_EQ(pairs("a=\\u00\\\n  41"), "a=A;");
}

TEST(PropertiesTree, RefusesWhatIsNoCharacter) {
  const std::string four = "\\u needs four hexadecimal digits; a backslash itself is written \\\\";
  EXPECT_EQ(tree("a=\\u12"), "1:3: " + four);
  EXPECT_EQ(tree("a=C:\\users"), "1:5: " + four);
  const std::string half = "half of a surrogate pair; write \\uD800 to \\uDBFF only before \\uDC00 to \\uDFFF";
  EXPECT_EQ(tree("a=\\uD83D"), "1:3: " + half);
  EXPECT_EQ(tree("a=\\uD83Dx"), "1:3: " + half);
  EXPECT_EQ(tree("a=\\uD83D\\u0041"), "1:3: " + half);
  EXPECT_EQ(tree("a=\\uDE00\\uD83D"), "1:3: " + half);
  EXPECT_EQ(tree("a=\\u0000"), "1:3: the text holds the character U+0000");
  EXPECT_EQ(tree(std::string_view("a=\0b", 4)), "1:4: the text holds the character U+0000 before this place");
  EXPECT_EQ(tree(std::string_view("a=\\\0b", 5)), "1:5: the text holds the character U+0000 before this place");
}

TEST(PropertiesTree, ValidityDecidesTheEncoding) {
  EXPECT_EQ(tree("k=\xc3\xa4"), "{'k'@1:1='\xc3\xa4'@1:3}");
  EXPECT_EQ(tree("a=\xe4\nb=\xc3\xa4"), "{'a'@1:1='\xc3\xa4'@1:3 'b'@2:1='\xc3\x83\xc2\xa4'@2:3} latin1 1:3");
}

}  // namespace
}  // namespace almanac::importing
