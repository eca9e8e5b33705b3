#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "support/registry_builder.h"

namespace almanac {
namespace {

using support::endpoint;
using support::service;
using testing::ElementsAre;
using testing::IsEmpty;

static_assert(std::ranges::forward_range<MatchingEndpoints>);

// What would dangle, or is two texts taken for the ends of one, is no text of a filter.
static_assert(std::is_convertible_v<const char (&)[4], FilterText> && std::is_convertible_v<std::string&, FilterText>);
static_assert(std::is_convertible_v<const std::string&, FilterText> && std::is_convertible_v<std::string_view, FilterText>);
static_assert(!std::is_constructible_v<FilterText, std::string> && !std::is_constructible_v<FilterText, const std::string>);
static_assert(!std::is_constructible_v<FilterText, const char*, const char*>);

template <class Picked, class Key>
concept PicksBy = requires(const Picked& picked, Key key) { picked.pick(key); };
static_assert(PicksBy<Service, const char*> && PicksBy<MatchingEndpoints, std::string>);
static_assert(!PicksBy<Service, std::nullptr_t> && !PicksBy<MatchingEndpoints, std::nullptr_t>);

class OneService {
 public:
  explicit OneService(const support::ServiceBuilder& builder)
      : bytes_(support::snapshot_of({{"prod", {service("a").uri("u:a"), builder, service("z").uri("u:z")}}})),
        snapshot_(Snapshot::from_bytes(bytes_, "x")) {}
  [[nodiscard]] Service get() const { return snapshot_.in("prod").find("service").value(); }

 private:
  std::vector<std::byte> bytes_;
  Snapshot snapshot_;
};

template <class Range>
std::vector<std::string> uris_of(const Range& endpoints) {
  std::vector<std::string> uris;
  for (const Endpoint& one : endpoints) uris.emplace_back(one.uri());
  return uris;
}

std::string_view uri_of(const std::optional<Endpoint>& endpoint) { return endpoint ? endpoint->uri() : "nothing"; }

class Matching : public testing::Test {
 protected:
  const OneService one_{
      service("service")
          .tags({"of the service"})
          .endpoint(endpoint("u:1").version("1.2.0").zone("a").tags({"pci"}).attributes({{"tier", "gold"}}))
          .endpoint(endpoint("u:2").version("1.4.1").zone("b").tags({"gdpr", "pci"}).attributes({{"tier", "gold"}, {"x", ""}}))
          .endpoint(endpoint("u:3").version("2.0.0-rc.1").zone("a").weight(0))
          .endpoint(endpoint("u:4").version("2.0.0").zone("c").attributes({{"tier", "iron"}}))
          .endpoint(endpoint("u:5"))};
  const Service service_ = one_.get();
  [[nodiscard]] std::vector<std::string> matching(const EndpointFilter& filter) const { return uris_of(service_.matching(filter)); }
};

TEST_F(Matching, nothing_asked_for_is_all_of_them_in_their_order) {
  EXPECT_THAT(matching({}), ElementsAre("u:1", "u:2", "u:3", "u:4", "u:5"));
  EXPECT_EQ(service_.matching({}).size(), 5U);
  EXPECT_FALSE(service_.matching({}).empty());
}

TEST_F(Matching, version) {
  EXPECT_THAT(matching({.version = "^1.2"}), ElementsAre("u:1", "u:2"));
  EXPECT_THAT(matching({.version = "1.2.x || >=2"}), ElementsAre("u:1", "u:4"));
  EXPECT_THAT(matching({.version = ">=2.0.0-rc.0"}), ElementsAre("u:3", "u:4"));
  EXPECT_THAT(matching({.version = "^3"}), IsEmpty());
}

TEST_F(Matching, an_endpoint_without_a_version_is_in_no_range) {
  EXPECT_THAT(matching({.version = "*"}), ElementsAre("u:1", "u:2", "u:4"));
  EXPECT_THAT(matching({.version = ""}), ElementsAre("u:1", "u:2", "u:3", "u:4", "u:5"));
}

TEST_F(Matching, zone) {
  EXPECT_THAT(matching({.zone = "a"}), ElementsAre("u:1", "u:3"));
  EXPECT_THAT(matching({.zone = "A"}), IsEmpty());
  EXPECT_THAT(matching({.zone = "d"}), IsEmpty());
}

TEST_F(Matching, tags_of_the_endpoint_all_of_them) {
  EXPECT_THAT(matching({.tags = {"pci"}}), ElementsAre("u:1", "u:2"));
  EXPECT_THAT(matching({.tags = {"pci", "gdpr"}}), ElementsAre("u:2"));
  EXPECT_THAT(matching({.tags = {"", "gdpr"}}), ElementsAre("u:2"));
  EXPECT_THAT(matching({.tags = {"pci", "gdpr", "pci", "no"}}), IsEmpty());
  EXPECT_THAT(matching({.tags = {"of the service"}}), IsEmpty());
}

TEST_F(Matching, attributes_of_the_endpoint_all_of_them) {
  EXPECT_THAT(matching({.attributes = {{{"tier", "gold"}}}}), ElementsAre("u:1", "u:2"));
  EXPECT_THAT(matching({.attributes = {{{"tier", "gold"}, {"x", ""}}}}), ElementsAre("u:2"));
  EXPECT_THAT(matching({.attributes = {{{}, {"tier", "iron"}}}}), ElementsAre("u:4"));
  EXPECT_THAT(matching({.attributes = {{{"tier", ""}}}}), IsEmpty());
}

TEST_F(Matching, everything_asked_for_must_hold) {
  EXPECT_THAT(matching({.version = "^1", .zone = "b", .tags = {"pci"}, .attributes = {{{"tier", "gold"}}}}), ElementsAre("u:2"));
  EXPECT_THAT(matching({.version = "^1", .zone = "c"}), IsEmpty());
}

TEST_F(Matching, preferred_zone_or_else_all) {
  EXPECT_THAT(matching({.prefer_zone = "b"}), ElementsAre("u:2"));
  EXPECT_THAT(matching({.prefer_zone = "d"}), ElementsAre("u:1", "u:2", "u:3", "u:4", "u:5"));
  EXPECT_THAT(matching({.prefer_zone = ""}), ElementsAre("u:1", "u:2", "u:3", "u:4", "u:5"));
}

TEST_F(Matching, zone_is_preferred_among_those_that_match) {
  EXPECT_THAT(matching({.version = "^1", .prefer_zone = "c"}), ElementsAre("u:1", "u:2"));
  EXPECT_THAT(matching({.version = "^1.3", .prefer_zone = "a"}), ElementsAre("u:2"));
}

TEST_F(Matching, a_zone_that_is_drained_is_not_preferred) {
  EXPECT_THAT(matching({.prefer_zone = "a"}), ElementsAre("u:1", "u:3"));  // u:1 has weight
  EXPECT_THAT(matching({.version = ">=2.0.0-rc.0", .prefer_zone = "a"}), ElementsAre("u:3", "u:4"));
  EXPECT_EQ(uri_of(service_.matching({.version = ">=2.0.0-rc.0", .prefer_zone = "a"}).pick()), "u:4");
}

TEST_F(Matching, the_zone_that_is_asked_for_comes_before_the_preferred_one) {
  EXPECT_THAT(matching({.zone = "b", .prefer_zone = "a"}), ElementsAre("u:2"));
  EXPECT_THAT(matching({.zone = "d", .prefer_zone = "a"}), IsEmpty());
}

TEST_F(Matching, ranges_can_be_copied_and_walked_again) {
  MatchingEndpoints range;
  EXPECT_TRUE(range.empty());
  EXPECT_FALSE(range.pick());
  range = service_.matching({.prefer_zone = "a", .tags = {"pci"}});
  const MatchingEndpoints copy = range;
  range = {};
  EXPECT_THAT(uris_of(copy), ElementsAre("u:1"));
  auto at = copy.begin();
  EXPECT_EQ((at++)->uri(), "u:1");
  EXPECT_EQ(at, copy.end());
  EXPECT_EQ(copy.size(), 1U);
}

TEST_F(Matching, picks_are_of_those_that_match) {
  const MatchingEndpoints gold = service_.matching({.attributes = {{{"tier", "gold"}}}});
  std::set<std::string_view> at_random;
  std::set<std::string_view> by_key;
  std::set<std::string_view> by_bits;
  for (std::uint64_t i = 0; i < 200; ++i) {
    at_random.insert(uri_of(gold.pick()));
    by_key.insert(uri_of(gold.pick(std::to_string(i))));
    by_bits.insert(uri_of(gold.pick_with(i)));
  }
  EXPECT_THAT(at_random, ElementsAre("u:1", "u:2"));
  EXPECT_THAT(by_key, ElementsAre("u:1", "u:2"));
  EXPECT_THAT(by_bits, ElementsAre("u:1", "u:2"));
}

TEST(Pick, of_nothing_is_nothing) {
  for (const auto& empty :
       {service("service").value("v"), service("service").endpoint(endpoint("u:1").weight(0)).endpoint(endpoint("u:2").weight(0))}) {
    const OneService one(empty);
    EXPECT_FALSE(one.get().pick());
    EXPECT_FALSE(one.get().pick("key"));
    EXPECT_FALSE(one.get().pick_with(1));
    EXPECT_FALSE(one.get().matching({}).pick());
  }
  EXPECT_FALSE(Service().pick());
  EXPECT_FALSE(Service().pick("key"));
}

TEST(Pick, of_one_is_that_one_whatever_its_weight) {
  for (const std::uint16_t weight : std::initializer_list<std::uint16_t>{1, 65535}) {
    const OneService one(service("service").endpoint(endpoint("u:0").weight(0)).endpoint(endpoint("u:1").weight(weight)));
    EXPECT_EQ(uri_of(one.get().pick()), "u:1");
    EXPECT_EQ(uri_of(one.get().pick("")), "u:1");
    EXPECT_EQ(uri_of(one.get().pick_with(0)), "u:1");
  }
}

TEST(Pick, brings_the_whole_endpoint) {
  const OneService one(
      service("service").uri("u:0").endpoint(endpoint("u:1").weight(0)).endpoint(endpoint("u:2").weight(7).zone("z").version("1.0.0")));
  for (std::uint64_t random = 0;; ++random) {
    const Endpoint picked = one.get().pick_with(random).value();
    if (picked.uri() == "u:0") continue;
    EXPECT_EQ(picked.uri(), "u:2");
    EXPECT_EQ(picked.weight(), 7);
    EXPECT_EQ(picked.zone(), "z");
    EXPECT_EQ(picked.version(), "1.0.0");
    break;
  }
}

// Worked out with Python's xxhash and math.log after reader/CALLERS.md, not with this library.
TEST(Pick, by_key_is_what_any_other_reader_picks) {
  const std::string long_uri = "https://long.example/" + std::string(300, 'x');
  const OneService one(service("service")
                           .uri("https://a.example/")
                           .uri("https://b.example/")
                           .endpoint(endpoint("https://c.example/").weight(2))
                           .endpoint(endpoint("arn:aws:sqs:eu-west-1:123456789012:jobs").weight(4))
                           .endpoint(endpoint("tcp://10.0.0.1:6379").weight(0))
                           .endpoint(endpoint(long_uri).weight(3)));
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"", "arn:aws:sqs:eu-west-1:123456789012:jobs"},
      {"a", long_uri},
      {"b", "arn:aws:sqs:eu-west-1:123456789012:jobs"},
      {"customer-1", long_uri},
      {"customer-2", "https://a.example/"},
      {"customer-3", "arn:aws:sqs:eu-west-1:123456789012:jobs"},
      {"customer-42", long_uri},
      {"\xC3\xA4", "arn:aws:sqs:eu-west-1:123456789012:jobs"},
      {std::string(1000, 'x'), long_uri},
      {"eu-west-1/tenant-7", "arn:aws:sqs:eu-west-1:123456789012:jobs"},
  };
  for (const auto& [key, uri] : expected) {
    EXPECT_EQ(uri_of(one.get().pick(key)), uri) << key;
    EXPECT_EQ(uri_of(one.get().matching({}).pick(key)), uri) << key;
  }
}

TEST(Pick, by_key_of_a_uri_that_is_there_twice_is_the_heavier_and_else_the_first) {
  const OneService one(service("service")
                           .endpoint(endpoint("u:1").zone("light"))
                           .endpoint(endpoint("u:1").zone("heavy").weight(2))
                           .endpoint(endpoint("u:1").zone("late").weight(2)));
  for (const std::string_view key : {"", "a", "b", "c"}) EXPECT_EQ(one.get().pick(key).value().zone(), "heavy");
}

TEST(Pick, by_key_counts_endpoints_with_one_uri_as_one_with_the_largest_of_their_weights) {
  const auto doubled = service("service").endpoint(endpoint("u:1").weight(2)).endpoint(endpoint("u:2").weight(3)).endpoint(endpoint("u:1"));
  const OneService one(doubled);
  const OneService other(service("service").endpoint(endpoint("u:1").weight(2)).endpoint(endpoint("u:2").weight(3)));
  std::set<std::string_view> picked;
  for (int i = 0; i < 200; ++i) {
    const std::string key = std::to_string(i);
    EXPECT_EQ(uri_of(one.get().pick(key)), uri_of(other.get().pick(key))) << key;
    EXPECT_GE(one.get().pick(key).value().weight(), 2) << key;
    picked.insert(uri_of(one.get().pick(key)));
  }
  EXPECT_THAT(picked, ElementsAre("u:1", "u:2"));
}

// Worked out with Python's integers after reader/CALLERS.md, not with this library.
TEST(Pick, with_bits_is_what_any_other_reader_picks) {
  const OneService one(service("service")
                           .uri("u:1")
                           .uri("u:2")
                           .endpoint(endpoint("u:drained").weight(0))
                           .endpoint(endpoint("u:3").weight(2))
                           .endpoint(endpoint("u:4").weight(4))
                           .endpoint(endpoint("u:5").weight(3)));
  const std::vector<std::pair<std::uint64_t, std::string_view>> expected = {
      {0, "u:4"}, {1, "u:1"},  {2, "u:1"},       {3, "u:5"},          {4, "u:2"},          {5, "u:5"},
      {7, "u:3"}, {42, "u:4"}, {1234567, "u:5"}, {1ULL << 32, "u:3"}, {1ULL << 63, "u:4"}, {~0ULL, "u:4"},
  };
  for (const auto& [bits, uri] : expected) {
    EXPECT_EQ(uri_of(one.get().pick_with(bits)), uri) << bits;
    EXPECT_EQ(uri_of(one.get().matching({}).pick_with(bits)), uri) << bits;
  }
}

TEST(Pick, with_the_same_bits_is_the_same) {
  support::ServiceBuilder many = service("service");
  for (int i = 0; i < 50; ++i) many.uri("u:" + std::to_string(i));
  const OneService one(many);
  std::set<std::string_view> picked;
  for (std::uint64_t bits = 0; bits < 1000; ++bits) {
    const std::string_view uri = uri_of(one.get().pick_with(bits));
    EXPECT_EQ(uri_of(one.get().pick_with(bits)), uri);
    EXPECT_EQ(uri_of(one.get().matching({}).pick_with(bits)), uri);
    picked.insert(uri);
  }
  EXPECT_EQ(picked.size(), 50U);
}

TEST(Pick, of_sixty_five_thousand) {
  support::ServiceBuilder many = service("service");
  for (int i = 0; i < 65535; ++i) {
    many.endpoint(endpoint("u:" + std::to_string(i)).weight(65535).zone(i == 60000 ? "lonely" : "crowd"));
  }
  const OneService one(many);
  EXPECT_EQ(uri_of(one.get().matching({.zone = "lonely"}).pick("key")), "u:60000");
  EXPECT_EQ(uri_of(one.get().matching({.prefer_zone = "lonely"}).pick()), "u:60000");
  EXPECT_EQ(one.get().matching({.zone = "crowd"}).size(), 65534U);
  std::set<std::string_view> at_random;
  std::set<std::string_view> by_key;
  for (std::uint64_t i = 0; i < 30; ++i) {
    at_random.insert(uri_of(one.get().pick_with(i)));
    by_key.insert(uri_of(one.get().pick(std::to_string(i))));
  }
  // That 30 of 65,535 meet more than twice has a chance of less than one in a million, and the bits are fixed.
  EXPECT_GE(at_random.size(), 28U);
  EXPECT_GE(by_key.size(), 28U);
}

}  // namespace
}  // namespace almanac
