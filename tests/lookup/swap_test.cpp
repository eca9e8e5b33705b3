// Lookups go on while what is served changes under them. Worth most under ThreadSanitizer.
#include <almanac/registry.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <iostream>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "support/clean_environment.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

namespace almanac::lookup {
namespace {

using namespace std::chrono_literals;

constexpr int kThreads = 8;
constexpr std::uint64_t kGenerations = 1001;
constexpr int kServices = 20;

std::string name_of(int service) { return "service/" + std::to_string(service); }

// Every answer tells its generation.
std::vector<support::NamespaceBuilder> registry_of(std::uint64_t generation) {
  const std::string number = std::to_string(generation);
  std::vector<support::ServiceBuilder> services;
  for (int i = 0; i < kServices; ++i) {
    services.push_back(
        support::service(name_of(i)).uri("http://" + number).value(number).attributes({{"generation", number}}).tags({"g" + number}));
  }
  return {{"prod", services}};
}

struct Seen {
  std::uint64_t lookups = 0;
  std::uint64_t missed = 0;
  std::uint64_t torn = 0;
  std::uint64_t backwards = 0;
};

void look_up_everything(const View& view, Seen& seen) {
  const std::string number = std::to_string(view.generation());
  for (int i = 0; i < kServices; ++i) {
    ++seen.lookups;
    const auto found = view.find(name_of(i));
    if (!found) {
      ++seen.missed;
    } else if (found->uri().substr(7) != number || found->value() != number || found->attributes().find("generation") != number ||
               !found->tags().contains("g" + number)) {
      ++seen.torn;
    }
  }
  if (view.default_namespace().size() != kServices) ++seen.torn;
}

Seen look_up_until(Registry& registry, const std::atomic<bool>& ended) {
  Seen seen;
  View held = registry.view();
  std::uint64_t last = 0;
  for (std::uint64_t round = 0; !ended; ++round) {
    const View view = registry.view();
    if (view.generation() < last) ++seen.backwards;
    last = view.generation();
    look_up_everything(view, seen);
    look_up_everything(held, seen);
    if (round % 100 == 0) held = view;  // across many swaps
    std::this_thread::yield();          // who publishes needs a processor, too
  }
  return seen;
}

TEST(Swap, eight_threads_look_up_through_a_thousand_swaps) {
  const support::CleanEnvironment environment;
  const support::TemporaryDirectory folder;
  const auto store = std::make_shared<support::ScriptedStore>();
  store->publish(1, registry_of(1));
  std::counting_semaphore<kGenerations> swapped(0);
  RegistryOptions options;
  options.cache_directory = folder / "cache";
  options.max_age = 0ms;
  options.on_refresh = [&](const RefreshEvent& event) {
    if (event.outcome == RefreshEvent::Outcome::kChanged) swapped.release();
  };
  Registry registry = Registry::open(store, options);

  std::atomic<bool> ended = false;
  std::uint64_t swaps = 0;
  std::vector<Seen> seen(kThreads);
  {
    std::vector<std::jthread> threads;
    for (Seen& own : seen) threads.emplace_back([&] { own = look_up_until(registry, ended); });
    for (std::uint64_t generation = 2; generation <= kGenerations; ++generation) {
      store->publish(generation, registry_of(generation));
      if (!swapped.try_acquire_for(60s)) break;
      ++swaps;
      if (registry.status().generation != generation) break;
    }
    ended = true;
  }
  Seen all;
  for (const Seen& own : seen) {
    EXPECT_GT(own.lookups, 0U);
    all.lookups += own.lookups;
    all.missed += own.missed;
    all.torn += own.torn;
    all.backwards += own.backwards;
  }
  EXPECT_EQ(swaps, kGenerations - 1);
  EXPECT_EQ(all.missed, 0U);
  EXPECT_EQ(all.torn, 0U);
  EXPECT_EQ(all.backwards, 0U);
  EXPECT_EQ(registry.status().failures, 0U);
  std::cout << all.lookups << " lookups in " << kThreads << " threads through " << swaps << " swaps: " << all.missed << " missed, "
            << all.torn << " torn, " << all.backwards << " went back" << std::endl;
}

}  // namespace
}  // namespace almanac::lookup
