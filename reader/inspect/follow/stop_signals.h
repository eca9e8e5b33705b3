// The signals that ask a program which runs until it is stopped to end: SIGTERM and SIGINT.
//
//   StopSignals signals;
//   while (!signals.wait_for(every)) { … }
//
// While it lives they are held back, for this thread and those that it starts: what is under way is finished first. One that comes
// where there is nothing to finish ends the program at once, with status 0. One that the program was
// started with ignored stays so. One object at a time.
#pragma once

#include <csignal>

#include <chrono>

namespace almanac::inspect {

class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  // Whether one has come by the end of that time, which is not waited for then.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds time);
  [[nodiscard]] bool came() const noexcept { return came_; }
  // The next one, or SIGCHLD, which tells that a child may have ended; 0: none came in that time.
  [[nodiscard]] int next_within(std::chrono::milliseconds time);
  // As it was before, for a child.
  [[nodiscard]] const sigset_t& mask_before() const noexcept { return before_; }

  // While one of these lives, the program may end at any moment.
  class Abandonable {
   public:
    Abandonable();
    Abandonable(const Abandonable&) = delete;
    Abandonable& operator=(const Abandonable&) = delete;
    ~Abandonable();
  };

 private:
  sigset_t stops_{};  // those that are not ignored
  sigset_t before_{};
  struct sigaction term_before_ {};
  struct sigaction int_before_ {};
  struct sigaction child_before_ {};
  bool came_ = false;
};

}  // namespace almanac::inspect
