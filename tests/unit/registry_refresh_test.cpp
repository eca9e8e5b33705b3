// How a registry follows its store: what a look asks for, what comes of it, and who waits.
#include <almanac/registry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "last_good.h"
#include "snapshot_data.h"
#include "support/clean_environment.h"
#include "support/crafted_frame.h"
#include "support/crafted_snapshot.h"
#include "support/environment_variable.h"
#include "support/file_bytes.h"
#include "support/late_work.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using support::announced;
using support::ScriptedStore;
using support::service;
using support::snapshot_of;
using support::users_at;
using testing::HasSubstr;
using namespace std::chrono_literals;
using Outcome = RefreshEvent::Outcome;

class RegistryRefreshTest : public testing::Test {
 protected:
  RegistryRefreshTest() {
    options_.namespace_name = "prod";
    options_.cache_directory = folder_ / "cache";
    options_.max_age = 0ms;  // each view() looks
    options_.on_refresh = [this](const RefreshEvent& event) {
      const std::scoped_lock lock(mutex_);
      events_.push_back(event);
    };
  }

  [[nodiscard]] Registry open() const { return Registry::open(store_, options_); }
  static std::string users(const View& view) {
    support::await_late_work(view);
    return std::string(view.find("users").value().uri());
  }
  [[nodiscard]] std::vector<RefreshEvent> events() const {
    const std::scoped_lock lock(mutex_);
    return events_;
  }
  [[nodiscard]] std::uint64_t generation_kept() const {
    const internal::LastGood kept(options_.cache_directory, store_->identity());
    return internal::parse_announcement(kept.read(), "copy").announcement.generation;
  }

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  std::shared_ptr<ScriptedStore> store_ = std::make_shared<ScriptedStore>();
  RegistryOptions options_;
  mutable std::mutex mutex_;
  std::vector<RefreshEvent> events_;
};

TEST_F(RegistryRefreshTest, a_look_is_one_conditional_request_with_a_short_deadline) {
  store_->publish(1, users_at("http://1"));
  Registry registry = open();
  const std::string etag = store_->get("current").etag;
  const std::size_t before = store_->gets().size();
  (void)registry.view();
  const auto gets = store_->gets();
  ASSERT_EQ(gets.size(), before + 1);
  EXPECT_EQ(gets.back().key, "current");
  EXPECT_EQ(gets.back().options.if_none_match, etag);
  EXPECT_EQ(gets.back().options.max_size, internal::kMaxAnnouncedSize);
  EXPECT_LE(gets.back().options.answer_by, std::chrono::steady_clock::now() + options_.refresh_deadline);
}

// The answer begins at once, and its last byte comes after a second.
TEST_F(RegistryRefreshTest, a_slow_link_is_no_reason_to_miss_a_generation) {
  ASSERT_LT(options_.refresh_deadline, 1s);
  store_->publish(1, users_at("http://1"));
  Registry registry = open();
  store_->publish(2, users_at("http://2"));
  store_->script([&](std::string_view key, const GetOptions& get) {
    if (get.deadline < std::chrono::steady_clock::now() + 1s) throw Error(ErrorCode::kTimedOut, std::string(key), "came too slowly");
    return store_->answer(key, get);
  });
  EXPECT_EQ(users(registry.view()), "http://2");
  EXPECT_EQ(registry.status().last_error, "");
}

TEST_F(RegistryRefreshTest, who_looks_waits_for_the_answer_no_longer_than_allowed) {
  options_.refresh_deadline = 0ms;
  store_->publish(1, users_at("http://1"));
  Registry registry = open();
  store_->publish(2, users_at("http://2"));
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_THAT(registry.status().last_error, HasSubstr("current: was not asked for: the time to wait for the store is over"));
}

TEST_F(RegistryRefreshTest, nothing_is_asked_for_between_looks) {
  options_.max_age = 1h;
  store_->publish(1, users_at("http://1"));
  Registry registry = open();
  for (int i = 0; i < 1000; ++i) (void)registry.view();
  EXPECT_EQ(store_->gets().size(), 1U);
  EXPECT_TRUE(events().empty());
}

TEST_F(RegistryRefreshTest, the_hook_is_told_how_each_look_ended) {
  store_->publish(1, users_at("http://1"));
  Registry registry = open();
  EXPECT_TRUE(events().empty());
  (void)registry.view();
  store_->publish(2, users_at("http://2"));
  (void)registry.view();
  store_->fail_with(ErrorCode::kTimedOut);
  (void)registry.view();
  const auto told = events();
  ASSERT_EQ(told.size(), 3U);
  EXPECT_EQ(told[0].outcome, Outcome::kUnchanged);
  EXPECT_EQ(told[0].generation, 1U);
  EXPECT_EQ(told[0].traffic.requests, 1U);
  EXPECT_EQ(told[0].traffic.bytes, 0U);
  EXPECT_EQ(told[1].outcome, Outcome::kChanged);
  EXPECT_EQ(told[1].generation, 2U);
  EXPECT_EQ(told[1].traffic.requests, 1U);
  EXPECT_EQ(told[1].traffic.bytes, announced(2, snapshot_of(users_at("http://2"))).size());
  EXPECT_GT(told[1].duration, 0ns);
  EXPECT_EQ(told[1].error, "");
  EXPECT_EQ(told[2].outcome, Outcome::kFailed);
  EXPECT_EQ(told[2].generation, 2U);
  EXPECT_EQ(told[2].error, "scripted://store/current: scripted failure");
}

TEST_F(RegistryRefreshTest, the_hook_may_use_the_registry_and_may_throw) {
  store_->publish(1, users_at("http://1"));
  Registry* used = nullptr;
  std::vector<std::string> seen;
  options_.on_refresh = [&](const RefreshEvent&) {
    seen.push_back(users(used->view()) + " of generation " + std::to_string(used->status().generation));
    throw std::runtime_error("a hook that fails");
  };
  Registry registry = open();
  used = &registry;
  store_->publish(2, users_at("http://2"));
  EXPECT_EQ(users(registry.view()), "http://2");
  EXPECT_EQ(seen, std::vector<std::string>{"http://2 of generation 2"});
  (void)registry.view();
  EXPECT_EQ(seen.size(), 2U);
}

TEST_F(RegistryRefreshTest, whatever_happens_the_last_good_generation_is_served) {
  store_->publish(1, users_at("http://1"));
  Registry registry = open();
  const auto checked = registry.status().checked;
  const auto fail = [&](const std::string& words) {
    const std::uint64_t failures = registry.status().failures;
    EXPECT_EQ(users(registry.view()), "http://1");
    const RegistryStatus status = registry.status();
    EXPECT_EQ(status.failures, failures + 1);
    EXPECT_THAT(status.last_error, testing::StartsWith("scripted://store/"));
    EXPECT_THAT(status.last_error, HasSubstr(words));
    EXPECT_EQ(status.checked, checked);
    EXPECT_EQ(status.origin, Origin::kStore);
    EXPECT_EQ(status.generation, 1U);
    EXPECT_EQ(events().back().error, status.last_error);
  };
  for (int code = 1; code <= static_cast<int>(ErrorCode::kUnsupported); ++code) {
    store_->fail_with(static_cast<ErrorCode>(code));
    fail("scripted failure");
  }
  store_->script([](std::string_view, const GetOptions&) -> std::optional<Object> { throw 42; });
  fail("threw what is no std::exception");
  const auto give = [&](std::vector<std::byte> bytes) {
    store_->script([bytes](std::string_view, const GetOptions&) { return Object{bytes, "x", bytes.size()}; });
  };
  give({});
  fail("is not an almanac announcement");
  std::vector<std::byte> damaged = announced(2, snapshot_of(users_at("http://2")));
  give({damaged.begin(), damaged.begin() + 30});
  fail("");
  damaged.back() ^= std::byte{1};
  give(damaged);
  fail("");
  give(announced(2, snapshot_of({{"test", {service("users").uri("http://test")}}})));
  fail("has no namespace \"prod\"; it has \"test\"");
  EXPECT_EQ(generation_kept(), 1U);

  std::this_thread::sleep_for(2ms);
  EXPECT_GE(registry.status().age, 2ms);
  store_->heal();
  store_->publish(2, users_at("http://2"));
  EXPECT_EQ(users(registry.view()), "http://2");
  EXPECT_EQ(registry.status().failures, 0U);
  EXPECT_EQ(registry.status().last_error, "");
  EXPECT_EQ(generation_kept(), 2U);
}

TEST_F(RegistryRefreshTest, an_older_generation_is_refused) {
  store_->publish(2, users_at("http://2"));
  Registry registry = open();
  store_->publish(1, users_at("http://1"));
  EXPECT_EQ(users(registry.view()), "http://2");
  EXPECT_THAT(registry.status().last_error, HasSubstr("current: announces generation 1, older than 2 which is being served"));
  EXPECT_EQ(generation_kept(), 2U);
}

TEST_F(RegistryRefreshTest, what_came_from_the_cache_is_refreshed) {
  store_->publish(1, users_at("http://1"));
  (void)open();
  store_->fail_with(ErrorCode::kTimedOut);
  Registry registry = open();
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_EQ(registry.status().failures, 2U);
  EXPECT_EQ(registry.status().origin, Origin::kCache);
  store_->heal();
  (void)registry.view();
  EXPECT_EQ(events().back().outcome, Outcome::kUnchanged);
  EXPECT_EQ(registry.status().origin, Origin::kStore);
  EXPECT_EQ(registry.status().failures, 0U);
  EXPECT_LT(registry.status().age, 60s);
  store_->publish(2, users_at("http://2"));
  EXPECT_EQ(users(registry.view()), "http://2");
}

TEST_F(RegistryRefreshTest, what_was_bundled_is_refreshed) {
  options_.bundled = folder_ / "bundled";
  support::write_bytes(options_.bundled, snapshot_of(users_at("http://1")));
  store_->fail_with(ErrorCode::kTimedOut);
  Registry registry = open();
  const View bundled = registry.view();
  store_->heal();
  store_->publish(1, users_at("http://1"));
  const View same = registry.view();
  EXPECT_EQ(same.generation(), 1U);
  EXPECT_EQ(registry.status().origin, Origin::kStore);
  EXPECT_EQ(same.find("users").value().uri().data(), bundled.find("users").value().uri().data());
  EXPECT_EQ(generation_kept(), 1U);
  EXPECT_EQ(bundled.generation(), 0U);
}

TEST_F(RegistryRefreshTest, a_function_that_began_without_its_store_asks_again_after_a_while) {
  options_.max_age = 1h;
  store_->publish(1, users_at("http://1"));
  (void)open();
  store_->fail_with(ErrorCode::kTimedOut);
  Registry registry = open();
  const std::size_t before = store_->gets().size();
  (void)registry.view();
  EXPECT_EQ(store_->gets().size(), before);  // half an hour at least
}

// A rollback to what is served, or a pin.
TEST_F(RegistryRefreshTest, a_new_announcement_of_the_same_snapshot_keeps_what_is_open) {
  const std::vector<std::byte> snapshot = support::snapshot_of_two_frames("http://1");
  store_->publish_head(1, snapshot);
  Registry registry = open();
  const View first = registry.view();
  store_->publish_head(2, snapshot);
  const std::size_t before = store_->gets().size();
  const View second = registry.view();
  EXPECT_EQ(store_->gets().size(), before + 1);
  EXPECT_EQ(first.generation(), 1U);
  EXPECT_EQ(second.generation(), 2U);
  EXPECT_EQ(first.find("users").value().uri().data(), second.find("users").value().uri().data());
  EXPECT_EQ(registry.status().generation, 2U);
  EXPECT_EQ(registry.status().revision, "r2");
  EXPECT_EQ(events().back().outcome, Outcome::kChanged);
  support::await_late_work(second);
  EXPECT_EQ(generation_kept(), 2U);
}

// Not by those who ask.
TEST_F(RegistryRefreshTest, what_it_brings_has_its_index) {
  // No cache directory that can be used: it would have the index made at a start, too.
  const support::EnvironmentVariable temporary("TMPDIR", "/dev/null");
  const auto has_index = [](const View& view) {
    support::await_late_work(view);
    const internal::NamespaceData& data = internal::data_of(view.snapshot()).open_namespace(0);
    const internal::Part& part = data.frame().parts[0];
    return data.frame().indexes[0].slots_to == part.text + part.text_size && data.frame().indexes[0].has_checkpoints;
  };
  std::uint64_t generation = 0;
  for (const char* folder : {"", "/dev/null/cache"}) {
    options_.cache_directory = folder;
    store_->publish(++generation, users_at("http://1"));
    Registry registry = open();
    EXPECT_FALSE(has_index(registry.view())) << folder;
    store_->publish(++generation, users_at("http://2"));
    const View refreshed = registry.view();
    EXPECT_EQ(refreshed.generation(), generation);
    EXPECT_TRUE(has_index(refreshed)) << folder;
  }
}

// Its rows are wrong, though its digests are right.
void publish_wrong_rows(ScriptedStore& store, std::uint64_t generation) {
  const model::Registry next = support::registry({{"a", support::numbered_services(10)}});
  support::CraftedFrame frame = support::CraftedFrame::of(next.namespaces);
  frame.descriptions.front() = 'x';  // one end less
  const std::vector<std::byte> wrong = support::snapshot_around(frame);
  (void)store.publish_as(support::announcement_of(generation, wrong), wrong);
}

TEST_F(RegistryRefreshTest, wrong_rows_do_not_replace_what_is_served) {
  options_.namespace_name = "a";
  store_->publish(1, {{"a", {service("users").uri("http://1")}}});
  Registry registry = open();
  support::await_late_work(registry.view());
  publish_wrong_rows(*store_, 2);
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_THAT(registry.status().last_error, HasSubstr("frame: there are fewer rows than it says"));
  EXPECT_EQ(generation_kept(), 1U);
}

// A start does not wait for rows to be checked.
TEST_F(RegistryRefreshTest, wrong_rows_that_a_start_serves_are_not_kept) {
  options_.namespace_name = "a";
  store_->publish(1, {{"a", {service("users").uri("http://1")}}});
  support::await_late_work(open().view());
  const auto files = [this] {
    return std::distance(std::filesystem::directory_iterator(options_.cache_directory), std::filesystem::directory_iterator());
  };
  const auto before = files();
  publish_wrong_rows(*store_, 2);
  Registry registry = open();
  const View view = registry.view();
  support::await_late_work(view);
  EXPECT_EQ(view.generation(), 2U);
  EXPECT_EQ(generation_kept(), 1U);
  EXPECT_EQ(files(), before);
  // The same again, by a rollback to itself: nothing that is better is there to be kept.
  publish_wrong_rows(*store_, 3);
  EXPECT_EQ(registry.view().generation(), 3U);
  EXPECT_EQ(registry.status().last_error, "");
}

TEST_F(RegistryRefreshTest, a_large_snapshot_is_served_when_its_frame_is_here) {
  store_->publish_head(1, support::snapshot_of_two_frames("http://1"));
  Registry registry = open();
  const std::string key = store_->publish_head(2, support::snapshot_of_two_frames("http://2"));
  store_->script([&](std::string_view asked, const GetOptions& get) {
    if (asked != "current") throw Error(ErrorCode::kTimedOut, std::string(asked), "no frame today");
    return store_->answer(asked, get);
  });
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_EQ(registry.status().last_error, key + ": no frame today");
  EXPECT_EQ(generation_kept(), 1U);
  store_->heal();
  EXPECT_EQ(users(registry.view()), "http://2");
  EXPECT_EQ(registry.view().generation(), 2U);
  EXPECT_EQ(generation_kept(), 2U);
}

TEST_F(RegistryRefreshTest, a_frame_is_waited_for_as_long_as_at_the_start) {
  options_.open_deadline = 20s;
  store_->publish_head(1, support::snapshot_of_two_frames("http://1"));
  Registry registry = open();
  store_->publish_head(2, support::snapshot_of_two_frames("http://2"));
  (void)registry.view();
  const auto gets = store_->gets();
  ASSERT_GE(gets.size(), 2U);
  EXPECT_EQ(gets[gets.size() - 2].options.deadline, gets.back().options.deadline);
  EXPECT_EQ(gets.back().options.answer_by, Deadline::max());
  EXPECT_LE(gets.back().options.deadline, std::chrono::steady_clock::now() + options_.open_deadline);
}

TEST_F(RegistryRefreshTest, one_thread_looks_and_the_others_go_on) {
  store_->publish(1, users_at("http://1"));
  Registry registry = open();
  store_->publish(2, users_at("http://2"));
  std::binary_semaphore asked(0);
  std::binary_semaphore may_answer(0);
  store_->script([&](std::string_view key, const GetOptions& get) {
    asked.release();
    may_answer.acquire();
    return store_->answer(key, get);
  });
  const std::size_t before = store_->gets().size();
  std::jthread looking([&] { EXPECT_EQ(users(registry.view()), "http://2"); });
  asked.acquire();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_EQ(registry.status().generation, 1U);
  EXPECT_EQ(store_->gets().size(), before + 1);
  may_answer.release();
  looking.join();
  store_->heal();
  EXPECT_EQ(users(registry.view()), "http://2");
}

TEST_F(RegistryRefreshTest, a_store_without_etags_is_followed_too) {
  store_->publish(1, users_at("http://1"));
  store_->script([&](std::string_view key, const GetOptions& get) {
    std::optional<Object> object = store_->answer(key, get);
    object->etag.clear();
    return object;
  });
  Registry registry = open();
  (void)registry.view();
  EXPECT_EQ(events().back().outcome, Outcome::kUnchanged);
  store_->publish(2, users_at("http://2"));
  EXPECT_EQ(users(registry.view()), "http://2");
}

TEST_F(RegistryRefreshTest, in_the_background_a_thread_looks_and_view_never_does) {
  options_.background = true;
  options_.refresh_deadline = 0ms;  // is for who waits
  store_->publish(1, users_at("http://1"));
  const std::thread::id here = std::this_thread::get_id();
  std::atomic<int> looks_here = 0;
  std::counting_semaphore<1000> looked(0);
  options_.on_refresh = [&](const RefreshEvent&) { looked.release(); };
  Registry registry = open();
  store_->script([&](std::string_view key, const GetOptions& get) {
    if (std::this_thread::get_id() == here) ++looks_here;
    return store_->answer(key, get);
  });
  store_->publish(2, users_at("http://2"));
  while (registry.status().generation != 2) {
    (void)registry.view();
    ASSERT_TRUE(looked.try_acquire_for(10s));
    ASSERT_EQ(registry.status().last_error, "");
  }
  EXPECT_EQ(users(registry.view()), "http://2");
  store_->fail_with(ErrorCode::kTimedOut);
  while (registry.status().failures < 2) ASSERT_TRUE(looked.try_acquire_for(10s));
  EXPECT_EQ(users(registry.view()), "http://2");
  store_->heal();
  while (registry.status().failures != 0) ASSERT_TRUE(looked.try_acquire_for(10s));
  EXPECT_EQ(looks_here, 0);
}

TEST_F(RegistryRefreshTest, the_background_ends_with_the_registry) {
  options_.background = true;
  store_->publish(1, users_at("http://1"));
  {
    const Registry registry = open();
    Registry moved = open();
    moved = open();
    EXPECT_EQ(users(moved.view()), "http://1");
  }
  const std::size_t then = store_->gets().size();
  std::this_thread::sleep_for(250ms);
  EXPECT_EQ(store_->gets().size(), then);
}

}  // namespace
}  // namespace almanac
