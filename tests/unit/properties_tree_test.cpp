#include "import/properties_tree.h"

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

// As java.util.Properties.store writes a text.
std::string stored(const std::u32string& text, bool key) {
  std::string written;
  const auto unit = [&written](std::uint32_t code) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    written += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) written += kDigits[(code >> static_cast<unsigned>(shift)) & 15U];
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t c = text[i];
    if (c >= 0x10000) {
      unit(0xd800 + ((c - 0x10000) >> 10U));
      unit(0xdc00 + ((c - 0x10000) & 0x3ffU));
    } else if (c == '\n') {
      written += "\\n";
    } else if (c == '\r') {
      written += "\\r";
    } else if (c < 0x20 || c > 0x7e) {
      unit(c);
    } else {
      const bool escaped = c == ' ' ? key || i == 0 : std::u32string_view(U"=:#!\\").find(c) != std::u32string_view::npos;
      written.append(escaped ? "\\" : "").append(1, static_cast<char>(c));
    }
  }
  return written;
}

std::string utf8(const std::u32string& text) {
  std::string all;
  for (const char32_t c : text) {
    // Of what the test below draws, these alone are not ASCII.
    all += c == U'\u00e9'       ? "\xc3\xa9"
           : c == U'\u20ac'     ? "\xe2\x82\xac"
           : c == U'\U0001f600' ? "\xf0\x9f\x98\x80"
                                : std::string(1, static_cast<char>(c));
  }
  return all;
}

TEST(PropertiesTree, WhatJavaStoresComesBack) {
  const std::uint64_t seed = property::random_seed();
  std::mt19937_64 random(seed);
  constexpr std::u32string_view kCharacters = U"ab \t\n\r\f=:#!\\\u00e9\u20ac\U0001f600";
  const auto draw = [&] {
    std::u32string text;
    for (auto size = random() % 10; size > 0; --size) text += kCharacters[random() % kCharacters.size()];
    return text;
  };
  for (int round = 0; round < 500; ++round) {
    const std::u32string key = U'k' + draw();
    const std::u32string value = draw();
    const std::string line = stored(key, true) + '=' + stored(value, false);
    EXPECT_EQ(pairs("# before\n" + line + "\nlast=1"), utf8(key) + '=' + utf8(value) + ";last=1;")
        << line << ", seed " << seed << ", round " << round;
  }
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
