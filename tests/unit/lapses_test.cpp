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
using support::numbered_services;
using support::ServiceBuilder;

const std::chrono::system_clock::time_point kNow{1'795'165'200s};

Registered registered(const std::string& name, bool lapsed) {
  Registered each;
  each.registration = {"r", "prod", name, 1h, ""};
  each.lapsed = lapsed;
  return each;
}

std::vector<std::byte> bytes_of(const std::vector<ServiceBuilder>& services) {
  return support::snapshot_of({{"prod", services}, {"eu", services}});
}

// Of 20 services the last `gone` go, and of those the last `lapsed` have lapsed.
Lapses lapses(std::size_t gone, std::size_t lapsed) {
  const std::vector<ServiceBuilder> before = numbered_services(20);
  std::vector<ServiceBuilder> after = before;
  after.resize(before.size() - gone, ServiceBuilder(""));
  Reading reading;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string number = std::to_string(i);
    reading.registered.push_back(registered("s" + std::string(7 - number.size(), '0') + number, i >= before.size() - lapsed));
  }
  const std::vector<std::byte> old_bytes = bytes_of(before);
  const std::vector<std::byte> new_bytes = bytes_of(after);
  return lapses_of(inspect::diff(Snapshot::from_bytes(old_bytes, "old"), Snapshot::from_bytes(new_bytes, "new")), reading);
}

TEST(Lapses, count_what_goes_and_has_lapsed_also_where_it_was_inherited) {
  EXPECT_EQ(lapses(5, 3).live, 40U);
  EXPECT_EQ(lapses(5, 3).lapsed, 6U);
  EXPECT_EQ(lapses(5, 0).lapsed, 0U);
  EXPECT_EQ(lapses(0, 5).lapsed, 0U);  // somebody else has registered them too
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
  EXPECT_EQ(lapses_text({40, 30}, 50), "30 of 40 services would go because leases ran out (75 %, at most 50 %)");
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
