// Many functions that start at once, while the store has a bad day or a busy one.
#include <array>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <random>
#include <thread>

#include "failures.h"
#include "live_test.h"

namespace almanac::live {
namespace {

using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr int kThreads = 8;

class ColdStartsTest : public LiveTest {};

TEST_F(ColdStartsTest, a_thousand_with_a_third_of_the_answers_503_are_all_served) {
  constexpr int kStarts = 1000;
  constexpr unsigned kPercent = 30;
  constexpr std::uint64_t kMaxRequests = 3;
  const std::uint64_t seed = std::random_device{}();
  std::cout << "seed " << seed << std::endl;
  publish(small_registry("1"));
  (void)open();
  const std::size_t before = proxy_.requests().size();
  const std::filesystem::path bundled = folder_ / "bundled";
  support::write_bytes(bundled, support::read_bytes(store_.root() / "current"));

  proxy_.play(support::faults::sometimes(kPercent, seed, support::faults::answering(503)));
  std::array<std::atomic<int>, 3> served_from{};
  std::atomic<int> next = 0;
  Failures failures;
  std::atomic<std::uint64_t> requests = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int start = next++; start < kStarts; start = next++) {
          // Half of them on a machine where the registry was used before, half on a new one.
          RegistryOptions own = options();
          own.max_age = 1h;
          own.bundled = bundled;
          if (start % 2 == 0) own.cache_directory = folder_ / ("new-" + std::to_string(start));
          failures.watch([&] {
            Registry registry = Registry::open(proxy_.url(), own);
            const RegistryStatus status = registry.status();
            if (version_of(registry.view()) != "1" || status.generation != 1) failures.add("another version");
            if (status.traffic.requests < 1 || status.traffic.requests > kMaxRequests) failures.add("too many requests, or none");
            if ((status.origin == Origin::kStore) != status.last_error.empty()) failures.add(status.last_error);
            requests += status.traffic.requests;
            ++served_from[static_cast<std::size_t>(status.origin)];
          });
        }
      });
    }
  }
  EXPECT_THAT(failures.texts(), IsEmpty());
  EXPECT_EQ(served_from[0] + served_from[1] + served_from[2], kStarts);
  EXPECT_LE(proxy_.requests().size() - before, requests);  // on a busy machine one may be given up before it arrives
  std::cout << kStarts << " cold starts: " << served_from[0] << " served from the store, " << served_from[1] << " from the cache, "
            << served_from[2] << " from the bundled file; " << requests << " requests" << std::endl;
}

TEST_F(ColdStartsTest, while_a_large_registry_is_published_each_gets_one_version) {
  constexpr int kVersions = 20;
  publish(large_registry("1"));
  std::atomic<bool> published = false;
  std::atomic<int> starts = 0;
  Failures failures;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads / 2; ++i) {
      threads.emplace_back([&, i] {
        RegistryOptions own = options();
        // Asked is what a start gets, not how fast.
        own.open_deadline = own.refresh_deadline = 20s;
        own.cache_directory = folder_ / ("thread-" + std::to_string(i));
        int least = 1;
        for (; !published; ++starts) {
          failures.watch([&] {
            Registry registry = Registry::open(proxy_.url(), own);
            for (int look = 0; look < 2; ++look) {
              const View view = registry.view();
              const std::string version = version_of(view);
              if (version != std::to_string(view.generation())) failures.add(version);
              if (std::atoi(version.c_str()) < least) failures.add(version + " after " + std::to_string(least));
              least = std::atoi(version.c_str());
            }
            if (registry.status().failures != 0) failures.add(registry.status().last_error);
          });
          std::filesystem::remove_all(own.cache_directory);  // so that the ranges are asked for each time
        }
      });
    }
    for (int version = 2; version <= kVersions; ++version) publish(large_registry(std::to_string(version)));
    published = true;
  }
  EXPECT_THAT(failures.texts(), IsEmpty());
  EXPECT_GT(starts, 0);
  Registry registry = open();
  EXPECT_EQ(version_of(registry.view()), std::to_string(kVersions));
  std::cout << starts << " cold starts while " << kVersions << " versions were published" << std::endl;
}

}  // namespace
}  // namespace almanac::live
