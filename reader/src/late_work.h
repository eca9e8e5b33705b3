// Work that nobody waits for: a thread does it, one piece after another, and ends when there is none left.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>

namespace almanac::internal {

class LateWork {
 public:
  LateWork() = default;
  LateWork(const LateWork&) = delete;
  LateWork& operator=(const LateWork&) = delete;
  // Waits until all of it is done.
  ~LateWork();

  // What `work` throws is dropped. It is done before this returns where there can be no thread, and in a process that was forked
  // from the one that had the first of it: no thread goes along with a fork. Throws std::bad_alloc.
  void add(std::function<void()> work);

 private:
  void run();

  std::mutex mutex_;  // guards what follows, process_ against other writers only
  std::queue<std::function<void()>> waiting_;
  bool running_ = false;
  std::unique_ptr<std::thread> thread_;
  std::atomic<pid_t> process_ = 0;  // that thread_ is of; 0: there was none
};

}  // namespace almanac::internal
