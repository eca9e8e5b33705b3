// Any number of threads share one snapshot, without a lock of their own. Worth most under ThreadSanitizer.
#include <almanac/snapshot.h>
#include <gtest/gtest.h>

#include <barrier>
#include <cstdint>
#include <thread>
#include <vector>

#include "every_lookup.h"
#include "lookup_registry.h"

namespace almanac::lookup {
namespace {

constexpr std::size_t kThreads = 8;
constexpr std::uint64_t kRounds = 500;

std::uint64_t ask_all_rounds(const Namespace& name_space) {
  std::uint64_t sum = 0;
  for (std::uint64_t round = 0; round < kRounds; ++round) sum += ask_everything(name_space, round);
  return sum;
}

TEST(SharedSnapshot, threads_open_and_look_up_at_once) {
  const std::vector<std::byte> bytes = lookup_snapshot();
  const std::uint64_t expected = ask_all_rounds(Snapshot::from_bytes(bytes, "x").in("prod"));
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  std::vector<std::uint64_t> sums(kThreads);
  std::barrier start(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        start.arrive_and_wait();
        if (i % 2 == 0) (void)snapshot.in("other");  // another namespace of the same frame
        sums[i] = ask_all_rounds(snapshot.in("prod"));
      });
    }
  }
  EXPECT_EQ(sums, std::vector<std::uint64_t>(kThreads, expected));
}

TEST(SharedSnapshot, copies_come_and_go_in_other_threads) {
  const std::vector<std::byte> bytes = lookup_snapshot();
  std::vector<std::jthread> threads;
  std::vector<std::uint64_t> sums(kThreads);
  {
    const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
    for (std::size_t i = 0; i < kThreads; ++i) {
      threads.emplace_back([copy = snapshot, &sums, i] {
        for (int round = 0; round < 50; ++round) {
          const Snapshot own = copy;  // NOLINT(performance-unnecessary-copy-initialization)
          sums[i] += ask_everything(own.in("prod"), static_cast<std::uint64_t>(round));
        }
      });
    }
  }  // here the first handle goes, while the threads still use theirs
  threads.clear();
  EXPECT_EQ(sums, std::vector<std::uint64_t>(kThreads, sums[0]));
}

TEST(SharedSnapshot, verification_disturbs_nobody) {
  const std::vector<std::byte> bytes = lookup_snapshot();
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  const std::uint64_t expected = ask_all_rounds(snapshot.in("prod"));
  std::uint64_t seen = 0;
  {
    const std::jthread verifier([&] {
      for (int i = 0; i < 5; ++i) snapshot.verify();
    });
    seen = ask_all_rounds(snapshot.in("prod"));
  }
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace almanac::lookup
