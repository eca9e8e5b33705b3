#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect_exported.h"
#include "support/error_matchers.h"

namespace almanac::inspect {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kBegin = R"({"@type":"type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment","cluster_name":)";

// Without the version, which is a digest.
std::string resources_of(const Exported& all) {
  const std::size_t begin = all.text.find("\"resources\"");
  EXPECT_THAT(all.text, StartsWith("{\"version_info\":\""));
  return all.text.substr(std::min(begin, all.text.size()));
}

TEST(Envoy, is_given_addresses_by_zone_with_their_weights) {
  const Exported all = exported(
      "envoy",
      R"({"namespace":"prod","name":"users","endpoints":[{"uri":"http://10.0.0.1","zone":"a"},{"uri":"tcp://[2001:db8::1]:81/","zone":"b","weight":90},{"uri":"https://10.0.0.2","zone":"a","weight":2},"tcp://10.0.0.3:5"]})");
  EXPECT_EQ(resources_of(all),
            std::string("\"resources\":[\n") + kBegin + R"("users","endpoints":[{"lb_endpoints":[)" +
                R"({"endpoint":{"address":{"socket_address":{"address":"10.0.0.3","port_value":5}}},"load_balancing_weight":1}]},)" +
                R"({"locality":{"zone":"a"},"lb_endpoints":[)" +
                R"({"endpoint":{"address":{"socket_address":{"address":"10.0.0.1","port_value":80}}},"load_balancing_weight":1},)" +
                R"({"endpoint":{"address":{"socket_address":{"address":"10.0.0.2","port_value":443}}},"load_balancing_weight":2}]},)" +
                R"({"locality":{"zone":"b"},"lb_endpoints":[)" +
                R"({"endpoint":{"address":{"socket_address":{"address":"2001:db8::1","port_value":81}}},"load_balancing_weight":90}]}]})" +
                "\n]}\n");
  EXPECT_THAT(all.losses, IsEmpty());
}

TEST(Envoy, is_told_of_a_cluster_whose_hosts_it_cannot_take) {
  const Exported all = exported("envoy", R"({"namespace":"prod","name":"drained","endpoints":[{"uri":"http://10.0.0.1","weight":0}]}
{"namespace":"prod","name":"limit","value":"3"}
{"namespace":"prod","name":"named","endpoints":["http://users.example","http://user:secret@10.0.0.9/v1"]}
{"namespace":"prod","name":"queue","endpoints":["arn:aws:sqs:us-east-1:1:q","tcp://10.0.0.1","tcp://10.0.0.1:0"]})");
  EXPECT_EQ(
      resources_of(all),
      std::string("\"resources\":[\n") + kBegin + "\"drained\",\"endpoints\":[]},\n" + kBegin +
          R"("named","endpoints":[{"lb_endpoints":[{"endpoint":{"address":{"socket_address":{"address":"10.0.0.9","port_value":80}}},)" +
          "\"load_balancing_weight\":1}]}]}\n]}\n");
  EXPECT_THAT(all.losses, ElementsAre("envoy: 1 endpoint of weight 0 (prod/drained): left out",
                                      "envoy: 1 service without an endpoint (prod/limit): left out",
                                      "envoy: 1 endpoint with the name of a host, where Envoy takes an IP address (prod/named): left out",
                                      "envoy: 1 endpoint with a path or query (prod/named): that is left out",
                                      "envoy: 1 endpoint with a user before the host (prod/named): that is left out",
                                      "envoy: 3 endpoints without host and port (first: prod/queue): left out"));
}

TEST(Envoy, has_the_same_version_while_its_resources_are_the_same) {
  const std::string users = R"({"namespace":"prod","name":"users","endpoints":["http://10.0.0.1"]})";
  const Exported all = exported("envoy", users);
  EXPECT_EQ(exported("envoy", users + "\n" + R"({"namespace":"prod","name":"limit","value":"3"})").text, all.text);
  EXPECT_NE(exported("envoy", R"({"namespace":"prod","name":"users","endpoints":["http://10.0.0.2"]})").text.substr(0, 40),
            all.text.substr(0, 40));
}

TEST(Envoy, knows_services_of_several_namespaces_apart) {
  const Exported all = exported("envoy", R"({"namespace":"a","name":"s","endpoints":["http://10.0.0.1"]}
{"namespace":"b","name":"s","endpoints":["http://10.0.0.2"]})");
  EXPECT_THAT(all.text, HasSubstr("\"cluster_name\":\"a/s\""));
  EXPECT_THAT(all.text, HasSubstr("\"cluster_name\":\"b/s\""));
  const auto error = support::error_from([] {
    (void)exported("envoy", R"({"namespace":"a/b","name":"c","endpoints":["http://10.0.0.1"]}
{"namespace":"a","name":"b/c","endpoints":["http://10.0.0.2"]})");
  });
  EXPECT_EQ(error.code(), ErrorCode::kInvalidArgument);
}

TEST(Envoy, is_given_an_empty_list_by_an_empty_registry) {
  EXPECT_EQ(resources_of(exported("envoy", R"({"namespace":"prod"})")), "\"resources\":[]}\n");
}

}  // namespace
}  // namespace almanac::inspect
