#include <almanac/service.h>
#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ranges>
#include <string>
#include <vector>

#include "support/registry_builder.h"

namespace almanac {
namespace {

using support::endpoint;
using support::service;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using namespace std::literals;

static_assert(std::ranges::forward_range<Tags>);
static_assert(std::ranges::forward_range<Attributes>);
static_assert(std::ranges::forward_range<Endpoints>);

std::vector<std::string> texts_of(const Tags& tags) {
  std::vector<std::string> texts;
  for (const std::string_view tag : tags) texts.emplace_back(tag);
  return texts;
}

std::vector<std::pair<std::string, std::string>> pairs_of(const Attributes& attributes) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Attribute attribute : attributes) pairs.emplace_back(attribute.key, attribute.value);
  return pairs;
}

// One service among neighbours, so that what is taken too far would show.
class OneService {
 public:
  explicit OneService(const support::ServiceBuilder& builder)
      : bytes_(
            support::snapshot_of({{"prod", {service("a").uri("u:a").value("1"), builder, service("z").value("z").description("last")}}})),
        snapshot_(Snapshot::from_bytes(bytes_, "x")) {}
  [[nodiscard]] Service get() const { return snapshot_.in("prod").find("service").value(); }
  [[nodiscard]] Service walked() const { return *++snapshot_.in("prod").begin(); }

 private:
  std::vector<std::byte> bytes_;
  Snapshot snapshot_;
};

TEST(Service, default_one_is_empty) {
  const Service none;
  EXPECT_EQ(none.name(), "");
  EXPECT_EQ(none.uri(), "");
  EXPECT_TRUE(none.endpoints().empty());
  EXPECT_FALSE(none.value());
  EXPECT_EQ(none.description(), "");
  EXPECT_TRUE(none.tags().empty());
  EXPECT_TRUE(none.attributes().empty());
}

TEST(Service, value_may_hold_any_control_character_but_the_end_mark) {
  std::string everything;
  for (int c = 1; c < 256; ++c) everything += static_cast<char>(c);
  for (const std::string& value : {""s, "3"s, "\1"s, "\2"s, "a\1b\2c\n"s, everything, std::string(65536, '\2')}) {
    const OneService alone(service("service").value(value));
    EXPECT_EQ(alone.get().value(), value);
    EXPECT_EQ(alone.walked().value(), value);
    EXPECT_TRUE(alone.get().endpoints().empty());
    EXPECT_EQ(alone.get().uri(), "");
    const OneService beside(service("service").uri("u:1").uri("u:2").value(value));
    EXPECT_EQ(beside.get().value(), value);
    EXPECT_EQ(beside.get().endpoints().size(), 2U);
  }
}

TEST(Service, without_a_value_has_none) {
  const OneService one(service("service").uri("u:"));
  EXPECT_FALSE(one.get().value());
  EXPECT_FALSE(one.walked().value());
}

TEST(Service, description_is_that_of_its_own_row) {
  std::vector<support::ServiceBuilder> services = support::numbered_services(70);
  for (std::size_t i = 0; i < services.size(); i += 3) services[i].description("number " + std::to_string(i));
  const std::vector<std::byte> bytes = support::snapshot_of({{"other", {service("o").uri("u:").description("other")}}, {"prod", services}});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  std::size_t row = 0;
  for (const Service service : snapshot.in("prod")) {
    const std::string expected = row % 3 == 0 ? "number " + std::to_string(row) : "";
    EXPECT_EQ(service.description(), expected);
    EXPECT_EQ(snapshot.in("prod").find(service.name())->description(), expected);
    ++row;
  }
  EXPECT_EQ(snapshot.in("other").find("o")->description(), "other");
}

TEST(Service, tags_are_in_byte_order) {
  const OneService one(service("service").uri("u:").tags({"pci", "Z", "gdpr", "\xC3\xA4"}));
  const Tags tags = one.get().tags();
  EXPECT_THAT(texts_of(tags), ElementsAre("Z", "gdpr", "pci", "\xC3\xA4"));
  EXPECT_EQ(tags.size(), 4U);
  EXPECT_FALSE(tags.empty());
  EXPECT_TRUE(tags.contains("pci"));
  EXPECT_FALSE(tags.contains("pc"));
  EXPECT_FALSE(tags.contains("pcix"));
  EXPECT_FALSE(tags.contains(""));
}

TEST(Service, attributes_are_found_by_key) {
  const OneService one(service("service").uri("u:").attributes({{"owner", "team"}, {"empty", ""}, {"url", "a=b\1\2"}}));
  const Attributes attributes = one.get().attributes();
  EXPECT_THAT(pairs_of(attributes), ElementsAre(Pair("empty", ""), Pair("owner", "team"), Pair("url", "a=b\1\2")));
  EXPECT_EQ(attributes.size(), 3U);
  EXPECT_EQ(attributes.find("owner"), "team");
  EXPECT_EQ(attributes.find("empty"), "");
  EXPECT_FALSE(attributes.find("team"));
  EXPECT_FALSE(attributes.find(""));
  EXPECT_FALSE(attributes.find("own"));
}

TEST(Service, none_has_tags_or_attributes_of_another) {
  const OneService one(service("service").uri("u:"));
  EXPECT_TRUE(one.get().tags().empty());
  EXPECT_EQ(one.get().tags().size(), 0U);
  EXPECT_TRUE(one.get().attributes().empty());
  EXPECT_EQ(one.get().attributes().size(), 0U);
}

TEST(Service, endpoints_are_in_the_order_of_the_document) {
  const OneService one(service("service").uri("z:1").endpoint(endpoint("a:2").weight(7)).uri("m:3"));
  std::vector<std::string> uris;
  for (const Endpoint endpoint : one.get().endpoints()) uris.emplace_back(endpoint.uri());
  EXPECT_THAT(uris, ElementsAre("z:1", "a:2", "m:3"));
  EXPECT_EQ(one.get().uri(), "z:1");
  EXPECT_EQ(one.get().endpoints().size(), 3U);
  auto second = one.get().endpoints().begin();
  EXPECT_EQ((second++)->uri(), "z:1");
  EXPECT_EQ(second->weight(), 7);
}

TEST(Service, sets_of_many_entries_need_wide_columns) {
  std::vector<support::ServiceBuilder> services = support::numbered_services(700);
  for (std::size_t i = 0; i < services.size(); ++i) services[i].tags({"t" + std::to_string(i)}).attributes({{"n", std::to_string(i)}});
  const std::vector<std::byte> bytes = support::snapshot_of({{"prod", services}});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  std::size_t row = 0;
  for (const Service service : snapshot.in("prod")) {
    EXPECT_THAT(texts_of(service.tags()), ElementsAre("t" + std::to_string(row)));
    EXPECT_EQ(service.attributes().find("n"), std::to_string(row));
    ++row;
  }
}

// Sets as a damaged file may have them.
TEST(Service, sets_end_with_their_bytes_whatever_is_in_them) {
  EXPECT_THAT(texts_of(Tags("")), IsEmpty());
  EXPECT_THAT(texts_of(Tags("a"sv)), ElementsAre("a"));
  EXPECT_THAT(texts_of(Tags("a\0b"sv)), ElementsAre("a", "b"));
  EXPECT_THAT(texts_of(Tags("\0a\0"sv)), IsEmpty());
  EXPECT_THAT(pairs_of(Attributes("")), IsEmpty());
  EXPECT_THAT(pairs_of(Attributes("key"sv)), ElementsAre(Pair("key", "")));
  EXPECT_THAT(pairs_of(Attributes("k\0v"sv)), ElementsAre(Pair("k", "v")));
  EXPECT_THAT(pairs_of(Attributes("k\0\0"sv)), ElementsAre(Pair("k", "")));
}

}  // namespace
}  // namespace almanac
