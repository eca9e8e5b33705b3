#include "inspect/export/host_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace almanac::inspect {
namespace {

TEST(HostName, is_labels_with_dots_between) {
  for (const std::string& name : std::vector<std::string>{"a", "A-1", "a.b.example", "a.b.example.", "my_service", "1a.2b", "xn--p1ai",
                                                          std::string(63, 'a') + ".b"}) {
    EXPECT_TRUE(is_host_name(name)) << name;
  }
  for (const std::string& name : std::vector<std::string>{"", ".", "a..b", ".a", "-a", "a-", "a b", "a;", "1", "a.1", "10.0.0", "ü",
                                                          std::string(64, 'a'), "a:b", "a/b", "$a", "a\n"}) {
    EXPECT_FALSE(is_host_name(name)) << name;
  }
  std::string longest;
  while (longest.size() < 252) longest += "a.";
  EXPECT_TRUE(is_host_name(longest + "b"));
  EXPECT_FALSE(is_host_name(longest + "bc"));
}

TEST(HostName, what_is_more_general_stands_behind_in_dns) {
  EXPECT_EQ(dns_name("users"), "users");
  EXPECT_EQ(dns_name("prod/eu/Payments/api"), "api.payments.eu.prod");
  EXPECT_EQ(dns_name("a.b/c"), "c.a.b");
  EXPECT_EQ(dns_name("a//b"), std::nullopt);
  EXPECT_EQ(dns_name("a_b"), std::nullopt);
  EXPECT_EQ(dns_name(""), std::nullopt);
  const std::string longest = std::string(59, 'a') + "/" + std::string(60, 'b');
  ASSERT_EQ(longest.size(), 120U);
  EXPECT_TRUE(dns_name(longest));
  EXPECT_FALSE(dns_name(longest + "c"));
}

}  // namespace
}  // namespace almanac::inspect
