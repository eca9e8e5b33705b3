// The formats of names and texts: dotenv, json, yaml, properties.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect_exported.h"
#include "support/error_matchers.h"

namespace almanac::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kPlain = R"({"namespace":"prod","name":"nsqlookupd","endpoints":["tcp://10.0.1.5:4161","tcp://10.0.2.7:4161"]}
{"namespace":"prod","name":"payments/api/max-retries","value":"3"}
{"namespace":"prod","name":"users","endpoints":["https://users.example/v1?a=b"]})";

// What each format has to escape somewhere.
const std::string kHostile =
    R"({"namespace":"n","name":"2 größe:=#!\"\\ 🗺","value":" it's \"x\" $HOME `id` \\ \t\r\n\u0007\u0085\u2028é🗺 "}
{"namespace":"n","name":"dollar","value":"$(id); a'"}
{"namespace":"n","name":"empty","value":""}
{"namespace":"n","name":"no","value":"yes"})";

TEST(FlatTexts, are_variables_in_dotenv) {
  const Exported all = exported("dotenv", kPlain);
  EXPECT_EQ(all.text,
            "NSQLOOKUPD=tcp://10.0.1.5:4161,tcp://10.0.2.7:4161\n"
            "PAYMENTS_API_MAX_RETRIES=3\n"
            "USERS='https://users.example/v1?a=b'\n");
  EXPECT_THAT(all.losses, IsEmpty());
  EXPECT_EQ(exported("dotenv", kHostile).text,
            "_2_GR__E________=\" it's \\\"x\\\" \\$HOME \\`id\\` \\\\ \t\r\n\x07\u0085\u2028é🗺 \"\n"
            "DOLLAR=\"\\$(id); a'\"\n"
            "EMPTY=''\n"
            "NO=yes\n");
}

TEST(FlatTexts, are_members_in_json) {
  EXPECT_EQ(exported("json", kPlain).text,
            "{\n\"nsqlookupd\":[\"tcp://10.0.1.5:4161\",\"tcp://10.0.2.7:4161\"],\n"
            "\"payments/api/max-retries\":\"3\",\n"
            "\"users\":\"https://users.example/v1?a=b\"\n}\n");
  EXPECT_EQ(exported("json", R"({"namespace":"n"})").text, "{}\n");
}

TEST(FlatTexts, are_quoted_in_yaml) {
  EXPECT_EQ(exported("yaml", kPlain).text,
            "\"nsqlookupd\":\n  - \"tcp://10.0.1.5:4161\"\n  - \"tcp://10.0.2.7:4161\"\n"
            "\"payments/api/max-retries\": \"3\"\n"
            "\"users\": \"https://users.example/v1?a=b\"\n");
  EXPECT_EQ(exported("yaml", kHostile).text,
            "\"2 größe:=#!\\\"\\\\ 🗺\": \" it's \\\"x\\\" $HOME `id` \\\\ \\u0009\\u000D\\n\\u0007\\u0085\\u2028é🗺 \"\n"
            "\"dollar\": \"$(id); a'\"\n"
            "\"empty\": \"\"\n"
            "\"no\": \"yes\"\n");
  EXPECT_EQ(exported("yaml", R"({"namespace":"n"})").text, "{}\n");
}

TEST(FlatTexts, have_long_keys_of_yaml_behind_a_question_mark) {
  const std::string longest(1022, 'k');
  const auto text_of = [](const std::string& name) {
    return exported("yaml", R"({"namespace":"n","name":")" + name + R"(","value":"v"})").text;
  };
  EXPECT_EQ(text_of(longest), "\"" + longest + "\": \"v\"\n");
  EXPECT_EQ(text_of(longest + "k"), "? \"" + longest + "k\"\n: \"v\"\n");
}

TEST(FlatTexts, are_ascii_in_properties) {
  EXPECT_EQ(exported("properties", kPlain).text,
            "nsqlookupd=tcp://10.0.1.5:4161,tcp://10.0.2.7:4161\n"
            "payments/api/max-retries=3\n"
            "users=https://users.example/v1?a=b\n");
  EXPECT_EQ(exported("properties", kHostile).text,
            "2\\ gr\\u00F6\\u00DFe\\:\\=\\#\\!\"\\\\\\ \\uD83D\\uDDFA=\\ it's \"x\" $HOME `id` \\\\ "
            "\\t\\r\\n\\u0007\\u0085\\u2028\\u00E9\\uD83D\\uDDFA \n"
            "dollar=$(id); a'\n"
            "empty=\n"
            "no=yes\n");
}

TEST(FlatTexts, tell_what_they_leave_out) {
  const Exported all = exported(
      "json",
      R"({"namespace":"p","name":"a","description":"d","tags":["t"],"attributes":{"k":"v"},"value":"x","endpoints":[{"uri":"http://a","weight":0},{"uri":"http://b","weight":3,"version":"1.0.0","zone":"z","tags":["t"],"attributes":{"k":"v"}}]}
{"namespace":"p","name":"b","endpoints":[{"uri":"http://c","weight":0}]})");
  EXPECT_EQ(all.text, "{\n\"a\":\"http://b\"\n}\n");
  EXPECT_THAT(
      all.losses,
      ElementsAre("json: 2 endpoints of weight 0 (first: p/a): left out", "json: 1 endpoint with a version (p/a): that is left out",
                  "json: 1 endpoint with a weight (p/a): that is left out", "json: 1 endpoint with a zone (p/a): that is left out",
                  "json: 1 endpoint with tags (p/a): these are left out", "json: 1 endpoint with attributes (p/a): these are left out",
                  "json: 1 service with a description (p/a): that is left out", "json: 1 service with a value (p/a): that is left out",
                  "json: 1 service with tags (p/a): these are left out", "json: 1 service with attributes (p/a): these are left out",
                  "json: 1 service with neither a value nor an endpoint of a weight (p/b): left out"));
  EXPECT_THAT(exported("dotenv", R"({"namespace":"p","name":"a","endpoints":["http://a/x,y","http://b"]})").losses,
              ElementsAre("dotenv: 1 endpoint with a comma in its uri, beside others (p/a): it looks like two"));
}

TEST(FlatTexts, refuse_two_services_of_one_name) {
  const auto error = support::error_from([] {
    (void)exported("dotenv", R"({"namespace":"p","name":"foo-bar","value":"1"}
{"namespace":"p","name":"foo/bar","value":"2"})");
  });
  EXPECT_THAT(error, support::IsError(ErrorCode::kInvalidArgument, "dotenv", support::kNowhere,
                                      "\"p/foo-bar\" and \"p/foo/bar\" are both \"FOO_BAR\""));
}

TEST(FlatTexts, of_several_namespaces_begin_with_theirs) {
  const std::string two = R"({"namespace":"a","name":"s","value":"1"}
{"namespace":"b","name":"s","value":"2"})";
  EXPECT_EQ(exported("dotenv", two).text, "A_S=1\nB_S=2\n");
  EXPECT_EQ(exported("dotenv", two, {.namespace_name = "b", .prefix = {}, .tags = {}}).text, "S=2\n");
}

}  // namespace
}  // namespace almanac::inspect
