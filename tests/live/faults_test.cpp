// In every fault the last good answer goes on being served, its age is told, and the error names what happened.
#include <ostream>

#include "live_test.h"

namespace almanac::live {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using namespace std::chrono_literals;
using support::Fault;

struct Case {
  const char* name;
  Fault fault;
  const char* words;  // of the error
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

std::vector<std::byte> foreign_object() {
  const std::string_view page = "<!DOCTYPE html><title>welcome</title>";
  const auto bytes = std::as_bytes(std::span(page));
  return {bytes.begin(), bytes.end()};
}

std::vector<Case> cases() {
  namespace faults = support::faults;
  return {
      {"silent", faults::silent(), "timed out after"},
      {"late", faults::late(10s), "timed out after"},
      {"dripping", faults::dripping(16, 50ms), "timed out after"},
      {"reset_half_way", faults::reset_half_way(), "reset"},
      {"cut_half_way", faults::cut_half_way(), "bytes"},
      {"forbidden", faults::answering(403), "403"},
      {"not_found", faults::answering(404), "has no such object"},
      {"internal_error", faults::answering(500), "500"},
      {"unavailable", faults::answering(503), "503"},
      {"flipped_bits", faults::with_flipped_bits(), "is not an almanac announcement"},
      {"half_its_length", faults::with_half_its_length(), "is shorter than its announcement says"},
      {"foreign_object", faults::with_body(foreign_object()), "is not an almanac announcement"},
      {"snapshot_that_is_not_announced", faults::with_body(support::snapshot_of(small_registry("x"))), "is not an almanac announcement"}};
}

class FaultsTest : public LiveTest, public testing::WithParamInterface<Case> {
 protected:
  // What never answers is waited for no longer than a test may take, and opening and looking end by the same deadline.
  FaultsTest() {
    open_deadline_ = 400ms;
    refresh_deadline_ = 10s;
  }

  [[nodiscard]] auto names_it() const { return AllOf(HasSubstr(proxy_.url() + "/"), HasSubstr(GetParam().words)); }

  void fail_once(Registry& registry, const std::string& version) {
    const RegistryStatus before = registry.status();
    EXPECT_EQ(version_of(registry.view()), version);
    const RegistryStatus status = registry.status();
    EXPECT_EQ(status.failures, before.failures + 1);
    EXPECT_EQ(status.checked, before.checked);
    EXPECT_GE(status.age, before.age);
    EXPECT_THAT(status.last_error, names_it());
  }
};

TEST_P(FaultsTest, the_last_good_answer_is_served_until_it_is_over) {
  publish(small_registry("1"));
  Registry registry = open();
  publish(small_registry("2"));
  proxy_.play(GetParam().fault);
  fail_once(registry, "1");
  fail_once(registry, "1");
  EXPECT_EQ(registry.status().origin, Origin::kStore);
  proxy_.heal();
  EXPECT_EQ(version_of(registry.view()), "2");
  EXPECT_EQ(registry.status().failures, 0U);
  EXPECT_EQ(registry.status().last_error, "");
}

TEST_P(FaultsTest, a_cold_start_climbs_down) {
  publish(small_registry("1"));
  proxy_.play(GetParam().fault);
  try {
    (void)open();
    ADD_FAILURE() << "there was nothing to serve";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), AllOf(testing::StartsWith(proxy_.url() + ": nothing to serve: (1) the store: "), HasSubstr(GetParam().words),
                                    HasSubstr("; (2) the last good copy: "), HasSubstr("; (3) the bundled file: ")));
  }

  RegistryOptions bundled = options();
  bundled.bundled = folder_ / "bundled";
  support::write_bytes(bundled.bundled, support::snapshot_of(small_registry("bundled")));
  Registry from_bundled = Registry::open(proxy_.url(), bundled);
  EXPECT_EQ(from_bundled.status().origin, Origin::kBundled);
  EXPECT_THAT(from_bundled.status().last_error, names_it());
  fail_once(from_bundled, "bundled");

  proxy_.heal();
  EXPECT_EQ(version_of(from_bundled.view()), "1");
  proxy_.play(GetParam().fault);
  Registry from_cache = Registry::open(proxy_.url(), bundled);
  EXPECT_EQ(from_cache.status().origin, Origin::kCache);
  EXPECT_THAT(from_cache.status().last_error, names_it());
  EXPECT_EQ(from_cache.status().published, support::kPublished);
  fail_once(from_cache, "1");
  proxy_.heal();
  EXPECT_EQ(version_of(from_cache.view()), "1");
  EXPECT_EQ(from_cache.status().origin, Origin::kStore);
}

// What is announced is there, and its frame is not to be had.
TEST_P(FaultsTest, a_large_registry_is_not_served_before_its_frame_is_here) {
  publish(large_registry("1"));
  Registry registry = open();
  publish(large_registry("2"));
  proxy_.play([fault = GetParam().fault](const support::ReceivedRequest& request, const support::Forward& forward) {
    return request.target == "/current" ? support::Reply{.bytes = forward()} : fault(request, forward);
  });
  EXPECT_EQ(version_of(registry.view()), "1");
  EXPECT_EQ(registry.status().failures, 1U);
  EXPECT_THAT(registry.status().last_error, HasSubstr("snapshots/"));
  proxy_.heal();
  EXPECT_EQ(version_of(registry.view()), "2") << registry.status().last_error;
  EXPECT_EQ(registry.status().failures, 0U);
}

INSTANTIATE_TEST_SUITE_P(Every, FaultsTest, testing::ValuesIn(cases()), [](const auto& one) { return std::string(one.param.name); });

class OtherFaultsTest : public LiveTest {};

TEST_F(OtherFaultsTest, an_older_answer_is_refused) {
  publish(small_registry("1"));
  (void)open();
  const std::string old = proxy_.last_answer();
  publish(small_registry("2"));
  Registry registry = open();
  proxy_.play(support::faults::replaying(old));
  EXPECT_EQ(version_of(registry.view()), "2");
  EXPECT_THAT(registry.status().last_error, HasSubstr("current: announces generation 1, older than 2 which is being served"));
  RegistryOptions newest = options();
  newest.min_generation = 2;
  Registry restarted = Registry::open(proxy_.url(), newest);
  EXPECT_EQ(restarted.status().origin, Origin::kCache);
  EXPECT_EQ(version_of(restarted.view()), "2");
  EXPECT_THAT(restarted.status().last_error, HasSubstr("announces generation 1"));
}

TEST_F(OtherFaultsTest, by_default_too_a_store_that_never_answers_is_outlived) {
  publish(small_registry("1"));
  Registry registry = open();
  publish(small_registry("2"));
  proxy_.play(support::faults::silent());
  EXPECT_EQ(version_of(registry.view()), "1");
  EXPECT_EQ(registry.status().failures, 1U);
  EXPECT_THAT(registry.status().last_error, HasSubstr(proxy_.url() + "/current: no answer within"));
  Registry restarted = open();
  EXPECT_EQ(restarted.status().origin, Origin::kCache);
  EXPECT_THAT(restarted.status().last_error, HasSubstr("timed out after"));
  EXPECT_EQ(version_of(restarted.view()), "1");
}

// 700 KB within a second, of which each look by the default deadline sees a quarter. A busy machine may make a look fail: then it
// goes on serving and says so, and one of the next is as good.
TEST_F(OtherFaultsTest, a_slow_link_is_no_reason_to_miss_a_generation) {
  open_deadline_ = 20s;
  publish(small_registry("1"));
  Registry registry = open();
  publish(heavy_registry("2", 11));
  ASSERT_GT(std::filesystem::file_size(store_.root() / "current"), 700'000U);
  proxy_.play(support::faults::dripping(35'000, 50ms));
  constexpr int kMaxLooks = 10;
  for (int look = 0; look < kMaxLooks && registry.status().generation != 2; ++look) {
    const std::string version = version_of(registry.view());
    if (version == "2") break;
    EXPECT_EQ(version, "1");
    EXPECT_THAT(registry.status().last_error, HasSubstr(proxy_.url() + "/current: "));
  }
  EXPECT_EQ(registry.status().generation, 2U);
}

TEST_F(OtherFaultsTest, a_port_that_is_closed) {
  publish(small_registry("1"));
  Registry registry = open();
  proxy_.refuse();
  EXPECT_EQ(version_of(registry.view()), "1");
  EXPECT_EQ(registry.status().failures, 1U);
  EXPECT_THAT(registry.status().last_error, HasSubstr("/current: "));
  Registry restarted = open();
  EXPECT_EQ(restarted.status().origin, Origin::kCache);
  EXPECT_EQ(version_of(restarted.view()), "1");
}

TEST_F(OtherFaultsTest, a_burst_of_errors_is_sat_out_by_retries) {
  publish(small_registry("1"));
  int left = 2;
  proxy_.play([&left](const support::ReceivedRequest& request, const support::Forward& forward) {
    return left-- > 0 ? support::faults::answering(503)(request, forward) : support::Reply{.bytes = forward()};
  });
  RegistryOptions patient = options();
  patient.open_deadline = 10s;
  Registry registry = Registry::open(proxy_.url(), patient);
  EXPECT_EQ(registry.status().origin, Origin::kStore);
  EXPECT_EQ(proxy_.requests().size(), 3U);
  EXPECT_EQ(registry.status().traffic.requests, 3U);
}

}  // namespace
}  // namespace almanac::live
