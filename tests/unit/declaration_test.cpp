#include "registrations/declaration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "document_text.h"

namespace almanac::registrations {
namespace {

TEST(DeclarationTest, each_service_is_a_registration_with_a_canonical_record) {
  const source::LoadResult loaded = source::load_texts({{"x.yaml", R"(
namespaces:
  prod:
    services:
      users:
        tags: [b, a]
        attributes: { z: 1, a: 2 }
        endpoints: [ { weight: 1, uri: "http://1" }, { uri: "http://2", version: 2.1.0 } ]
      limit: { value: "3" }
  dev: { services: { users: "http://3" } }
)"}});
  ASSERT_TRUE(loaded.problems.empty());
  const auto all = registrations_of(loaded.registry, "stack/a", std::chrono::seconds(60));
  ASSERT_EQ(all.size(), 3U);
  for (const Registration& each : all) {
    EXPECT_EQ(each.registrant, "stack/a");
    EXPECT_EQ(each.lease, std::chrono::seconds(60));
    EXPECT_EQ(parse_registration(encode(each), "x").record, each.record);
  }
  EXPECT_EQ(all[0].record, R"({"namespace":"dev","name":"users","endpoints":[{"uri":"http://3"}]})");
  EXPECT_EQ(all[1].record, R"({"namespace":"prod","name":"limit","value":"3"})");
  EXPECT_EQ(all[2].namespace_name + " " + all[2].name, "prod users");
  EXPECT_EQ(all[2].record, R"({"namespace":"prod","name":"users","tags":["a","b"],"attributes":{"a":"2","z":"1"},)"
                           R"("endpoints":[{"uri":"http://1"},{"uri":"http://2","version":"2.1.0"}]})");
}

TEST(DeclarationTest, nothing_is_nothing) { EXPECT_TRUE(registrations_of({}, "a", std::nullopt).empty()); }

}  // namespace
}  // namespace almanac::registrations
