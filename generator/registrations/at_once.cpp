#include "registrations/at_once.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace almanac::registrations {

namespace {

class Work {
 public:
  Work(std::size_t count, progress::Progress& progress, const std::function<void(std::size_t)>& action)
      : count_(count), progress_(progress), action_(action) {}

  void run(unsigned threads) {
    {
      std::vector<std::jthread> others;
      for (std::size_t i = 1; i < std::min<std::size_t>(threads, count_); ++i) others.emplace_back([this] { work(); });
      work();
    }
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void work() {
    for (std::unique_lock lock(mutex_); next_ < count_ && !failure_;) {
      const std::size_t mine = next_++;
      lock.unlock();
      std::exception_ptr failure;
      try {
        action_(mine);
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      if (failure && !failure_) failure_ = failure;
      progress_.step(++done_);
    }
  }

  std::size_t count_;
  progress::Progress& progress_;
  const std::function<void(std::size_t)>& action_;
  std::mutex mutex_;  // guards what follows, and progress_
  std::size_t next_ = 0;
  std::size_t done_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

void at_once(std::size_t count, unsigned threads, progress::Progress& progress, const std::function<void(std::size_t)>& action) {
  Work(count, progress, action).run(threads);
}

}  // namespace almanac::registrations
