#include "source/jsonl_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "document_text.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(JsonlSource, ReadsRecords) {
  const auto loaded = load_texts({{"x.jsonl",
                                   "{\"registry\":\"acme\",\"revision\":\"4f2a\"}\r\n"
                                   "\n"
                                   "{\"namespace\":\"prod\",\"inherits\":[\"shared\"]}\n"
                                   " \t \n"
                                   "{\"namespace\":\"empty\"}\n"
                                   "{\"namespace\":\"shared\",\"name\":\"nsqlookupd\",\"endpoints\":[{\"uri\":\"tcp://10.0.1.5:4161\"}]}\n"
                                   "{\"name\":\"retries\",\"value\":3,\"namespace\":\"prod\"}"}});
  ASSERT_THAT(problem_lines(loaded), IsEmpty());
  EXPECT_EQ(loaded.registry.name, "acme");
  EXPECT_EQ(loaded.registry.revision, "4f2a");
  ASSERT_EQ(loaded.registry.namespaces.size(), 3U);
  EXPECT_EQ(service(loaded, "prod", "nsqlookupd").endpoints[0].uri, "tcp://10.0.1.5:4161");
  EXPECT_EQ(service(loaded, "prod", "retries").value, "3");
  EXPECT_EQ(service(loaded, "prod", "retries").location.line, 7U);
}

TEST(JsonlSource, ABrokenLineDoesNotHideTheNext) {
  EXPECT_THAT(problems_of(Language::json_lines,
                          "{\"namespace\":\"p\",\"name\":\"a\"}\n"
                          "{oops}\n"
                          "{\"namespace\":\"p\",\"name\":\"b\",\"valu\":\"x\",\"endpoints\":[]}\n"
                          "{\"namespace\":\"p\",\"name\":\"c\",\"value\":\"x\"} {}\n"
                          "[]\n"
                          "{\"namespace\":\"p\",\"name\":\"a\",\"value\":\"\"}\n"),
              ElementsAre("x.jsonl:1:1: service \"a\": needs at least one endpoint or a value",
                          "x.jsonl:2:2: not valid JSON: a comma, a colon, a key or a bracket is missing or out of place",
                          "x.jsonl:3:1: service \"b\": needs at least one endpoint or a value",
                          "x.jsonl:3:29: unknown field \"valu\"; did you mean \"value\"?",
                          "x.jsonl:4:42: not valid JSON: something follows the end of the document; remove it, or close the "
                          "bracket before it",
                          "x.jsonl:5:1: a line must be an object with a namespace and a name, got a list",
                          "x.jsonl:6:1: service \"a\" of namespace \"p\" is already defined at x.jsonl:1:1; remove or rename one "
                          "of the two"));
}

TEST(JsonlSource, SaysWhatALineIsMissing) {
  EXPECT_THAT(problems_of(Language::json_lines, "{\"name\":\"a\",\"value\":1}\n{\"namespace\":\"p\",\"value\":1}\n{}\n"),
              ElementsAre("x.jsonl:1:1: a service needs a namespace", "x.jsonl:2:1: a service needs a name",
                          "x.jsonl:3:1: a line needs a namespace, and a name when it is a service"));
  EXPECT_THAT(problems_of(Language::json_lines,
                          "{\"registry\":\"r\",\"namespace\":\"p\"}\n"
                          "{\"registry\":\"r\",\"namespace\":\"p\",\"name\":\"a\",\"value\":1}\n"
                          "{\"inherits\":[\"p\"]}\n"),
              ElementsAre("x.jsonl:1:1: a line with registry or revision has no namespace; give it a line of its own",
                          "x.jsonl:2:1: a service has no registry, revision or inherits; give them a line of their own",
                          "x.jsonl:3:1: a line needs a namespace, and a name when it is a service"));
}

TEST(JsonlSource, AnEmptyFileHasNothingToSay) {
  EXPECT_THAT(problems_of(Language::json_lines, ""), IsEmpty());
  EXPECT_THAT(problems_of(Language::json_lines, "\n\n"), IsEmpty());
  EXPECT_THAT(problems_of(Language::json_lines, "\xef\xbb\xbf{\"namespace\":\"p\"}\n"), IsEmpty());
}

// Hands out a few bytes at a time, as a pipe may.
class Drip : public ByteSource {
 public:
  Drip(std::string_view text, std::size_t portion) : text_(text), portion_(portion) {}
  std::size_t read(std::span<char> space) override { return text_.read(space.first(std::min(space.size(), portion_))); }

 private:
  TextSource text_;
  std::size_t portion_;
};

std::size_t services_read(ByteSource& bytes) {
  RegistryBuilder builder;
  Interpreter interpreter(builder, builder.add_file("x.jsonl"));
  read_json_lines(bytes, interpreter);
  EXPECT_TRUE(builder.take_problems().empty());
  return builder.services();
}

TEST(JsonlSource, LinesMayEndAnywhereInABlock) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "{\"namespace\":\"p\",\"name\":\"n" + std::to_string(i) + "\",\"value\":\"\"}\n";
  for (std::size_t portion = 1; portion < 200; ++portion) {
    Drip drip(text, portion);
    ASSERT_EQ(services_read(drip), 100U) << portion;
  }
}

TEST(JsonlSource, LinesMayBeLongerThanABlock) {
  std::string text;
  for (int i = 0; i < 3; ++i) {
    text += "{\"namespace\":\"p\",\"name\":\"n" + std::to_string(i) + "\",\"endpoints\":[\"a:b\"";
    for (int j = 0; j < 60'000; ++j) text += ",\"https://host-" + std::to_string(j) + ".example.com/some/path/that/is/long\"";
    text += "]}\n";
  }
  ASSERT_GT(text.size(), 9'000'000U);
  TextSource source(text);
  EXPECT_EQ(services_read(source), 3U);
}

TEST(JsonlSource, ManyLinesShareWhatRepeats) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text +=
        "{\"namespace\":\"p\",\"name\":\"" + std::to_string(i) + "\",\"value\":\"\",\"tags\":[\"b\",\"a\"],\"attributes\":{\"k\":\"v\"}}\n";
  }
  const auto loaded = load_texts({{"x.jsonl", text}});
  ASSERT_THAT(problem_lines(loaded), IsEmpty());
  const auto& services = loaded.registry.namespaces.at(0).services;
  ASSERT_EQ(services.size(), 1000U);
  EXPECT_EQ(services.front().tags.data(), services.back().tags.data());
  EXPECT_EQ(services.front().attributes.data(), services.back().attributes.data());
}

// The reader keeps one buffer for all lines.
TEST(JsonlSource, AnEarlierLineIsNotReadBehindTheLast) {
  for (const char left : {',', '}', ']'}) {
    const std::string earlier = R"({"registry":")" + std::string(60, left) + "\"}\n";
    const auto loaded = load_texts({{"x.jsonl", earlier + R"({"namespace":"n","inherits":[{})"}});
    ASSERT_EQ(loaded.problems.size(), 1U) << left;
    EXPECT_EQ(loaded.problems.front().location.line, 2U) << left;
  }
}

}  // namespace
}  // namespace almanac::source
