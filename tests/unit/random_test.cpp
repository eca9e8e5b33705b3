#include "random.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include "file_descriptor.h"

namespace almanac::internal {
namespace {

// The first numbers of seed 1234567, as the algorithm's published implementations have them.
TEST(RandomSequence, is_split_mix_64) {
  RandomSequence sequence(1234567);
  for (const std::uint64_t expected :
       {6457827717110365317U, 3203168211198807973U, 9817491932198370423U, 4593380528125082431U, 16408922859458223821U}) {
    EXPECT_EQ(sequence.next(), expected);
  }
}

TEST(RandomSeed, is_another_one_each_time_and_in_each_thread) {
  constexpr std::size_t kThreads = 8;
  constexpr std::size_t kSeeds = 1000;
  std::vector<std::vector<std::uint64_t>> drawn(kThreads);
  {
    std::vector<std::jthread> threads;
    for (std::vector<std::uint64_t>& mine : drawn) {
      threads.emplace_back([&mine] {
        for (std::size_t i = 0; i < kSeeds; ++i) mine.push_back(random_seed());
      });
    }
  }
  std::set<std::uint64_t> all;
  for (const auto& mine : drawn) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), kThreads * kSeeds);
}

// As processes do that were cloned: each goes on from the same memory.
TEST(RandomSeed, is_another_one_in_each_fork) {
  constexpr std::size_t kForks = 16;
  (void)random_seed();
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const FileDescriptor from(ends[0]);
  const FileDescriptor to(ends[1]);
  std::vector<pid_t> children;
  for (std::size_t i = 0; i < kForks; ++i) {
    children.push_back(::fork());
    if (children.back() != 0) continue;
    const std::uint64_t seed = random_seed();
    ::_exit(::write(to.get(), &seed, sizeof seed) == sizeof seed ? 0 : 1);
  }
  std::set<std::uint64_t> seeds;
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    std::uint64_t seed = 0;
    ASSERT_EQ(::read(from.get(), &seed, sizeof seed), static_cast<ssize_t>(sizeof seed));
    seeds.insert(seed);
  }
  EXPECT_EQ(seeds.size(), kForks);
}

}  // namespace
}  // namespace almanac::internal
