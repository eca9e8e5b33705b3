#include <almanac/service.h>
#include <almanac/snapshot.h>
#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "support/registry_builder.h"

namespace almanac {
namespace {

using support::endpoint;
using support::service;

struct UriCase {
  std::string uri;
  std::string scheme;
  std::string host;
  std::optional<std::uint16_t> port;
};

void PrintTo(const UriCase& one, std::ostream* out) { *out << one.uri; }

class EndpointOfUri : public testing::TestWithParam<UriCase> {};

TEST_P(EndpointOfUri, has_its_parts) {
  const std::vector<std::byte> bytes = support::snapshot_of({{"prod", {service("s").uri(GetParam().uri)}}});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  const Endpoint endpoint = *snapshot.in("prod").find("s").value().endpoints().begin();
  EXPECT_EQ(endpoint.uri(), GetParam().uri);
  EXPECT_EQ(endpoint.scheme(), GetParam().scheme);
  EXPECT_EQ(endpoint.host(), GetParam().host);
  EXPECT_EQ(endpoint.port(), GetParam().port);
}

INSTANTIATE_TEST_SUITE_P(
    Uris, EndpointOfUri,
    testing::Values(UriCase{"http://host", "http", "host", 80}, UriCase{"https://host/", "https", "host", 443},
                    UriCase{"ws://host", "ws", "host", 80}, UriCase{"wss://host?q", "wss", "host", 443},
                    UriCase{"HTTPS://Host", "HTTPS", "Host", 443}, UriCase{"tcp://host", "tcp", "host", std::nullopt},
                    UriCase{"tcp://10.0.1.5:4161", "tcp", "10.0.1.5", 4161},
                    UriCase{"http://host:8080/path:9?x=a:1#b:2", "http", "host", 8080}, UriCase{"http://host/a@b:1", "http", "host", 80},
                    UriCase{"http://host?a@b:1/", "http", "host", 80}, UriCase{"http://host#a@b", "http", "host", 80},
                    // User information.
                    UriCase{"postgres://user:secret@db:5432/x", "postgres", "db", 5432}, UriCase{"http://a@b@host:1", "http", "host", 1},
                    UriCase{"http://user:80@host", "http", "host", 80}, UriCase{"http://@host", "http", "host", 80},
                    // IPv6.
                    UriCase{"http://[::1]", "http", "::1", 80}, UriCase{"http://[2001:db8::1]:8080/x", "http", "2001:db8::1", 8080},
                    UriCase{"tcp://user@[fe80::1%25eth0]:1", "tcp", "fe80::1%25eth0", 1}, UriCase{"http://[::1]x:80", "http", "::1", 80},
                    UriCase{"tcp://[]:7", "tcp", "", 7}, UriCase{"http://[::1", "http", "", std::nullopt},
                    // Ports.
                    UriCase{"http://host:", "http", "host", 80}, UriCase{"tcp://host:", "tcp", "host", std::nullopt},
                    UriCase{"http://host:0", "http", "host", 0}, UriCase{"http://host:65535", "http", "host", 65535},
                    UriCase{"http://host:65536", "http", "host", std::nullopt},
                    UriCase{"http://host:99999999999999999999", "http", "host", std::nullopt},
                    UriCase{"http://host:080", "http", "host", 80}, UriCase{"http://host:-1", "http", "host", std::nullopt},
                    UriCase{"http://host:+1", "http", "host", std::nullopt}, UriCase{"http://host:8x", "http", "host", std::nullopt},
                    UriCase{"http://host:1:2", "http", "host:1", 2},
                    // No host.
                    UriCase{"arn:aws:sqs:us-east-1:123456789012:audit", "arn", "", std::nullopt},
                    UriCase{"mailto:a@host:25", "mailto", "", std::nullopt}, UriCase{"file:///etc/hosts", "file", "", std::nullopt},
                    UriCase{"http://", "http", "", std::nullopt}, UriCase{"http://:80", "http", "", 80},
                    UriCase{"http:/host", "http", "", std::nullopt}, UriCase{"http:host", "http", "", std::nullopt},
                    UriCase{"x:", "x", "", std::nullopt}, UriCase{"no-scheme", "", "", std::nullopt}));

TEST(Endpoint, default_one_is_empty) {
  const Endpoint none;
  EXPECT_EQ(none.uri(), "");
  EXPECT_EQ(none.scheme(), "");
  EXPECT_EQ(none.host(), "");
  EXPECT_FALSE(none.port());
  EXPECT_EQ(none.version(), "");
  EXPECT_EQ(none.zone(), "");
  EXPECT_EQ(none.weight(), 1);
  EXPECT_TRUE(none.tags().empty());
  EXPECT_TRUE(none.attributes().empty());
}

TEST(Endpoint, has_its_own_version_zone_weight_tags_and_attributes) {
  std::vector<support::ServiceBuilder> services;
  constexpr int kServices = 50;
  constexpr std::uint16_t kWeights[] = {0, 1, 2, 255, 256, 65535};
  for (int i = 0; i < kServices; ++i) {
    auto one = service("s" + std::to_string(100 + i));
    for (int j = 0; j < i % 4; ++j) {
      const std::string number = std::to_string(i) + "." + std::to_string(j) + ".0";
      one.endpoint(endpoint("u:" + number)
                       .version(number)
                       .zone("zone-" + number)
                       .weight(kWeights[(i + j) % 6])
                       .tags({"t" + number})
                       .attributes({{"n", number}}));
    }
    services.push_back(one.value("v"));
  }
  const std::vector<std::byte> bytes = support::snapshot_of({{"first", support::numbered_services(3)}, {"prod", services}});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  for (int i = 0; i < kServices; ++i) {
    const auto found = snapshot.in("prod").find("s" + std::to_string(100 + i));
    ASSERT_TRUE(found);
    int j = 0;
    for (const Endpoint one : found->endpoints()) {
      const std::string number = std::to_string(i) + "." + std::to_string(j) + ".0";
      EXPECT_EQ(one.uri(), "u:" + number);
      EXPECT_EQ(one.version(), number);
      EXPECT_EQ(one.zone(), "zone-" + number);
      EXPECT_EQ(one.weight(), kWeights[(i + j) % 6]);
      EXPECT_TRUE(one.tags().contains("t" + number));
      EXPECT_EQ(one.tags().size(), 1U);
      EXPECT_EQ(one.attributes().find("n"), number);
      ++j;
    }
    EXPECT_EQ(j, i % 4);
  }
}

TEST(Endpoint, defaults_are_weight_1_and_nothing_else) {
  const std::vector<std::byte> bytes = support::snapshot_of({{"prod", {service("s").uri("u:")}}});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  const Endpoint one = *snapshot.in("prod").find("s").value().endpoints().begin();
  EXPECT_EQ(one.weight(), 1);
  EXPECT_EQ(one.version(), "");
  EXPECT_EQ(one.zone(), "");
  EXPECT_TRUE(one.tags().empty());
  EXPECT_TRUE(one.attributes().empty());
}

TEST(Endpoint, sixty_five_thousand_of_a_service_are_walked) {
  auto many = service("many");
  for (int i = 0; i < 65535; ++i) many.uri("u:" + std::to_string(i));
  const std::vector<std::byte> bytes = support::snapshot_of({{"prod", {many}}});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  int number = 0;
  for (const Endpoint one : snapshot.in("prod").find("many").value().endpoints()) ASSERT_EQ(one.uri(), "u:" + std::to_string(number++));
  EXPECT_EQ(number, 65535);
}

}  // namespace
}  // namespace almanac
