#include "late_work.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <semaphore>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "support/child_process.h"
#include "support/other_user.h"

namespace almanac::internal {
namespace {

using testing::ElementsAre;

TEST(LateWork, is_done_one_piece_after_another_before_it_is_gone) {
  std::vector<int> done;
  std::binary_semaphore may_begin(0);
  {
    LateWork late;
    late.add([&] {
      may_begin.acquire();
      done.push_back(1);
    });
    late.add([&] { done.push_back(2); });
    may_begin.release();
  }
  EXPECT_THAT(done, ElementsAre(1, 2));
}

TEST(LateWork, nobody_waits_for_it) {
  std::binary_semaphore may_end(0);
  LateWork late;
  late.add([&] { may_end.acquire(); });
  may_end.release();  // never reached, had the line before done the work
}

TEST(LateWork, begins_again_after_it_had_nothing_left) {
  LateWork late;
  for (int i = 0; i < 100; ++i) {
    std::binary_semaphore done(0);
    late.add([&] { done.release(); });
    done.acquire();
  }
}

TEST(LateWork, goes_on_after_an_exception_of_any_kind) {
  bool done = false;
  {
    LateWork late;
    late.add([] { throw std::runtime_error("a disk that is full"); });
    late.add([] { throw 42; });
    late.add([&] { done = true; });
  }
  EXPECT_TRUE(done);
}

TEST(LateWork, comes_from_many_threads) {
  constexpr int kThreads = 4;
  constexpr int kPieces = 250;
  int count = 0;
  std::mutex mutex;
  {
    LateWork late;
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        for (int piece = 0; piece < kPieces; ++piece) {
          late.add([&] {
            const std::scoped_lock lock(mutex);
            ++count;
          });
        }
      });
    }
  }
  EXPECT_EQ(count, kThreads * kPieces);
}

TEST(LateWork, goes_behind_others_on_a_busy_processor) {
  const int before = ::getpriority(PRIO_PROCESS, 0);
  int niceness = before;
  {
    LateWork late;
    late.add([&] { niceness = ::getpriority(PRIO_PROCESS, 0); });
  }
  EXPECT_EQ(niceness, std::max(before, 10));
  EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), before);
}

// No thread goes along with a fork.
TEST(LateWork, a_forked_process_does_its_own_at_once_and_ends) {
  std::binary_semaphore may_end(0);
  std::optional<LateWork> late(std::in_place);
  late->add([&] { may_end.acquire(); });
  const int status = support::in_child_process([&] {
    bool done = false;
    late->add([&] { done = true; });
    late.reset();
    return done ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
  may_end.release();
}

TEST(LateWork, is_done_before_add_returns_where_there_can_be_no_thread) {
  const int status = support::as_other_user([] {
    constexpr rlimit kNone{0, 0};
    if (::setrlimit(RLIMIT_NPROC, &kNone) != 0) return support::kNotPrepared;
    std::vector<std::thread::id> done_by;
    LateWork late;
    for (int i = 0; i < 2; ++i) late.add([&] { done_by.push_back(std::this_thread::get_id()); });
    return done_by == std::vector(2, std::this_thread::get_id()) ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace almanac::internal
