// Lookups go on while what is served changes under them. Worth most under ThreadSanitizer.
#include <almanac/registry.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "registry_access.h"
#include "support/clean_environment.h"
#include "support/ruled_registry.h"
#include "support/schedules.h"
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

// Each generation comes in phases, and moves keys from one namespace to the other.
class Rollouts {
 public:
  explicit Rollouts(const std::filesystem::path& cache_directory) {
    publish(1);
    RegistryOptions options;
    options.cache_directory = cache_directory;
    options.max_age = 0ms;
    options.caller = Caller().set("instance", "i-1");
    registry_.emplace(internal::RegistryAccess::open(store_, options, [this] { return std::chrono::system_clock::time_point(now()); }));
  }

  [[nodiscard]] Registry& registry() { return *registry_; }
  // A generation that comes to this instance within 10 s, as keys move to "green", and the time that this takes.
  void go_through(std::uint64_t generation) {
    publish(generation);
    for (int step = 0; step <= 10; ++step) {
      passed_ += 1000;
      (void)registry_->view();
    }
  }

 private:
  [[nodiscard]] internal::Moment now() const { return internal::Moment(std::chrono::seconds(1'800'000'000)) + passed_.load() * 1ms; }

  void publish(std::uint64_t generation) {
    const std::vector<std::string> names = {"blue", "green"};
    std::vector<support::NamespaceBuilder> namespaces;
    for (const std::string& name : names) namespaces.push_back({name, registry_of(generation).front().services});
    support::RuledSnapshot rules(names);
    rules.rule("blue", {}, {{"green", support::ramp(now() + 5s, 5s)}}, internal::RolloutBy::kKey);
    const std::vector<std::byte> snapshot = support::with_rules(support::snapshot_of(namespaces), rules);
    internal::Announcement announcement = support::announcement_of(generation, snapshot);
    if (previous_) announcement.rollout = support::rollout_from(*previous_, generation, support::ramp(now(), 10s));
    (void)store_->publish_as(announcement, snapshot);
    previous_ = std::move(announcement);
  }

  std::shared_ptr<support::ScriptedStore> store_ = std::make_shared<support::ScriptedStore>();
  std::atomic<std::int64_t> passed_ = 0;  // milliseconds
  std::optional<internal::Announcement> previous_;
  std::optional<Registry> registry_;
};

TEST(Swap, threads_look_up_through_rollouts) {
  const support::CleanEnvironment environment;
  const support::TemporaryDirectory folder;
  constexpr std::uint64_t kRollouts = 50;
  Rollouts rollouts(folder / "cache");
  std::atomic<bool> ended = false;
  std::vector<Seen> seen(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      threads.emplace_back([&, i] {
        const std::string key = "customer-" + std::to_string(i);
        std::uint64_t last = 0;
        bool has_moved = false;
        while (!ended) {
          const View view = rollouts.registry().view();
          if (view.generation() < last) ++seen[i].backwards;
          if (view.generation() != last) has_moved = false;
          last = view.generation();
          look_up_everything(view, seen[i]);
          const Namespace own = view.for_key(key);
          const bool is_green = own.name() == "green";
          if (has_moved && !is_green) ++seen[i].backwards;
          has_moved = is_green;
          if (own.find(name_of(0))->uri().substr(7) != std::to_string(view.generation())) ++seen[i].torn;
          (void)rollouts.registry().status();
          std::this_thread::yield();
        }
      });
    }
    for (std::uint64_t generation = 2; generation <= kRollouts; ++generation) rollouts.go_through(generation);
    // A look by another thread may still be under way.
    for (int waits = 0; waits < 10'000 && rollouts.registry().view().generation() != kRollouts; ++waits) std::this_thread::sleep_for(1ms);
    ended = true;
  }
  for (const Seen& own : seen) {
    EXPECT_GT(own.lookups, 0U);
    EXPECT_EQ(own.missed, 0U);
    EXPECT_EQ(own.torn, 0U);
    EXPECT_EQ(own.backwards, 0U);
  }
  const View last = rollouts.registry().view();
  EXPECT_EQ(last.generation(), kRollouts);
  EXPECT_EQ(last.for_key("customer-0").name(), "green");
  EXPECT_EQ(rollouts.registry().status().failures, 0U);
}

}  // namespace
}  // namespace almanac::lookup
