#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect_exported.h"

namespace almanac::inspect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Consul, gets_a_definition_for_each_endpoint) {
  const Exported all = exported(
      "consul",
      R"({"namespace":"prod","name":"users","tags":["pci","x"],"attributes":{"owner":"team-a","stage":"all"},"endpoints":[{"uri":"https://a.example/v1","version":"1.2.0","zone":"eu","weight":90,"tags":["canary","pci"],"attributes":{"stage":"one"}},"tcp://[2001:db8::1]","https://a.example/v2"]})");
  EXPECT_EQ(
      all.text,
      "{\"services\":[\n"
      R"({"id":"users-a.example:443","name":"users","tags":["pci","x","canary"],"address":"a.example","port":443,"meta":)"
      R"({"owner":"team-a","stage":"one","uri":"https://a.example/v1","version":"1.2.0","zone":"eu"},"weights":{"passing":90,"warning":1}},)"
      "\n"
      R"({"id":"users-2001:db8::1","name":"users","tags":["pci","x"],"address":"2001:db8::1","meta":)"
      R"({"owner":"team-a","stage":"all","uri":"tcp://[2001:db8::1]"},"weights":{"passing":1,"warning":1}},)"
      "\n"
      R"({"id":"users-a.example:443-2","name":"users","tags":["pci","x"],"address":"a.example","port":443,"meta":)"
      R"({"owner":"team-a","stage":"all","uri":"https://a.example/v2"},"weights":{"passing":1,"warning":1}})"
      "\n]}\n");
  EXPECT_THAT(all.losses, ElementsAre("consul: 1 attribute whose key is taken (prod/users stage): left out"));
}

TEST(Consul, is_given_no_meta_that_it_refuses) {
  const std::string long_path(600, 'x');
  std::string many;
  for (int i = 10; i < 80; ++i) many += ",\"k" + std::to_string(i) + "\":\"v\"";
  const Exported all = exported("consul", R"({"namespace":"prod","name":"s","attributes":{"a.b":"1","consul-x":"2","long":")" + long_path +
                                              R"("},"endpoints":["http://h/)" + long_path + R"("]}
{"namespace":"prod","name":"t","attributes":{"version":"mine")" +
                                              many + R"(},"endpoints":[{"uri":"http://h","version":"1.0.0"}]})");
  EXPECT_THAT(all.text, HasSubstr(R"("name":"s","tags":[],"address":"h","port":80,"meta":{},)"));
  EXPECT_THAT(all.text, HasSubstr(R"("k71":"v","uri":"http://h","version":"1.0.0"})"));
  EXPECT_THAT(all.text, Not(HasSubstr("k72")));
  EXPECT_THAT(all.losses, ElementsAre("consul: 1 endpoint whose uri is too long for meta (prod/s): only host and port are said",
                                      "consul: 3 attributes that Consul takes no meta of (first: prod/s a.b): left out",
                                      "consul: 8 attributes beyond the 64 that Consul takes (first: prod/t k72): left out",
                                      "consul: 1 attribute whose key is taken (prod/t version): left out"));
}

TEST(Consul, is_not_told_of_what_has_no_host_or_weight) {
  const Exported all = exported("consul", R"({"namespace":"prod","name":"limit","value":"3"}
{"namespace":"prod","name":"s","endpoints":["arn:aws:sqs:us-east-1:1:q",{"uri":"http://h","weight":0}]})");
  EXPECT_EQ(all.text, "{\"services\":[]}\n");
  EXPECT_THAT(all.losses,
              ElementsAre("consul: 1 service without an endpoint (prod/limit): left out",
                          "consul: 1 endpoint without a host (prod/s): left out", "consul: 1 endpoint of weight 0 (prod/s): left out"));
}

}  // namespace
}  // namespace almanac::inspect
