#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect_exported.h"

namespace almanac::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Amplify, gets_rest_apis_with_their_regions) {
  const Exported all = exported("amplify", R"({"namespace":"prod","name":"orders","endpoints":["https://orders.example"]}
{"namespace":"prod","name":"users","endpoints":["https://a1.execute-api.eu-west-1.amazonaws.com/prod"]})");
  EXPECT_EQ(all.text,
            "{\"API\":{\"REST\":{\n"
            "\"orders\":{\"endpoint\":\"https://orders.example\"},\n"
            "\"users\":{\"endpoint\":\"https://a1.execute-api.eu-west-1.amazonaws.com/prod\",\"region\":\"eu-west-1\"}\n"
            "}}}\n");
  EXPECT_THAT(all.losses, IsEmpty());
}

TEST(Amplify, takes_the_first_endpoint_that_a_browser_can_call) {
  const Exported all = exported("amplify", R"({"namespace":"prod","name":"limit","value":"3"}
{"namespace":"prod","name":"queue","endpoints":["arn:aws:sqs:us-east-1:1:q"]}
{"namespace":"prod","name":"users","endpoints":["tcp://h:1",{"uri":"https://a","weight":0},"HTTP://b","https://c"]})");
  EXPECT_EQ(all.text, "{\"API\":{\"REST\":{\n\"users\":{\"endpoint\":\"HTTP://b\"}\n}}}\n");
  EXPECT_THAT(all.losses, ElementsAre("amplify: 1 service without an endpoint (prod/limit): left out",
                                      "amplify: 2 endpoints without an http or https address (first: prod/queue): left out",
                                      "amplify: 1 endpoint of weight 0 (prod/users): left out",
                                      "amplify: 1 endpoint beside the first one (prod/users): left out"));
}

std::string region_of(const std::string& endpoint, const std::string& service_fields = "") {
  const std::string text =
      exported("amplify", R"({"namespace":"n","name":"s",)" + service_fields + R"("endpoints":[)" + endpoint + "]}").text;
  const std::string key = "\"region\":\"";
  const std::size_t begin = text.find(key);
  if (begin == std::string::npos) return "none";
  return text.substr(begin + key.size(), text.find('"', begin + key.size()) - begin - key.size());
}

TEST(AwsRegion, is_that_of_the_attribute_the_host_or_the_zone_in_this_order) {
  const std::string host = R"({"uri":"https://a.execute-api.eu-west-1.amazonaws.com/p","zone":"us-east-1a")";
  EXPECT_EQ(region_of(host + R"(,"attributes":{"region":"x"}})", R"("attributes":{"region":"y"},)"), "x");
  EXPECT_EQ(region_of(host + "}", R"("attributes":{"region":"y"},)"), "y");
  EXPECT_EQ(region_of(host + "}"), "eu-west-1");
  EXPECT_EQ(region_of(R"({"uri":"https://users.example","zone":"us-east-1a"})"), "us-east-1");
  EXPECT_EQ(region_of(R"("https://users.example")"), "none");
}

TEST(AwsRegion, is_read_from_hosts_of_api_gateway_alone) {
  const auto of_host = [](const std::string& host) { return region_of("\"https://" + host + "/prod\""); };
  EXPECT_EQ(of_host("a.execute-api.cn-north-1.amazonaws.com.cn"), "cn-north-1");
  EXPECT_EQ(of_host("a-vpce-1.execute-api.us-gov-west-1.vpce.amazonaws.com"), "us-gov-west-1");
  EXPECT_EQ(of_host("a.execute-api.eu-west-1.amazonaws.com.evil.example"), "none");
  EXPECT_EQ(of_host("execute-api.eu-west-1.amazonaws.com"), "none");
  EXPECT_EQ(of_host("a.execute-api.evil.amazonaws.com"), "none");
  EXPECT_EQ(of_host("a.execute-api."), "none");
}

TEST(AwsRegion, is_read_from_zones_of_aws_alone) {
  const auto of_zone = [](const std::string& zone) { return region_of(R"({"uri":"https://h","zone":")" + zone + "\"}"); };
  EXPECT_EQ(of_zone("ap-southeast-2c"), "ap-southeast-2");
  EXPECT_EQ(of_zone("ap-southeast-2"), "ap-southeast-2");
  EXPECT_EQ(of_zone("us-gov-east-1b"), "us-gov-east-1");
  EXPECT_EQ(of_zone("us-west-2-lax-1a"), "us-west-2");
  for (const char* const other : {"rack-4", "eu", "us-east", "us-1", "us--1", "usa-east-1", "us-east-1abc", "US-EAST-1", "1a", "-"}) {
    EXPECT_EQ(of_zone(other), "none") << other;
  }
}

}  // namespace
}  // namespace almanac::inspect
