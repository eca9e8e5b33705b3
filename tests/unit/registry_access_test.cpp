// What a registry does by the wall clock: functions are frozen for hours, and clocks are put back.
#include "registry_access.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>

#include "support/clean_environment.h"
#include "support/error_matchers.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::ScriptedStore;
using support::service;
using namespace std::chrono_literals;
using Clock = std::chrono::system_clock;

class RegistryAccessTest : public testing::Test {
 protected:
  RegistryAccessTest() {
    options_.cache_directory = folder_ / "cache";
    options_.max_age = 60s;
    publish(1);
  }

  void publish(std::uint64_t generation) const {
    store_->publish(generation, {{"prod", {service("users").uri("http://" + std::to_string(generation))}}});
  }
  [[nodiscard]] Registry open() {
    return RegistryAccess::open(store_, options_, [this] { return start_ + std::chrono::milliseconds(passed_); });
  }
  void pass(std::chrono::milliseconds time) { passed_ += time.count(); }
  // Whether a view() now asks the store.
  [[nodiscard]] bool looks(Registry& registry) const {
    const std::size_t before = store_->gets().size();
    (void)registry.view();
    return store_->gets().size() != before;
  }

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  std::shared_ptr<ScriptedStore> store_ = std::make_shared<ScriptedStore>();
  RegistryOptions options_;
  Clock::time_point start_ = Clock::now();
  std::atomic<std::chrono::milliseconds::rep> passed_ = 0;
};

TEST_F(RegistryAccessTest, a_store_is_needed) {
  EXPECT_EQ(support::error_from([&] { (void)RegistryAccess::open(nullptr, options_, Clock::now); }).code(), ErrorCode::kInvalidArgument);
}

TEST_F(RegistryAccessTest, a_look_is_due_when_max_age_has_passed) {
  Registry registry = open();
  EXPECT_FALSE(looks(registry));
  pass(60s - 1ms);
  EXPECT_FALSE(looks(registry));
  pass(1ms);
  EXPECT_TRUE(looks(registry));
  EXPECT_FALSE(looks(registry));
}

TEST_F(RegistryAccessTest, a_thaw_after_hours_is_noticed) {
  Registry registry = open();
  publish(2);
  EXPECT_EQ(registry.view().generation(), 1U);
  pass(3h);
  EXPECT_EQ(registry.status().age, 3h);
  EXPECT_EQ(registry.view().generation(), 2U);
  EXPECT_EQ(registry.status().age, 0ms);
  EXPECT_EQ(registry.status().checked, start_ + 3h);
}

TEST_F(RegistryAccessTest, a_clock_that_was_put_back_is_no_reason_to_wait) {
  Registry registry = open();
  publish(2);
  pass(-3h);
  EXPECT_EQ(registry.status().age, 0ms);
  EXPECT_EQ(registry.view().generation(), 2U);
  EXPECT_FALSE(looks(registry));
  pass(60s);
  EXPECT_TRUE(looks(registry));
}

// What a look found out before the freeze is as old as that.
TEST_F(RegistryAccessTest, after_a_freeze_within_a_look_the_next_one_is_due) {
  Registry registry = open();
  pass(60s);
  store_->script([&](std::string_view key, const GetOptions& get) {
    pass(3h);
    return store_->answer(key, get);
  });
  EXPECT_TRUE(looks(registry));
  store_->heal();
  EXPECT_EQ(registry.status().age, 3h);
  EXPECT_TRUE(looks(registry));
  EXPECT_FALSE(looks(registry));
}

TEST_F(RegistryAccessTest, after_a_freeze_within_a_look_that_failed_the_next_one_is_due) {
  Registry registry = open();
  pass(60s);
  store_->script([&](std::string_view, const GetOptions&) -> std::optional<Object> {
    pass(3h);
    throw Error(ErrorCode::kTimedOut, "current", "the connection was gone");
  });
  EXPECT_TRUE(looks(registry));
  store_->heal();
  EXPECT_EQ(registry.status().failures, 1U);
  EXPECT_TRUE(looks(registry));
  EXPECT_EQ(registry.status().failures, 0U);
}

TEST_F(RegistryAccessTest, a_clock_that_was_put_back_within_a_look_is_no_reason_to_wait) {
  Registry registry = open();
  pass(60s);
  store_->script([&](std::string_view key, const GetOptions& get) {
    pass(-3h);
    return store_->answer(key, get);
  });
  EXPECT_TRUE(looks(registry));
  store_->heal();
  EXPECT_TRUE(looks(registry));
  EXPECT_FALSE(looks(registry));
}

TEST_F(RegistryAccessTest, after_failures_the_pauses_grow_and_a_thaw_ends_them) {
  Registry registry = open();
  store_->fail_with(ErrorCode::kTimedOut);
  for (const auto pause : {60s, 60s, 120s, 240s, 300s, 300s}) {
    pass(pause);
    EXPECT_TRUE(looks(registry));
    pass(pause / 2 - 1s);  // shorter than the shortest that may follow
    EXPECT_FALSE(looks(registry));
    pass(1s - pause / 2);
  }
  pass(3h);
  store_->heal();
  EXPECT_TRUE(looks(registry));
  EXPECT_EQ(registry.status().failures, 0U);
}

}  // namespace
}  // namespace almanac::internal
