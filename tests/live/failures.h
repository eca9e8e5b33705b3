// What goes wrong in threads of a test, told at its end: an exception that left a thread would end the program.
#pragma once

#include <exception>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace almanac::live {

class Failures {
 public:
  void add(std::string what) {
    const std::scoped_lock lock(mutex_);
    texts_.push_back(std::move(what));
  }
  // Runs `action`; what it throws is a failure.
  template <class Action>
  void watch(const Action& action) {
    try {
      action();
    } catch (const std::exception& error) {
      add(error.what());
    }
  }
  [[nodiscard]] std::vector<std::string> texts() const {
    const std::scoped_lock lock(mutex_);
    return texts_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> texts_;
};

}  // namespace almanac::live
