#include "source/json_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "document_text.h"

namespace almanac::source {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(JsonSource, ReadsADocument) {
  const auto loaded = load_texts({{"x.json", R"({
  "registry": "acme", "revision": "r1",
  "namespaces": {"prod": {"services": {
    "users": {"description": "d", "value": 1.50, "tags": ["b", "a"], "attributes": {"timeout_ms": 500, "on": true},
      "endpoints": ["tcp://a:1", {"uri": "tcp://b:2", "version": "2.1.0", "weight": 90, "zone": "z", "tags": ["t"], "attributes": {"k": "v"}}]},
    "q": "arn:aws:sqs:us-east-1:1:q"}}}})"}});
  ASSERT_THAT(problem_lines(loaded), IsEmpty());
  EXPECT_EQ(loaded.registry.name, "acme");
  EXPECT_EQ(loaded.registry.revision, "r1");
  const auto& users = service(loaded, "prod", "users");
  EXPECT_EQ(users.description, "d");
  EXPECT_EQ(users.value, "1.50");
  EXPECT_THAT(users.tags, ElementsAre("a", "b"));
  ASSERT_EQ(users.attributes.size(), 2U);
  EXPECT_EQ(users.attributes[0].key, "on");
  EXPECT_EQ(users.attributes[0].value, "true");
  EXPECT_EQ(users.attributes[1].value, "500");
  ASSERT_EQ(users.endpoints.size(), 2U);
  EXPECT_EQ(users.endpoints[0].uri, "tcp://a:1");
  EXPECT_EQ(users.endpoints[0].weight, 1);
  EXPECT_EQ(users.endpoints[1].version, "2.1.0");
  EXPECT_EQ(users.endpoints[1].weight, 90);
  EXPECT_EQ(users.endpoints[1].zone, "z");
  EXPECT_THAT(users.endpoints[1].tags, ElementsAre("t"));
  EXPECT_EQ(users.endpoints[1].attributes[0].value, "v");
  EXPECT_EQ(users.location.line, 4U);
  EXPECT_EQ(users.location.column, 5U);
  EXPECT_EQ(service(loaded, "prod", "q").endpoints[0].uri, "arn:aws:sqs:us-east-1:1:q");
}

TEST(JsonSource, BrokenSyntaxIsOneProblem) {
  EXPECT_THAT(problems_of(Language::json, "{\"registry\": \"a\",\n \"x\": 1,\n}"),
              ElementsAre("x.json:3:1: not valid JSON: a comma, a colon, a key or a bracket is missing or out of place"));
  EXPECT_THAT(problems_of(Language::json, ""), ElementsAre("x.json:1:1: not valid JSON: the document is empty"));
  EXPECT_THAT(problems_of(Language::json, "[]"),
              ElementsAre("x.json:1:1: a registry document must be a mapping with registry, revision, namespaces or callers, got a list"));
}

TEST(JsonSource, SkipsAByteOrderMark) { EXPECT_THAT(problems_of(Language::json, "\xef\xbb\xbf{\"registry\":\"a\"}"), IsEmpty()); }

TEST(JsonSource, KeysAreGivenOnce) {
  EXPECT_THAT(problems_of(Language::json, R"({"registry":"a","registry":"a"})"),
              ElementsAre("x.json:1:17: registry is given twice, first at line 1, column 13; give it once"));
}

}  // namespace
}  // namespace almanac::source
