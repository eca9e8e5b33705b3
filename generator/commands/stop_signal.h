// Whether a program that would go on for ever is to end: SIGINT or SIGTERM came.
//
//   StopSignal stop;
//   while (!stop.wait_for(10s)) work();
//
// A second one ends the program at once, as if there were no StopSignal. Signals that the program was started with ignored stay so.
// One at a time. Threads: any may ask.
#pragma once

#include <chrono>
#include <csignal>
#include <vector>

#include "file_descriptor.h"

namespace almanac::commands {

class StopSignal {
 public:
  // Throws std::system_error.
  StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  ~StopSignal();

  [[nodiscard]] bool has_come() const noexcept;
  // Whether it comes within that time, or has come.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds time) const;

 private:
  struct Caught {
    int signal;
    struct sigaction before;
  };
  internal::FileDescriptor event_;  // readable once it has come
  std::vector<Caught> caught_;
};

}  // namespace almanac::commands
