// A thread that does what is due, for as long as this object lives.
//
// Between two steps it sleeps for a tenth of a second at least and a second at most: whether something is due is the step's to judge, by the wall
// clock, and a machine that was suspended has missed the end of a longer sleep.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace almanac::internal {

class Background {
 public:
  // `step` does what is due and returns how long nothing will be. What it throws is dropped. Throws std::system_error
  // when there can be no thread.
  explicit Background(std::function<std::chrono::milliseconds()> step);
  // Wakes the thread, and waits for a step that is under way.
  ~Background() = default;

 private:
  void run(const std::stop_token& stop);

  std::function<std::chrono::milliseconds()> step_;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // last: it is stopped before what it uses is gone
};

}  // namespace almanac::internal
