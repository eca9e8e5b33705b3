// What inspect-snapshot opens, beside a real web server: each request that it makes is counted there.
#include "inspect/subject.h"

#include <gtest/gtest.h>

#include <string>

#include "inspect/summary.h"
#include "support/nginx.h"
#include "support/published_store.h"

namespace almanac::inspect {
namespace {

using support::Nginx;
using support::service;

// The log of a server of this store, of which `look` has the address.
template <typename Look>
std::string requests_of(const support::PublishedStore& store, const Look& look) {
  Nginx server(store.root());
  look(server.http());
  return server.final_log();
}

TEST(InspectHttp, a_small_snapshot_is_one_request) {
  support::PublishedStore store;
  store.publish(support::users_at("http://1"));
  store.publish(support::users_at("http://2"));
  const std::string requests = requests_of(store, [](const std::string& address) {
    const Subject subject = open_subject(address);
    EXPECT_EQ(subject.snapshot.in("prod").find("users")->uri(), "http://2");
  });
  EXPECT_EQ(requests, "GET /current 200\n");
}

TEST(InspectHttp, a_generation_is_its_announcement_and_what_is_shown_of_its_snapshot) {
  support::PublishedStore store;
  const std::string first = store.publish(support::users_at("http://1")).announcement.snapshot_id;
  store.publish(support::users_at("http://2"));
  const std::string summary = requests_of(store, [](const std::string& address) {
    EXPECT_EQ(summarize(open_subject(address + "@1"), {}).services, 1U);
    EXPECT_THROW((void)open_subject(address + "@7"), Error);
  });
  const std::string range = "GET /snapshots/" + first + ".almanac 206\n";
  EXPECT_EQ(summary, "GET /generations/1 200\n" + range + "GET /generations/7 404\n");
  const std::string lookup = requests_of(store, [](const std::string& address) {
    const Subject subject = open_subject(address + "@1");
    EXPECT_EQ(subject.snapshot.in("prod").find("users")->uri(), "http://1");
  });
  EXPECT_EQ(lookup, "GET /generations/1 200\n" + range + range);
}

TEST(InspectHttp, of_a_large_snapshot_only_what_is_shown_is_fetched) {
  support::PublishedStore store;
  const std::string id = store.publish({{"large", support::large_services(19, "")}, {"small", {service("users").uri("http://users")}}})
                             .announcement.snapshot_id;
  const std::string summary =
      requests_of(store, [](const std::string& address) { EXPECT_EQ(summarize(open_subject(address), {}).services, 20U); });
  EXPECT_EQ(summary, "GET /current 200\n");
  const std::string lookup = requests_of(store, [](const std::string& address) {
    const Subject subject = open_subject(address);
    EXPECT_EQ(subject.snapshot.in("small").find("users")->uri(), "http://users");
  });
  EXPECT_EQ(lookup, "GET /current 200\nGET /snapshots/" + id + ".almanac 206\n");
}

}  // namespace
}  // namespace almanac::inspect
