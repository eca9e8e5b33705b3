#include "store/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace almanac::internal {
namespace {

TEST(UrlTest, has_its_parts) {
  const Url url = parse_url("https://Objects.Example.com:9000/base/../x%20y?a=b").value();
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.host, "objects.example.com");
  EXPECT_EQ(url.authority, "objects.example.com:9000");
  EXPECT_EQ(url.path, "/base/../x%20y");
  EXPECT_EQ(url.query, "a=b");
}

TEST(UrlTest, the_schemes_own_port_is_not_written) {
  EXPECT_EQ(parse_url("https://example.com:443").value().authority, "example.com");
  EXPECT_EQ(parse_url("http://example.com:80/").value().authority, "example.com");
  EXPECT_EQ(parse_url("http://example.com:443").value().authority, "example.com:443");
  EXPECT_EQ(parse_url("http://example.com").value().path, "/");
}

TEST(UrlTest, an_ipv6_address_keeps_its_brackets_before_a_port) {
  const Url url = parse_url("http://[::1]:8000/x").value();
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.authority, "[::1]:8000");
}

TEST(UrlTest, what_is_no_plain_address_is_refused) {
  for (const std::string& text :
       {std::string(), std::string("example.com"), std::string("ftp://example.com"), std::string("http://"),
        std::string("http://user@example.com"), std::string("http://user:secret@example.com"), std::string("http://127.0.0.1@example.com/"),
        std::string("http://example.com/#part"), std::string("http://exa mple.com"), std::string("http://example.com:port"),
        std::string("http://example.com/a\nb"), std::string("http://a\0b.com", 14), std::string("file:///etc/passwd")}) {
    EXPECT_EQ(parse_url(text).has_value(), false) << text;
  }
}

TEST(UrlTest, secrets_are_not_told) {
  for (const auto& [address, told] : {std::pair("https://host:80/a/b", "https://host:80/a/b"),
                                      {"https://bob:hunter2@host/x", "https://host/x"},
                                      {"ftp://bob:hunter2@host", "ftp://host"},
                                      {"bob:hunter2@host/x", "host/x"},
                                      {"https://a@b:hunter2@host/x", "https://host/x"},
                                      {"https://host/x?X-Amz-Signature=SECRET&e=a@b", "https://host/x"},
                                      {"https://bob:hunter2@host/x?e=a@b#c@d", "https://host/x"},
                                      {"https://host/x#SECRET", "https://host/x"},
                                      {"https://host?SECRET", "https://host"},
                                      {"https://host/a@b", "https://host/a@b"},
                                      {"https://bob:hunt/er2@host/x", "https://…"},
                                      {"https://bob:hunt?er2@host/x", "https://…"},
                                      {"https://bob:hunt#er2@host/x", "https://…"},
                                      {"", ""}}) {
    EXPECT_EQ(without_secrets(address), told) << address;
  }
}

TEST(UrlTest, knows_the_machine_it_is_on) {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1", "0:0::0:1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"}) {
    EXPECT_TRUE(is_own_machine(host)) << host;
  }
  for (const char* host : {"", "128.0.0.1", "169.254.169.254", "169.254.170.3", "10.0.0.1", "localhost.example.com",
                           "127.0.0.1.example.com", "127.1", "::2", "fd00:ec2::254", "::ffff:10.0.0.1", "example.com"}) {
    EXPECT_FALSE(is_own_machine(host)) << host;
  }
}

}  // namespace
}  // namespace almanac::internal
