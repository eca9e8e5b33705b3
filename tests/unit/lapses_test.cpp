#include "registrations/lapses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/registry_builder.h"

namespace almanac::registrations {
namespace {

using namespace std::chrono_literals;
using support::ServiceBuilder;

const std::chrono::system_clock::time_point kNow{1'795'165'200s};

Registered registered(const std::string& name, bool lapsed) {
  Registered each;
  each.registration = {"r", "prod", name, 1h, ""};
  each.lapsed = lapsed;
  return each;
}

TEST(Lapses, are_services_whose_registrations_have_all_lapsed) {
  Reading reading;
  EXPECT_EQ(lapses_of(reading).registered, 0U);
  reading.registered = {registered("a", true), registered("b", true), registered("b", false), registered("c", false),
                        registered("d", true)};
  EXPECT_EQ(lapses_of(reading).registered, 4U);
  EXPECT_EQ(lapses_of(reading).lapsed, 2U);
  EXPECT_THAT(lapsed_services(reading), testing::ElementsAre(testing::Pair("prod", "a"), testing::Pair("prod", "d")));
}

TEST(Lapses, what_is_live_is_kept_as_it_is_there) {
  const std::vector<std::byte> bytes = support::snapshot_of(
      {{"eu", {ServiceBuilder("d").value("4")}}, {"prod", {ServiceBuilder("a").uri("tcp:1"), ServiceBuilder("b").value("2")}}});
  Reading reading;
  reading.registered = {registered("a", true), registered("a", true), registered("b", true), registered("b", false), registered("d", true)};
  EXPECT_EQ(keep_live(reading, Snapshot::from_bytes(bytes, "live")), 1U);
  std::vector<bool> kept;
  for (const Registered& each : reading.registered) kept.push_back(each.kept);
  EXPECT_THAT(kept, testing::ElementsAre(true, false, false, false, false));
  EXPECT_EQ(reading.registered[0].registration.record, R"({"namespace":"prod","name":"a","endpoints":[{"uri":"tcp:1"}]})");
}

TEST(Lapses, are_too_many_above_a_share_when_they_are_not_few) {
  EXPECT_FALSE(are_too_many({20, 10}, 50));
  EXPECT_TRUE(are_too_many({19, 10}, 50));
  EXPECT_FALSE(are_too_many({9, 9}, 50));
  EXPECT_TRUE(are_too_many({1000, 10}, 0));
  EXPECT_FALSE(are_too_many({10, 10}, 100));
  EXPECT_FALSE(are_too_many({0, 0}, 0));
}

TEST(Lapses, are_told_with_their_share) {
  EXPECT_EQ(lapses_text({40, 30}, 50), "30 of 40 registered services have lapsed (75 %, at most 50 %)");
}

TEST(Lapses, next_is_the_first_lease_that_runs_out) {
  Reading reading;
  EXPECT_EQ(until_next_lapse(reading, kNow), std::nullopt);
  reading.registered = {registered("a", true), registered("b", false), registered("c", false), registered("d", false)};
  reading.registered[0].modified = kNow - 2h;
  reading.registered[1].modified = kNow - 10min;
  reading.registered[2].modified = kNow - 20min;
  reading.registered[3].registration.lease.reset();
  EXPECT_EQ(until_next_lapse(reading, kNow), 40min);
  reading.registered[2].registration.lease = std::chrono::days(100'000);  // later than a system_clock can tell
  EXPECT_EQ(until_next_lapse(reading, kNow), 50min);
}

}  // namespace
}  // namespace almanac::registrations
