// The same over S3: signed requests through the proxy, to a real server that checks them. Run by tests/store/with_radosgw.py.
#include <almanac/registry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "live_registries.h"
#include "support/clean_environment.h"
#include "support/environment_variable.h"
#include "support/fault_proxy.h"
#include "support/published_store.h"

namespace almanac::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

std::string required(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set: run this by tests/store/with_radosgw.py");
  return value;
}

class LiveS3Test : public testing::Test {
 protected:
  LiveS3Test() {
    const std::string buckets = required("ALMANAC_TEST_BUCKETS");
    address_ = "s3://" + buckets.substr(0, buckets.find(' ')) + "/" + testing::UnitTest::GetInstance()->current_test_info()->name();
    store_ = open_store(address_);  // past the proxy
    options_.namespace_name = "prod";
    options_.cache_directory = folder_ / "cache";
    options_.max_age = 0ms;
    options_.open_deadline = 20s;
    options_.refresh_deadline = 20s;
    endpoint_.set(proxy_.url());
  }

  [[nodiscard]] Registry open() const { return Registry::open(address_, options_); }

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  support::FaultProxy proxy_{required("AWS_ENDPOINT_URL_S3")};
  support::EnvironmentVariable endpoint_{"AWS_ENDPOINT_URL_S3", required("AWS_ENDPOINT_URL_S3")};  // where stores are opened from now on
  std::string address_;
  std::shared_ptr<Store> store_;
  RegistryOptions options_;
};

TEST_F(LiveS3Test, a_small_registry_is_one_get_and_a_refresh_one_conditional_get) {
  support::publish_to(store_, small_registry("1"));
  Registry registry = open();
  EXPECT_THAT(proxy_.statuses(), ElementsAre(200));
  EXPECT_EQ(version_of(registry.view()), "1");
  EXPECT_THAT(proxy_.statuses(), ElementsAre(200, 304));
  support::publish_to(store_, small_registry("2"));
  EXPECT_EQ(version_of(registry.view()), "2");
  EXPECT_THAT(proxy_.statuses(), ElementsAre(200, 304, 200));
  for (const support::ReceivedRequest& request : proxy_.requests()) EXPECT_EQ(request.method, "GET");
}

TEST_F(LiveS3Test, a_large_registry_is_two) {
  support::publish_to(store_, large_registry("1"));
  Registry registry = open();
  EXPECT_THAT(proxy_.statuses(), ElementsAre(200, 206));
  EXPECT_EQ(version_of(registry.view()), "1");
  EXPECT_THAT(proxy_.statuses(), ElementsAre(200, 206, 304));
}

TEST_F(LiveS3Test, faults_are_outlived_and_named) {
  support::publish_to(store_, small_registry("1"));
  Registry registry = open();
  support::publish_to(store_, small_registry("2"));
  const std::vector<std::pair<support::Fault, const char*>> cases = {
      {support::faults::answering(503), "503"},
      {support::faults::reset_half_way(), "reset"},
      {support::faults::with_flipped_bits(), "is not an almanac announcement"},
  };
  for (const auto& [fault, words] : cases) {
    proxy_.play(fault);
    EXPECT_EQ(version_of(registry.view()), "1");
    EXPECT_THAT(registry.status().last_error, HasSubstr(words));
    EXPECT_THAT(registry.status().last_error, HasSubstr(address_ + "/current"));
    Registry restarted = open();
    EXPECT_EQ(restarted.status().origin, Origin::kCache);
  }
  proxy_.heal();
  EXPECT_EQ(version_of(registry.view()), "2");
  EXPECT_EQ(registry.status().failures, 0U);
}

TEST_F(LiveS3Test, credentials_that_are_refused_are_named_and_outlived) {
  support::publish_to(store_, small_registry("1"));
  (void)open();
  const support::EnvironmentVariable secret("AWS_SECRET_ACCESS_KEY", "another");
  Registry registry = open();
  EXPECT_EQ(registry.status().origin, Origin::kCache);
  EXPECT_EQ(version_of(registry.view()), "1");
  EXPECT_THAT(registry.status().last_error, HasSubstr("403"));
}

TEST_F(LiveS3Test, while_a_large_registry_is_published_each_start_gets_one_version) {
  constexpr int kThreads = 3;
  constexpr int kVersions = 8;
  support::publish_to(store_, large_registry("1"));
  std::atomic<bool> published = false;
  std::atomic<int> starts = 0;
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        RegistryOptions own = options_;
        own.cache_directory = folder_ / ("thread-" + std::to_string(i));
        while (!published) {
          Registry registry = Registry::open(address_, own);
          const View view = registry.view();
          if (version_of(view) != std::to_string(view.generation()) || registry.status().failures != 0) ++wrong;
          ++starts;
          std::filesystem::remove_all(own.cache_directory);  // so that the ranges are asked for each time
        }
      });
    }
    for (int version = 2; version <= kVersions; ++version) support::publish_to(store_, large_registry(std::to_string(version)));
    published = true;
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(starts, 0);
  std::cout << starts << " cold starts while " << kVersions << " versions were published" << std::endl;
}

}  // namespace
}  // namespace almanac::live
