#include <gmock/gmock.h>

#include "inspect_exported.h"

namespace almanac::inspect {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string weighted(const std::vector<int>& weights) {
  std::string line = R"({"namespace":"p","name":"x","endpoints":[)";
  for (std::size_t i = 0; i < weights.size(); ++i) {
    line += (i == 0 ? R"({"uri":"http://10.0.0.)" : R"(,{"uri":"http://10.0.0.)") + std::to_string(i) + R"(","weight":)" +
            std::to_string(weights[i]) + "}";
  }
  return line + "]}\n";
}

std::vector<std::string> server_lines(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = text.find("  server "); at != std::string::npos; at = text.find("  server ", at + 1)) {
    lines.push_back(text.substr(at + 9, text.find('\n', at) - at - 9));
  }
  return lines;
}

TEST(Haproxy, has_a_backend_for_each_service) {
  const Exported made = exported("haproxy", R"({"namespace":"prod","name":"Api","endpoints":["https://api.example.com","https://10.0.0.9"]}
{"namespace":"prod","name":"users","endpoints":[{"uri":"http://10.0.0.1:8080","weight":3},{"uri":"tcp://[2001:db8::1]:1"},{"uri":"http://10.0.0.1:8080","weight":0}]}
)");
  EXPECT_EQ(made.text, R"(# Made by inspect-snapshot: change the registry, not this file.

backend almanac-Api
  server api.example.com:443 api.example.com:443 ssl verify required ca-file @system-ca sni str(api.example.com)
  server 10.0.0.9:443 10.0.0.9:443 ssl verify required ca-file @system-ca

backend almanac-users
  server 10.0.0.1:8080 10.0.0.1:8080 weight 3
  server 2001:db8::1:1 [2001:db8::1]:1
  server 10.0.0.1:8080.2 10.0.0.1:8080 weight 0
)");
  EXPECT_THAT(made.losses, ElementsAre("haproxy: 1 endpoint over https to an address (prod/Api): a certificate of any name will do"));
}

TEST(Haproxy, weights_keep_their_ratios_up_to_256) {
  EXPECT_THAT(server_lines(exported("haproxy", weighted({256, 2, 0})).text),
              ElementsAre("10.0.0.0:80 10.0.0.0:80 weight 256", "10.0.0.1:80 10.0.0.1:80 weight 2", "10.0.0.2:80 10.0.0.2:80 weight 0"));
  const Exported divided = exported("haproxy", weighted({60000, 20000, 0}));
  EXPECT_THAT(server_lines(divided.text),
              ElementsAre("10.0.0.0:80 10.0.0.0:80 weight 3", "10.0.0.1:80 10.0.0.1:80", "10.0.0.2:80 10.0.0.2:80 weight 0"));
  EXPECT_THAT(divided.losses, IsEmpty());
}

TEST(Haproxy, weights_that_it_cannot_hold_are_scaled_and_told) {
  const Exported scaled = exported("haproxy", weighted({65535, 32767, 1, 0}));
  EXPECT_THAT(server_lines(scaled.text), ElementsAre("10.0.0.0:80 10.0.0.0:80 weight 256", "10.0.0.1:80 10.0.0.1:80 weight 128",
                                                     "10.0.0.2:80 10.0.0.2:80", "10.0.0.3:80 10.0.0.3:80 weight 0"));
  EXPECT_THAT(scaled.losses,
              ElementsAre("haproxy: 1 service with weights in ratios that 0 to 256 cannot hold (p/x): rounded, the largest is 256"));
}

TEST(Haproxy, hostile_names_become_words) {
  EXPECT_THAT(exported("haproxy", R"({"namespace":"p","name":"a\" b\\#$c","endpoints":["http://10.0.0.1"]})").text,
              HasSubstr("\nbackend almanac-a__b___c-c8230c095edba417\n"));
}

}  // namespace
}  // namespace almanac::inspect
