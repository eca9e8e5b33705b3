// What is asked for over the network, counted in front of the server: no request but these.
#include <span>
#include <thread>

#include "live_test.h"

namespace almanac::live {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

class RequestsTest : public LiveTest {
 protected:
  // Looks until that succeeds: by the default deadlines a busy machine may make one fail, and then it goes on serving and says so.
  // What was asked for before the one that succeeded is forgotten.
  void look(Registry& registry) {
    constexpr int kMaxLooks = 20;
    for (int looks = 0; looks < kMaxLooks; ++looks) {
      requests_before_ = proxy_.requests().size();
      statuses_before_ = proxy_.statuses().size();
      EXPECT_NE(version_of(registry.view()), "torn");
      if (registry.status().failures == 0) return;
      EXPECT_THAT(registry.status().last_error, testing::HasSubstr(proxy_.url() + "/"));
      await_answers(registry.status().traffic.requests);
    }
    ADD_FAILURE() << registry.status().last_error;
  }

  [[nodiscard]] std::vector<int> statuses() const {
    std::vector<int> statuses = proxy_.statuses();
    statuses.erase(statuses.begin(), statuses.begin() + static_cast<std::ptrdiff_t>(statuses_before_));
    return statuses;
  }
  [[nodiscard]] std::vector<std::string> asked() const {
    std::vector<std::string> lines;
    const std::vector<support::ReceivedRequest> requests = proxy_.requests();
    for (const support::ReceivedRequest& request : std::span(requests).subspan(requests_before_)) {
      std::string line = request.method + " " + request.target.substr(0, request.target.find('/', 1));
      if (!request.header("range").empty()) line += " range";
      if (!request.header("if-none-match").empty()) line += " if-none-match";
      lines.push_back(line);
    }
    return lines;
  }

 private:
  // A request that was given up may still be under way to the server, or have gone nowhere.
  void await_answers(std::size_t requests) const {
    constexpr int kMaxPauses = 500;
    for (int pauses = 0; pauses < kMaxPauses && proxy_.statuses().size() < requests; ++pauses) std::this_thread::sleep_for(10ms);
  }

  std::size_t requests_before_ = 0;
  std::size_t statuses_before_ = 0;
};

TEST_F(RequestsTest, a_cold_start_of_a_small_registry_is_one_get) {
  publish(small_registry("1"));
  Registry registry = open();
  EXPECT_THAT(asked(), ElementsAre("GET /current"));
  EXPECT_THAT(statuses(), ElementsAre(200));
  const RegistryStatus status = registry.status();
  EXPECT_EQ(status.traffic.requests, 1U);
  EXPECT_EQ(status.traffic.bytes, std::filesystem::file_size(store_.root() / "current"));
}

TEST_F(RequestsTest, a_cold_start_of_a_large_registry_is_two) {
  publish(large_registry("1"));
  Registry registry = open();
  EXPECT_THAT(asked(), ElementsAre("GET /current", "GET /snapshots range"));
  EXPECT_THAT(statuses(), ElementsAre(200, 206));
  look(registry);
  EXPECT_THAT(asked(), ElementsAre("GET /current if-none-match"));
  EXPECT_THAT(statuses(), ElementsAre(304));
  EXPECT_EQ(version_of(registry.view()), "1");
}

TEST_F(RequestsTest, a_large_registry_whose_frame_is_in_the_cache_is_one) {
  publish(large_registry("1"));
  (void)open();
  Registry registry = open();
  EXPECT_THAT(asked(), ElementsAre("GET /current", "GET /snapshots range", "GET /current"));
}

TEST_F(RequestsTest, a_refresh_is_one_conditional_get) {
  publish(small_registry("1"));
  RegistryOptions told = options();
  RefreshEvent last;
  told.on_refresh = [&](const RefreshEvent& event) { last = event; };
  Registry registry = Registry::open(proxy_.url(), told);
  look(registry);
  EXPECT_THAT(asked(), ElementsAre("GET /current if-none-match"));
  EXPECT_THAT(statuses(), ElementsAre(304));
  EXPECT_EQ(last.traffic.requests, 1U);
  EXPECT_EQ(last.traffic.bytes, 0U);
}

TEST_F(RequestsTest, a_refresh_that_brings_a_large_registry_is_two) {
  publish(small_registry("1"));
  Registry registry = open();
  publish(large_registry("2"));
  look(registry);
  EXPECT_THAT(asked(), ElementsAre("GET /current if-none-match", "GET /snapshots range"));
  EXPECT_THAT(statuses(), ElementsAre(200, 206));
  EXPECT_EQ(registry.status().generation, 2U);
}

TEST_F(RequestsTest, between_looks_there_is_none) {
  publish(large_registry("1"));
  RegistryOptions fresh = options();
  fresh.max_age = 1h;
  Registry registry = Registry::open(proxy_.url(), fresh);
  const std::size_t before = proxy_.requests().size();
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(registry.view().generation(), 1U);
  (void)registry.status();
  EXPECT_EQ(proxy_.requests().size(), before);
}

TEST_F(RequestsTest, another_namespace_is_one_more_range) {
  publish(large_registry("1"));
  RegistryOptions fresh = options();
  fresh.max_age = 1h;
  Registry registry = Registry::open(proxy_.url(), fresh);
  const View view = registry.view();
  EXPECT_TRUE(view.in("other").contains("users"));
  EXPECT_TRUE(view.in("other").contains("users"));
  EXPECT_THAT(asked(), ElementsAre("GET /current", "GET /snapshots range", "GET /snapshots range"));
}

TEST_F(RequestsTest, while_a_generation_comes_in_phases_a_cold_start_is_one_more) {
  publish(small_registry("1"));
  publish_for_later(small_registry("2"));
  Registry registry = open();
  EXPECT_THAT(asked(), ElementsAre("GET /current", "GET /snapshots range"));
  EXPECT_THAT(statuses(), ElementsAre(200, 206));
  EXPECT_EQ(version_of(registry.view()), "1");
  EXPECT_EQ(registry.status().next_generation, 2U);
  look(registry);
  EXPECT_THAT(asked(), ElementsAre("GET /current if-none-match"));
  EXPECT_THAT(statuses(), ElementsAre(304));
}

TEST_F(RequestsTest, who_has_what_a_generation_in_phases_replaces_asks_for_no_more) {
  publish(large_registry("1"));
  Registry registry = open();
  publish_for_later(small_registry("2"));
  look(registry);
  EXPECT_THAT(asked(), ElementsAre("GET /current if-none-match"));
  EXPECT_THAT(statuses(), ElementsAre(200));
  EXPECT_EQ(version_of(registry.view()), "1");
  EXPECT_EQ(registry.status().next_generation, 2U);
}

// What lies beyond the first MiB is asked for by itself.
TEST_F(RequestsTest, a_large_registry_that_is_replaced_in_phases_is_three) {
  publish(large_registry("1"));
  publish_for_later(large_registry("2"));
  Registry registry = open();
  EXPECT_THAT(asked(), ElementsAre("GET /current", "GET /snapshots range", "GET /snapshots range"));
  EXPECT_EQ(version_of(registry.view()), "1");
}

TEST_F(RequestsTest, a_registry_that_was_never_opened_asks_for_nothing) {
  publish(small_registry("1"));
  const auto store = open_store(proxy_.url());
  EXPECT_THAT(asked(), IsEmpty());
}

}  // namespace
}  // namespace almanac::live
