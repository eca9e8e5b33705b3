#include "source/json_tree.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>

#include "tree_text.h"

namespace almanac::source {
namespace {

class JsonTreeTest : public testing::Test {
 protected:
  std::string tree(std::string_view text, std::uint32_t line = 1) {
    padded_ = std::string(text) + std::string(JsonTree::kPadding, '"');
    try {
      return shown(tree_.parse(std::string_view(padded_).substr(0, text.size()), line));
    } catch (const SyntaxFault& fault) {
      return std::to_string(fault.line) + ':' + std::to_string(fault.column) + ": " + fault.what;
    }
  }

  JsonTree tree_;
  std::string padded_;
};

TEST_F(JsonTreeTest, KeepsTextsAndPlaces) {
  EXPECT_EQ(tree(R"({"a":"b"})"), "{'a'@1:2='b'@1:6}");
  EXPECT_EQ(tree("{ \"a\" :\n  [ 1, \"x\",\r\n\t{} ] }"), "{'a'@1:3=[1@2:5 'x'@2:8 {}]}");
  EXPECT_EQ(tree("[]"), "[]");
  EXPECT_EQ(tree(R"({"a":null})", 7), "{'a'@7:2=null@7:6}");
  EXPECT_EQ(tree(" \n {\"ä\":\"ö\" , \"b\":true}\n\n"), "{'ä'@2:3='ö'@2:8 'b'@2:15=true@2:19}");
}

TEST_F(JsonTreeTest, NothingIsSkippedBehindAText) {
  for (const char* text : {R"({"a":"b":{"x":[1]}}})", R"({"a":"b":"c"}})", R"({"a":"b":[]]})", R"(["b":{}}])", R"({"a":1:{}}})"}) {
    EXPECT_NE(tree(text).find("not valid JSON"), std::string::npos) << text << ": " << tree(text);
  }
}

TEST_F(JsonTreeTest, NumbersKeepTheirToken) {
  for (const char* number : {"0", "-0", "1e5", "1E+05", "-12.50", "123456789012345678901234567890", "1e99999", "0.1e-7"}) {
    EXPECT_EQ(tree('[' + std::string(number) + ']'), '[' + std::string(number) + "@1:2]");
  }
  for (const char* number : {"01", "+1", "1.", ".5", "1e", "-", "0x10", "NaN", "Infinity", "1_000", "--1", "1e+", "1-", "1\"a\""}) {
    EXPECT_EQ(tree('[' + std::string(number) + ']').substr(0, 20), "1:2: not valid JSON:") << number;
  }
}

TEST_F(JsonTreeTest, ResolvesEscapes) {
  EXPECT_EQ(tree(R"({"\u0061\n":"\"\\\/\b\f\t\u00e4\ud83d\ude80"})"), "{'a\n'@1:2='\"\\/\b\f\tä🚀'@1:13}");
  EXPECT_EQ(tree(R"(["\"", "a\\", "b"])"), "['\"'@1:2 'a\\'@1:8 'b'@1:15]");
}

TEST_F(JsonTreeTest, RefusesWhatIsNoText) {
  EXPECT_EQ(tree(R"(["\ud800"])"), "1:2: not valid JSON: a string holds an unknown escape or half of a surrogate pair");
  EXPECT_EQ(tree(R"(["a\udc00"])"), "1:2: not valid JSON: a string holds an unknown escape or half of a surrogate pair");
  EXPECT_EQ(tree(R"({"\udfff":1})").substr(0, 20), "1:2: not valid JSON:");
  EXPECT_EQ(tree(R"(["\ud800\u0061"])").substr(0, 20), "1:2: not valid JSON:");
  EXPECT_EQ(tree(R"({"a\u0000":1})"), "1:2: not valid JSON: a string holds the character U+0000");
  EXPECT_EQ(tree("{\n\"a\":\"\xff\"}"), "2:6: not valid JSON: the text is not UTF-8 here");
  EXPECT_EQ(tree("[\"\xed\xa0\x80\"]"), "1:3: not valid JSON: the text is not UTF-8 here");
  EXPECT_EQ(tree("[\"a\\\"\", \"b\x01\"]"), "1:11: not valid JSON: a control character stands in a string; write it as \\u00XX");
  EXPECT_EQ(tree("[\"a\nb\"]").substr(0, 20), "1:4: not valid JSON:");
}

TEST_F(JsonTreeTest, RefusesWhatIsNoJson) {
  for (const char* text : {"{",
                           "[",
                           "{]",
                           "[}",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{\"a\" 1}",
                           "{a:1}",
                           "{'a':1}",
                           "{\"a\":1 \"b\":2}",
                           "[1]]",
                           "{}{}",
                           "{} x",
                           "{},",
                           "[tru]",
                           "[truee]",
                           "[nul]",
                           "[True]",
                           "[\"a]",
                           "[\"\\x\"]",
                           "[\"\\u12g4\"]",
                           "// c\n{}",
                           "{\"a\":1,,\"b\":2}",
                           "{1:2}",
                           "{null:1}",
                           "]",
                           "}",
                           ":",
                           ",",
                           "\"a\"",
                           "5",
                           "null",
                           "hello",
                           "[\"a\"\"b\"]",
                           "[\"a\"b]",
                           "{\"a\":[1,2}",
                           "[[[]]",
                           "[1}",
                           "{\"a\":1]",
                           "{\"a\"::1}",
                           "[{]}"}) {
    const std::string result = tree(text);
    EXPECT_NE(result.find(": not valid JSON: "), std::string::npos) << text << " gave " << result;
  }
  EXPECT_EQ(tree(""), "1:1: not valid JSON: the document is empty");
  EXPECT_EQ(tree("{\n \"a\": 1,\n \"b\" 2\n}"), "3:6: not valid JSON: a comma, a colon, a key or a bracket is missing or out of place");
}

TEST_F(JsonTreeTest, RefusesDepths) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(tree(nested(64)), nested(64));
  EXPECT_EQ(tree(nested(65)), "1:65: not valid JSON: the document nests too deep");
  EXPECT_NE(tree(nested(1'000'000)).find("nests too deep"), std::string::npos);
  EXPECT_NE(tree(std::string(1'000'000, '[')).find("not valid JSON"), std::string::npos);
}

TEST_F(JsonTreeTest, ServesManyTextsOfAnySize) {
  for (std::size_t size = 1; size < 3'000'000; size *= 3) {
    const std::string text(size, 'x');
    ASSERT_EQ(tree("[\"" + text + "\"]"), "['" + text + "'@1:2]");
    ASSERT_EQ(tree("[1]"), "[1@1:2]");
    ASSERT_NE(tree("[1").find("not valid"), std::string::npos);
  }
}

// All values of a text, each in a line.
std::string all_values(std::string_view text) {
  const std::string padded = std::string(text) + std::string(JsonTree::kPadding, '"');
  JsonTree tree;
  try {
    std::string all;
    for (const Node& node : tree.parse_all(std::string_view(padded).substr(0, text.size()))) all += shown(node) + '\n';
    return all;
  } catch (const SyntaxFault& fault) {
    return std::to_string(fault.line) + ':' + std::to_string(fault.column) + ": " + fault.what;
  }
}

TEST(JsonTreeAll, TakesValuesThatFollowOneAnother) {
  EXPECT_EQ(all_values("{\"a\":1}"), "{'a'@1:2=1@1:6}\n");
  EXPECT_EQ(all_values(" {\"a\":1}{\"b\":[2]}\n\n[\n3]\t[] "), "{'a'@1:3=1@1:7}\n{'b'@1:10=[2@1:15]}\n[3@4:1]\n[]\n");
  EXPECT_EQ(all_values("[\"]\\\"{\"]{\"}\":\"\\\\\"}"), "[']\"{'@1:2]\n{'}'@1:10='\\'@1:14}\n");
}

TEST(JsonTreeAll, KeepsTextsOfAllValues) {
  std::string text;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    const std::string number = std::to_string(i);
    text += "[\"\\u0041" + number + "\"]\n";
    expected += "['A" + number + "'@" + std::to_string(i + 1) + ":2]\n";
  }
  EXPECT_EQ(all_values(text), expected);
}

TEST(JsonTreeAll, NamesThePlaceInAnyOfThem) {
  EXPECT_EQ(all_values(""), "1:1: not valid JSON: the document is empty");
  EXPECT_EQ(all_values(" \n "), "1:1: not valid JSON: the document is empty");
  EXPECT_EQ(all_values("{}\n{\"a\" 1}"), "2:6: not valid JSON: a comma, a colon, a key or a bracket is missing or out of place");
  EXPECT_EQ(all_values("{}\n{} 5"), "2:4: not valid JSON: expected an object");
  EXPECT_EQ(all_values("{},{}"), "1:3: not valid JSON: expected an object");
  EXPECT_EQ(all_values("[]\n[\"\xff\"]"), "2:3: not valid JSON: the text is not UTF-8 here");
  EXPECT_EQ(all_values("[]\n[\"a\x01\"]"), "2:4: not valid JSON: a control character stands in a string; write it as \\u00XX");
  for (const char* text : {"[] ]", "[]}", "[][", "{}{", "[]\"", "[] [1}", "}{", "]["}) {
    EXPECT_NE(all_values(text).find(": not valid JSON: "), std::string::npos) << text << " gave " << all_values(text);
  }
}

}  // namespace
}  // namespace almanac::source
