#include "import/setting.h"

#include <gtest/gtest.h>

#include <string>

#include "imported_text.h"

namespace almanac::importing {
namespace {

std::string service(const std::string& rest) { return R"({"namespace":"prod","name":"a",)" + rest + "}\n"; }
std::string value(const std::string& json) { return service(R"("value":)" + json); }

TEST(ImportSetting, KnowsUris) {
  for (const char* uri :
       {"https://a", "arn:aws:sqs:us-east-1:1:q", "jdbc:mysql://db:3306/x", "tcp://[::1]:80", "https://a/b,c", "https://a?x=b://c"}) {
    EXPECT_TRUE(is_endpoint(uri)) << uri;
  }
  for (const char* text : {"", "3", "a:b", "urn:isbn:1", "mailto:a@b.example", "//host", "://", "see https://a", "https://a b",
                           "arn:", "https://a\n", "https://\xff", "10.0.0.1:80"}) {
    EXPECT_FALSE(is_endpoint(text)) << text;
  }
}

TEST(ImportSetting, MakesEndpointsOfUris) {
  EXPECT_EQ(record_of_value(R"("https://a")"), service(R"("endpoints":[{"uri":"https://a"}])"));
  EXPECT_EQ(record_of_value(R"("https://b, https://a")"), service(R"("endpoints":[{"uri":"https://b"},{"uri":"https://a"}])"));
  EXPECT_EQ(record_of_value(R"(["https://b","arn:a"])"), service(R"("endpoints":[{"uri":"https://b"},{"uri":"arn:a"}])"));
  EXPECT_EQ(record_of_value(R"("https://a/x,y")"), service(R"("endpoints":[{"uri":"https://a/x,y"}])"));
}

TEST(ImportSetting, KeepsAllElseAsItIs) {
  EXPECT_EQ(record_of_value(R"("")"), value(R"("")"));
  EXPECT_EQ(record_of_value(R"(" 3 ")"), value(R"(" 3 ")"));
  EXPECT_EQ(record_of_value("1.50e3"), value(R"("1.50e3")"));
  EXPECT_EQ(record_of_value("123456789012345678901"), value(R"("123456789012345678901")"));
  EXPECT_EQ(record_of_value("true"), value(R"("true")"));
  EXPECT_EQ(record_of_value(R"("https://a,b")"), service(R"("endpoints":[{"uri":"https://a,b"}])"));
  EXPECT_EQ(record_of_value(R"("a,https://b")"), value(R"("a,https://b")"));
  EXPECT_EQ(record_of_value(R"("https://a,")"), service(R"("endpoints":[{"uri":"https://a,"}])"));
}

TEST(ImportSetting, WritesListsAndMappingsAsJson) {
  EXPECT_EQ(record_of_value("[]"), value(R"("[]")"));
  EXPECT_EQ(record_of_value("[1.0, \"1.0\", null, false]"), value(R"("[1.0,\"1.0\",null,false]")"));
  EXPECT_EQ(record_of_value("{\"a\\\"b\" : {\"c\": [ ]}, \"d\\n\": \"\\u00e9\"}"), value(R"("{\"a\\\"b\":{\"c\":[]},\"d\\n\":\"é\"}")"));
  EXPECT_EQ(record_of_value(R"(["https://a", "b"])"), value(R"("[\"https://a\",\"b\"]")"));
  EXPECT_EQ(record_of_value(R"([["https://a"]])"), value(R"("[[\"https://a\"]]")"));
}

}  // namespace
}  // namespace almanac::importing
