#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "inspect_exported.h"

namespace almanac::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Prometheus, gets_a_group_for_each_endpoint) {
  const Exported all = exported(
      "prometheus",
      R"({"namespace":"prod","name":"payments/api","tags":["pci"],"attributes":{"owner":"team-a"},"endpoints":[{"uri":"HTTPS://Pay.example/v1","version":"1.2.0","zone":"eu","weight":0,"tags":["canary"],"attributes":{"scrape.path":"/m"}},"tcp://[2001:db8::1]:9100"]})");
  EXPECT_EQ(
      all.text,
      "[\n"
      R"({"targets":["Pay.example:443"],"labels":{"__meta_almanac_attribute_owner":"team-a","__meta_almanac_attribute_scrape_path":"/m",)"
      R"("__meta_almanac_tags":",pci,canary,","__meta_almanac_uri":"HTTPS://Pay.example/v1","__meta_almanac_weight":"0",)"
      R"("__scheme__":"https","job":"payments/api","namespace":"prod","version":"1.2.0","zone":"eu"}},)"
      "\n"
      R"({"targets":["[2001:db8::1]:9100"],"labels":{"__meta_almanac_attribute_owner":"team-a","__meta_almanac_tags":",pci,",)"
      R"("__meta_almanac_uri":"tcp://[2001:db8::1]:9100","__meta_almanac_weight":"1","job":"payments/api","namespace":"prod"}})"
      "\n]\n");
  EXPECT_THAT(all.losses, IsEmpty());
}

TEST(Prometheus, is_told_no_two_attributes_under_one_label) {
  const Exported all = exported(
      "prometheus",
      R"({"namespace":"prod","name":"s","attributes":{"a.b":"1","__address__":"evil:1","same":"x"},"endpoints":[{"uri":"http://h","attributes":{"a_b":"2","same":"x"}}],"description":"d"}
{"namespace":"prod","name":"t","value":"3"}
{"namespace":"prod","name":"u","endpoints":["arn:aws:sqs:us-east-1:1:q"],"value":"3"})");
  EXPECT_EQ(all.text,
            "[\n"
            R"({"targets":["h:80"],"labels":{"__meta_almanac_attribute___address__":"evil:1","__meta_almanac_attribute_a_b":"2",)"
            R"("__meta_almanac_attribute_same":"x","__meta_almanac_uri":"http://h","__meta_almanac_weight":"1","__scheme__":"http",)"
            R"("job":"s","namespace":"prod"}})"
            "\n]\n");
  EXPECT_THAT(all.losses, ElementsAre("prometheus: 1 service with a description (prod/s): that is left out",
                                      "prometheus: 1 attribute whose key is taken (prod/s a.b): left out",
                                      "prometheus: 1 service without an endpoint (prod/t): left out",
                                      "prometheus: 1 service with a value (prod/u): that is left out",
                                      "prometheus: 1 endpoint without host and port (prod/u): left out"));
}

TEST(Prometheus, gets_an_empty_list_of_an_empty_registry) { EXPECT_EQ(exported("prometheus", R"({"namespace":"prod"})").text, "[]\n"); }

}  // namespace
}  // namespace almanac::inspect
