#include "inspect/json_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace almanac::inspect {
namespace {

using std::string_view_literals::operator""sv;

std::string json_string(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, leaves_plain_text_and_unicode_as_they_are) {
  EXPECT_EQ(json_string(""), R"("")");
  EXPECT_EQ(json_string("https://a.example/x?y=1"), R"("https://a.example/x?y=1")");
  EXPECT_EQ(json_string("größen · 送料無料 · 🗺"), R"("größen · 送料無料 · 🗺")");
  EXPECT_EQ(json_string("\x7f"), "\"\x7f\"");
}

TEST(JsonString, escapes_what_json_demands_in_its_shortest_form) {
  EXPECT_EQ(json_string(R"(a"b\c/d)"), R"("a\"b\\c/d")");
  EXPECT_EQ(json_string("\b\f\n\r\t"), R"("\b\f\n\r\t")");
  EXPECT_EQ(json_string("\0\x01\x1b\x1f"sv), R"("\u0000\u0001\u001b\u001f")");
}

TEST(JsonString, replaces_each_byte_that_is_no_utf8) {
  EXPECT_EQ(json_string("a\xff\xfe"
                        "b"),
            R"("a\ufffd\ufffdb")");
  EXPECT_EQ(json_string("\xc0\xaf"), R"("\ufffd\ufffd")");                      // overlong
  EXPECT_EQ(json_string("\xed\xa0\x80"), R"("\ufffd\ufffd\ufffd")");            // surrogate
  EXPECT_EQ(json_string("\xf4\x90\x80\x80"), R"("\ufffd\ufffd\ufffd\ufffd")");  // above U+10FFFF
  EXPECT_EQ(json_string("\xe2\x82"), R"("\ufffd\ufffd")");                      // cut short
}

TEST(JsonText, puts_commas_between_members_and_items_only) {
  std::string out;
  JsonText json(out);
  json.begin_object().key("a").begin_array().number(1).string("x,").begin_object().end_object().end_array();
  json.key("b").boolean(false).member("c\"").begin_object().end_object().end_object().end_line();
  json.begin_object().end_object().end_line();
  EXPECT_EQ(out, "{\"a\":[1,\"x,\",{}],\"b\":false,\"c\\\"\":{}}\n{}\n");
}

TEST(JsonText, text_that_looks_like_punctuation_does_not_hide_a_comma) {
  std::string out;
  JsonText json(out);
  json.begin_array().string("{").string("[").string(":").string(",").string("\n").end_array();
  EXPECT_EQ(out, R"(["{","[",":",",","\n"])");
}

TEST(JsonText, writes_texts_of_any_kind_as_an_array) {
  std::string out;
  JsonText json(out);
  json.begin_object().key("a").strings(std::vector<std::string>{"x\n", ""}).key("b").strings(std::vector<std::string_view>{}).end_object();
  EXPECT_EQ(out, R"({"a":["x\n",""],"b":[]})");
}

TEST(JsonText, writes_the_largest_number) {
  std::string out;
  JsonText(out).number(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(out, "18446744073709551615");
}

}  // namespace
}  // namespace almanac::inspect
