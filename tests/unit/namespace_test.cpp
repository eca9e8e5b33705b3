#include <almanac/namespace.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iterator>
#include <random>
#include <ranges>
#include <set>
#include <string>
#include <vector>

#include <almanac/snapshot.h>

#include "support/registry_builder.h"

namespace almanac {
namespace {

using support::service;
using testing::ElementsAre;
using testing::IsEmpty;

static_assert(std::forward_iterator<Services::iterator>);
static_assert(std::ranges::forward_range<Services>);

class Opened {
 public:
  explicit Opened(const std::vector<support::ServiceBuilder>& services)
      : bytes_(support::snapshot_of({{"another", support::numbered_services(5)}, {"prod", services}})),
        snapshot_(Snapshot::from_bytes(bytes_, "x")) {}
  [[nodiscard]] Namespace prod() const { return snapshot_.in("prod"); }

 private:
  std::vector<std::byte> bytes_;
  Snapshot snapshot_;
};

std::vector<support::ServiceBuilder> services_named(const std::vector<std::string>& names) {
  std::vector<support::ServiceBuilder> services;
  for (const std::string& name : names) services.push_back(service(name).uri("http://" + name));
  return services;
}

std::vector<std::string> names_of(const Services& services) {
  std::vector<std::string> names;
  for (const Service service : services) names.emplace_back(service.name());
  return names;
}

TEST(Namespace, default_one_finds_nothing) {
  const Namespace none;
  EXPECT_EQ(none.name(), "");
  EXPECT_TRUE(none.empty());
  EXPECT_FALSE(none.find("x"));
  EXPECT_THAT(names_of(none.services()), IsEmpty());
  EXPECT_THAT(names_of(none.under("x")), IsEmpty());
  EXPECT_THAT(names_of(none.tagged("x")), IsEmpty());
  EXPECT_EQ(none.begin(), none.end());
}

TEST(Namespace, finds_exactly_its_names) {
  const Opened opened(services_named({"a", "a/b", "ab", "b", "\xC3\xA4"}));
  const Namespace prod = opened.prod();
  EXPECT_EQ(prod.name(), "prod");
  EXPECT_EQ(prod.size(), 5U);
  for (const std::string name : {"a", "a/b", "ab", "b", "\xC3\xA4"}) {
    ASSERT_TRUE(prod.find(name)) << name;
    EXPECT_EQ(prod.find(name)->name(), name);
    EXPECT_EQ(prod.find(name)->uri(), "http://" + name);
    EXPECT_TRUE(prod.contains(name));
  }
  for (const std::string& other : {std::string(), std::string("A"), std::string("a/"), std::string("a\0", 2), std::string("a\1http://a"),
                                   std::string("s0000001"), std::string(1024, 'a'), std::string(70000, 'a')}) {
    EXPECT_FALSE(prod.contains(other)) << other.size();
  }
}

// So few that all are in one block of text, and so far that the slots of many buckets are tried.
TEST(Namespace, every_row_is_found_and_walked_whatever_their_number) {
  for (const std::size_t count : {0U, 1U, 2U, 31U, 32U, 33U, 63U, 64U, 65U, 96U, 97U, 1000U}) {
    const Opened opened(support::numbered_services(count));
    const Namespace prod = opened.prod();
    ASSERT_EQ(prod.size(), count);
    EXPECT_EQ(prod.empty(), count == 0);
    std::size_t row = 0;
    for (const Service walked : prod) {
      const auto found = prod.find(walked.name());
      ASSERT_TRUE(found);
      EXPECT_EQ(found->name().data(), walked.name().data());
      EXPECT_EQ(found->uri(), "http://" + std::string(walked.name()) + "/");
      EXPECT_EQ(walked.uri(), found->uri());
      EXPECT_EQ(std::stoul(std::string(walked.name().substr(1))), row++);
    }
    EXPECT_EQ(row, count);
    EXPECT_FALSE(prod.contains("s9999999"));
  }
}

TEST(Namespace, many_names_at_once_are_found_as_one_by_one) {
  std::vector<std::string> named = {
      "a", "short", "exactly-sixteen-", "exactly-seventeen", std::string(32, 'm'), std::string(33, 'm'), std::string(1'024, 'l')};
  for (int i = 0; i < 60; ++i) named.push_back("service-of-usual-size-" + std::to_string(i));
  const Opened opened(services_named(named));
  std::vector<std::string> asked;
  for (const std::string& name : named) asked.insert(asked.end(), {name, name + "~", name.substr(1)});
  asked.push_back(std::string(2'000, 'x'));
  const std::vector<std::string_view> names(asked.begin(), asked.end());
  for (std::size_t count = 0; count <= names.size(); ++count) {
    std::vector<std::optional<Service>> found(count, Service());
    opened.prod().find(std::span(names).first(count), found);
    for (std::size_t i = 0; i < count; ++i) {
      const std::optional<Service> alone = opened.prod().find(names[i]);
      ASSERT_EQ(found[i].has_value(), alone.has_value()) << names[i];
      if (!alone) continue;
      ASSERT_EQ(found[i]->uri(), alone->uri());
    }
  }
}

TEST(Namespace, many_names_at_once_stop_at_the_shorter_list) {
  const Opened opened(services_named({"a", "b", "c"}));
  const std::vector<std::string_view> names = {"a", "b", "c"};
  std::vector<std::optional<Service>> found(5, Service());
  opened.prod().find(names, std::span(found).first(2));
  EXPECT_EQ(found[1].value().name(), "b");
  EXPECT_EQ(found[2].value().name(), "");
  opened.prod().find(names, found);
  EXPECT_EQ(found[2].value().name(), "c");
  EXPECT_EQ(found[3].value().name(), "");
  Namespace().find(names, found);
  EXPECT_FALSE(found[2]);
  EXPECT_TRUE(found[3]);
}

TEST(Namespace, iterators_are_a_forward_range) {
  const Opened opened(support::numbered_services(40));
  const Services services = opened.prod().services();
  EXPECT_FALSE(services.empty());
  EXPECT_EQ(std::ranges::distance(services), 40);
  auto first = services.begin();
  const auto copy = first;
  EXPECT_EQ((first++)->name(), "s0000000");
  EXPECT_EQ(first->name(), "s0000001");
  EXPECT_EQ(copy->name(), "s0000000");
  EXPECT_NE(first, copy);
  EXPECT_EQ(++services.begin(), first);
}

TEST(Namespace, under_takes_those_that_begin_with_a_prefix) {
  const Opened opened(
      services_named({"a", "payments", "payments-old", "payments/api", "payments/api/max", "payments/db", "payments0", "z"}));
  const Namespace prod = opened.prod();
  EXPECT_THAT(names_of(prod.under("payments/")), ElementsAre("payments/api", "payments/api/max", "payments/db"));
  EXPECT_THAT(names_of(prod.under("payments")),
              ElementsAre("payments", "payments-old", "payments/api", "payments/api/max", "payments/db", "payments0"));
  EXPECT_THAT(names_of(prod.under("payments/api/max")), ElementsAre("payments/api/max"));
  EXPECT_THAT(names_of(prod.under("payments/api/max/")), IsEmpty());
  EXPECT_THAT(names_of(prod.under("payments/b")), IsEmpty());
  EXPECT_THAT(names_of(prod.under("0")), IsEmpty());
  EXPECT_THAT(names_of(prod.under("a")), ElementsAre("a"));
  EXPECT_THAT(names_of(prod.under("z")), ElementsAre("z"));
  EXPECT_THAT(names_of(prod.under("zz")), IsEmpty());
  EXPECT_THAT(names_of(prod.under("\xFF")), IsEmpty());
  EXPECT_EQ(names_of(prod.under("")).size(), 8U);
  EXPECT_TRUE(prod.under("0").empty());
  EXPECT_FALSE(prod.under("p").empty());
}

// A service whose row of text has so many bytes, at least 64, and whose fields all tell its number.
support::ServiceBuilder service_of_row(std::size_t number, std::size_t bytes, bool with_value) {
  const std::string digits = std::to_string(100'000 + number);
  const std::string name = digits.substr(1) + "/service";
  auto built = service(name).tags({"tag-" + digits}).attributes({{"key", digits}});
  if (number % 3 != 0) built.description("description of " + digits);
  std::size_t left = bytes - name.size() - 1;
  for (std::size_t i = number % 3; i > 0; --i) {
    built.endpoint(support::endpoint("u:" + std::to_string(i)).weight(static_cast<std::uint16_t>(number)).zone("zone-" + digits));
    left -= 4;
  }
  // In a value marks are bytes as others.
  if (with_value) return built.value((digits + "\1\2\1\3").append(left - 11, '\1'));
  return built.endpoint(
      support::endpoint("u:" + std::string(left - 3, 'x')).weight(static_cast<std::uint16_t>(number)).zone("zone-" + digits));
}

// Found or walked, a service has its own row of each column.
void expect_own_fields(const Service& one, std::size_t number, bool with_value) {
  const std::string digits = std::to_string(100'000 + number);
  EXPECT_TRUE(one.tags().contains("tag-" + digits)) << number;
  EXPECT_EQ(one.attributes().find("key"), digits);
  EXPECT_EQ(one.description(), number % 3 == 0 ? "" : "description of " + digits);
  EXPECT_EQ(one.value().has_value(), with_value);
  EXPECT_EQ(one.endpoints().size(), number % 3 + static_cast<std::size_t>(!with_value));
  for (const Endpoint endpoint : one.endpoints()) {
    EXPECT_EQ(endpoint.weight(), number);
    EXPECT_EQ(endpoint.zone(), "zone-" + digits);
  }
}

// A block of text, of 128 bytes, that no row begins in, that several do, one on its first or last byte; and a last row longer than any.
TEST(Namespace, every_service_has_its_own_fields_whatever_the_sizes_of_rows) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::vector<std::vector<std::size_t>> sizes = {
      {64}, {127}, {128}, {129}, {256}, {64, 192}, {64, 191, 129}, {64, 64, 5'000}, {64, 65, 100, 127, 128, 129, 256, 257, 1'025, 3'000}};
  for (const std::vector<std::size_t>& cycle : sizes) {
    for (const bool at_random : {false, true}) {
      const std::size_t count = 1 + random() % 60;
      std::vector<support::ServiceBuilder> services;
      std::vector<bool> with_value;
      for (std::size_t i = 0; i < count; ++i) {
        with_value.push_back(random() % 4 == 0);
        services.push_back(service_of_row(i, cycle[(at_random ? random() : i) % cycle.size()], with_value[i]));
      }
      const Opened opened(services);
      std::size_t number = 0;
      for (const Service walked : opened.prod()) {
        const auto found = opened.prod().find(walked.name());
        ASSERT_TRUE(found);
        expect_own_fields(*found, number, with_value[number]);
        expect_own_fields(walked, number, with_value[number]);
        const Services under = opened.prod().under(walked.name().substr(0, 5));
        ASSERT_EQ(std::ranges::distance(under), 1);
        expect_own_fields(*under.begin(), number, with_value[number]);
        ++number;
      }
      ASSERT_EQ(number, count);
    }
  }
}

// Prefixes that begin and end at the edges of blocks of 128 bytes of text.
TEST(Namespace, under_holds_at_the_edges_of_checkpoints) {
  for (const std::size_t row : {32U, 64U, 127U, 128U, 129U, 1'500U}) {
    for (const std::size_t in_group : {1U, 3U, 4U, 8U, 9U}) {
      std::vector<support::ServiceBuilder> services;
      std::vector<std::string> names;
      for (std::size_t i = 0; i < 40; ++i) {
        names.push_back(std::string(1, static_cast<char>('0' + i / in_group)) + "/" + std::to_string(100 + i));
        services.push_back(service(names.back()).uri("u:" + std::string(row - names.back().size() - 4, 'x')));
      }
      const Opened opened(services);
      for (std::size_t first = 0; first < names.size(); first += in_group) {
        const auto begin = names.begin() + static_cast<std::ptrdiff_t>(first);
        const auto end = names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), first + in_group));
        const std::string prefix = begin->substr(0, 2);
        ASSERT_EQ(names_of(opened.prod().under(prefix)), std::vector<std::string>(begin, end))
            << row << " by " << in_group << ": " << prefix;
      }
    }
  }
}

TEST(Namespace, under_agrees_with_a_plain_search) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto drawn_name = [&random](std::size_t longest) {
    std::string name;
    const std::size_t size = 1 + random() % longest;
    for (std::size_t i = 0; i < size; ++i) name += "ab\xC3"[random() % 3];
    return name;
  };
  for (int round = 0; round < 20; ++round) {
    std::set<std::string> names;
    const std::size_t count = random() % 200;
    while (names.size() < count) names.insert(drawn_name(10));
    const Opened opened(services_named({names.begin(), names.end()}));
    for (int i = 0; i < 50; ++i) {
      const std::string prefix = drawn_name(4);
      std::vector<std::string> expected;
      for (const std::string& name : names) {
        if (name.starts_with(prefix)) expected.push_back(name);
      }
      ASSERT_EQ(names_of(opened.prod().under(prefix)), expected);
      ASSERT_EQ(opened.prod().contains(prefix), names.contains(prefix));
    }
  }
}

TEST(Namespace, tagged_takes_those_with_the_tag) {
  std::vector<support::ServiceBuilder> services = services_named({"c", "d"});
  services.push_back(service("a").uri("u:").tags({"pci"}));
  services.push_back(service("b/1").uri("u:").tags({"gdpr", "pci"}));
  services.push_back(service("b/2").uri("u:").tags({"pci-old"}));
  services.push_back(service("e").value("").tags({"pci", "z"}));
  const Opened opened(services);
  const Namespace prod = opened.prod();
  EXPECT_THAT(names_of(prod.tagged("pci")), ElementsAre("a", "b/1", "e"));
  EXPECT_THAT(names_of(prod.tagged("gdpr")), ElementsAre("b/1"));
  EXPECT_THAT(names_of(prod.tagged("pc")), IsEmpty());
  EXPECT_THAT(names_of(prod.tagged("")), IsEmpty());
  EXPECT_THAT(names_of(prod.under("b/").tagged("pci")), ElementsAre("b/1"));
  EXPECT_TRUE(prod.under("c").tagged("pci").empty());
  EXPECT_FALSE(prod.tagged("z").empty());
}

}  // namespace
}  // namespace almanac
