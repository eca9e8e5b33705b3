#include "background.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <semaphore>
#include <stdexcept>
#include <thread>

namespace almanac::internal {
namespace {

using namespace std::chrono_literals;

TEST(Background, steps_until_it_is_gone) {
  std::counting_semaphore<1000> steps(0);
  std::atomic<int> count = 0;
  {
    const Background background([&] {
      ++count;
      steps.release();
      return 0ms;
    });
    for (int i = 0; i < 3; ++i) steps.acquire();
  }
  const int then = count;
  EXPECT_GE(then, 3);
  std::this_thread::sleep_for(150ms);
  EXPECT_EQ(count, then);
}

TEST(Background, a_long_pause_ends_with_it) {
  std::binary_semaphore stepped(0);
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) {
    const Background background([&] {
      stepped.release();
      return std::chrono::milliseconds::max();
    });
    stepped.acquire();
  }
  // A pause is a second at most; twenty of them that nothing cut short are twenty.
  EXPECT_LT(std::chrono::steady_clock::now() - before, 10s);
}

TEST(Background, goes_on_after_an_exception_of_any_kind) {
  std::counting_semaphore<1000> steps(0);
  const Background background([&]() -> std::chrono::milliseconds {
    steps.release();
    throw 42;
  });
  EXPECT_TRUE(steps.try_acquire_for(10s));
  EXPECT_TRUE(steps.try_acquire_for(10s));
}

// What is judged by the wall clock is judged each second, however long nothing seemed to be due.
TEST(Background, wakes_each_second_to_look_at_the_clock) {
  std::counting_semaphore<1000> steps(0);
  const Background background([&] {
    steps.release();
    return std::chrono::milliseconds::max();
  });
  EXPECT_TRUE(steps.try_acquire_for(10s));
  EXPECT_TRUE(steps.try_acquire_for(10s));
}

}  // namespace
}  // namespace almanac::internal
