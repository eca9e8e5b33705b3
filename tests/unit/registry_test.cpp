#include <almanac/registry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "bytes.h"
#include "support/clean_environment.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/published_store.h"

namespace almanac {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using support::service;
using support::users_at;
using namespace std::chrono_literals;

class RegistryTest : public testing::Test {
 protected:
  // A view() that always looks, unless told otherwise.
  [[nodiscard]] RegistryOptions options(std::chrono::milliseconds max_age = 0ms) const {
    RegistryOptions made;
    made.cache_directory = folder_ / "cache";
    made.max_age = max_age;
    return made;
  }

  static std::string users(const View& view) { return std::string(view.find("users").value().uri()); }

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  support::PublishedStore store_;
};

TEST_F(RegistryTest, serves_what_is_live) {
  const auto published = store_.publish(users_at("http://1"));
  Registry registry = Registry::open(store_.root().string(), options());
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_EQ(registry.view().generation(), 1U);
  const View view = registry.view();
  EXPECT_EQ(view.default_namespace().name(), "prod");
  EXPECT_EQ(view.in("prod").size(), 1U);
  const RegistryStatus status = registry.status();
  EXPECT_EQ(status.generation, 1U);
  EXPECT_EQ(status.id, published.announcement.snapshot_id);
  EXPECT_EQ(status.revision, "r1");
  EXPECT_EQ(status.published, support::kPublished);
  EXPECT_LT(std::chrono::system_clock::now() - status.checked, 60s);
  EXPECT_EQ(status.failures, 0U);
  EXPECT_EQ(status.last_error, "");
}

TEST_F(RegistryTest, nothing_published_is_an_error) {
  EXPECT_THAT(
      error_from([&] { (void)Registry::open(store_.store(), options()); }),
      IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "nothing to serve: (1) the store: current: cannot be opened"));
}

TEST_F(RegistryTest, the_address_may_come_from_the_environment) {
  EXPECT_THAT(error_from([&] { (void)Registry::open("", options()); }),
              IsError(ErrorCode::kInvalidArgument, "ALMANAC_URL", kNowhere, "is not set, and no address is given"));
  store_.publish(users_at("http://1"));
  environment_.set("ALMANAC_URL", store_.root().string());
  EXPECT_EQ(users(Registry::open("", options()).view()), "http://1");
  EXPECT_EQ(error_from([&] { (void)Registry::open((folder_ / "none").string(), options()); }).object(), (folder_ / "none").string());
}

TEST_F(RegistryTest, a_stale_view_looks_again_and_leaves_views_alone) {
  store_.publish(users_at("http://1"));
  Registry registry = Registry::open(store_.store(), options());
  const View first = registry.view();
  const Service held = first.find("users").value();
  store_.publish(users_at("http://2"));
  EXPECT_EQ(users(registry.view()), "http://2");
  EXPECT_EQ(registry.view().generation(), 2U);
  EXPECT_EQ(registry.status().generation, 2U);
  EXPECT_EQ(first.generation(), 1U);
  EXPECT_EQ(held.uri(), "http://1");
  EXPECT_EQ(users(first), "http://1");
}

TEST_F(RegistryTest, a_fresh_view_does_not_look) {
  store_.publish(users_at("http://1"));
  Registry registry = Registry::open(store_.store(), options(1h));
  store_.publish(users_at("http://2"));
  EXPECT_EQ(users(registry.view()), "http://1");
}

TEST_F(RegistryTest, looks_again_when_max_age_has_passed) {
  store_.publish(users_at("http://1"));
  constexpr auto kMaxAge = 50ms;
  Registry registry = Registry::open(store_.store(), options(kMaxAge));
  store_.publish(users_at("http://2"));
  std::this_thread::sleep_until(registry.status().checked + kMaxAge + 1ms);
  EXPECT_EQ(users(registry.view()), "http://2");
}

TEST_F(RegistryTest, any_age_is_a_number_of_milliseconds) {
  store_.publish(users_at("http://1"));
  Registry never = Registry::open(store_.store(), options(std::chrono::milliseconds::max()));
  Registry always = Registry::open(store_.store(), options(std::chrono::milliseconds::min()));
  store_.publish(users_at("http://2"));
  EXPECT_EQ(users(never.view()), "http://1");
  EXPECT_EQ(users(always.view()), "http://2");
}

TEST_F(RegistryTest, confirmation_moves_the_time_of_the_check) {
  store_.publish(users_at("http://1"));
  Registry registry = Registry::open(store_.store(), options());
  const auto before = registry.status().checked;
  std::this_thread::sleep_for(2ms);
  (void)registry.view();
  EXPECT_GT(registry.status().checked, before);
  EXPECT_EQ(registry.status().generation, 1U);
}

TEST_F(RegistryTest, an_error_keeps_the_last_good_generation) {
  store_.publish(users_at("http://1"));
  Registry registry = Registry::open(store_.store(), options());
  const auto checked = registry.status().checked;
  const std::vector<std::byte> good = support::read_bytes(store_.root() / "current");

  support::write_bytes(store_.root() / "current", internal::as_bytes("<html>"));
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_EQ(registry.status().failures, 1U);
  EXPECT_THAT(registry.status().last_error, testing::HasSubstr("current: is not an almanac announcement"));
  EXPECT_EQ(registry.status().checked, checked);

  std::filesystem::remove(store_.root() / "current");
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_EQ(registry.status().failures, 2U);

  support::write_bytes(store_.root() / "current", good);
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_EQ(registry.status().failures, 0U);
  EXPECT_EQ(registry.status().last_error, "");
  EXPECT_GT(registry.status().checked, checked);
}

TEST_F(RegistryTest, a_failed_look_is_not_repeated_before_max_age) {
  store_.publish(users_at("http://1"));
  constexpr auto kMaxAge = 300ms;
  Registry registry = Registry::open(store_.store(), options(kMaxAge));
  std::filesystem::rename(store_.root() / "current", store_.root() / "aside");
  std::this_thread::sleep_until(registry.status().checked + kMaxAge + 1ms);
  (void)registry.view();
  (void)registry.view();
  EXPECT_EQ(registry.status().failures, 1U);
}

TEST_F(RegistryTest, an_older_generation_is_refused) {
  store_.publish(users_at("http://1"));
  const std::vector<std::byte> old = support::read_bytes(store_.root() / "current");
  store_.publish(users_at("http://2"));
  Registry registry = Registry::open(store_.store(), options());
  support::write_bytes(store_.root() / "current", old);
  EXPECT_EQ(users(registry.view()), "http://2");
  EXPECT_EQ(registry.status().failures, 1U);
  EXPECT_THAT(registry.status().last_error, testing::HasSubstr("announces generation 1, older than 2"));
  store_.publish(users_at("http://3"));  // generation 2 is taken, and helped into place first
  EXPECT_EQ(users(registry.view()), "http://3");
  EXPECT_EQ(registry.view().generation(), 3U);
}

TEST_F(RegistryTest, a_generation_without_the_default_namespace_is_refused) {
  store_.publish(users_at("http://1"));
  RegistryOptions named = options();
  named.namespace_name = "prod";
  Registry registry = Registry::open(store_.store(), named);
  store_.publish({{"test", {service("users").uri("http://test")}}});
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_THAT(registry.status().last_error, testing::HasSubstr("has no namespace \"prod\"; it has \"test\""));
}

TEST_F(RegistryTest, default_namespace_is_named_or_the_only_one) {
  store_.publish({{"prod", {service("users").uri("http://prod")}}, {"test", {service("users").uri("http://test")}}});
  EXPECT_THAT(error_from([&] { (void)Registry::open(store_.store(), options()); }),
              IsError(ErrorCode::kInvalidArgument, store_.root().string(), kNowhere,
                      "nothing to serve: (1) the store: current: has no caller rules; neither "));
  environment_.set("ALMANAC_NAMESPACE", "test");
  EXPECT_EQ(users(Registry::open(store_.store(), options()).view()), "http://test");
  RegistryOptions named = options();
  named.namespace_name = "prod";
  EXPECT_EQ(users(Registry::open(store_.store(), named).view()), "http://prod");
  named.namespace_name = "none";
  EXPECT_THAT(error_from([&] { (void)Registry::open(store_.store(), named); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere,
                      "(1) the store: current: has no namespace \"none\"; it has \"prod\", \"test\""));
}

TEST_F(RegistryTest, the_only_namespace_stays_the_default_when_others_come) {
  store_.publish(users_at("http://1"));
  Registry registry = Registry::open(store_.store(), options());
  store_.publish({{"prod", {service("users").uri("http://2")}}, {"test", {service("users").uri("http://test")}}});
  EXPECT_EQ(users(registry.view()), "http://2");
  EXPECT_EQ(registry.status().failures, 0U);
}

TEST_F(RegistryTest, no_store_is_an_error) {
  EXPECT_THAT(error_from([&] { (void)Registry::open(std::shared_ptr<Store>(), options()); }),
              IsError(ErrorCode::kInvalidArgument, "store", kNowhere, "is null"));
}

TEST_F(RegistryTest, a_frame_and_the_last_good_copy_are_kept_in_the_cache_directory) {
  store_.publish(users_at("http://1"));
  (void)Registry::open(store_.store(), options());
  EXPECT_THAT(support::names_in(folder_ / "cache"),
              testing::UnorderedElementsAre(testing::EndsWith(".frame"), testing::EndsWith(".current")));
  environment_.set("ALMANAC_CACHE_DIR", (folder_ / "other").string());
  (void)Registry::open(store_.store());
  EXPECT_EQ(support::names_in(folder_ / "other").size(), 2U);
}

TEST_F(RegistryTest, views_outlive_the_registry) {
  store_.publish(users_at("http://1"));
  const View view = Registry::open(store_.store(), options()).view();
  EXPECT_EQ(users(view), "http://1");
  const View copy = view;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.snapshot().id(), view.snapshot().id());
}

// Each thread sees generations that only grow, each with the content that was published as it.
TEST_F(RegistryTest, threads_view_while_others_publish) {
  constexpr std::uint64_t kGenerations = 30;
  store_.publish(users_at("http://1"));
  Registry registry = Registry::open(store_.store(), options());
  std::atomic<bool> published{false};
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        std::uint64_t last = 0;
        while (!published) {
          const View view = registry.view();
          if (view.generation() < last || users(view) != "http://" + std::to_string(view.generation())) ++wrong;
          last = view.generation();
          (void)registry.status();
        }
      });
    }
    for (std::uint64_t generation = 2; generation <= kGenerations; ++generation)
      store_.publish(users_at("http://" + std::to_string(generation)));
    published = true;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(registry.view().generation(), kGenerations);
  EXPECT_EQ(registry.status().failures, 0U);
}

}  // namespace
}  // namespace almanac
