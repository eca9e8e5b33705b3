// The signals that ask a program which runs until it is stopped to end: SIGTERM and SIGINT.
//
//   StopSignals signals;
//   do {
//     const StopSignals::Abandonable nothing_to_finish(signals);
//     look();
//   } while (!signals.wait_for(every));
//
// The first one is noted, and what is under way has a few seconds to come to its end; then the program ends, with status 0. A second
// one, of either kind, ends it at once, as if there were no StopSignals. One that comes where there is nothing to finish ends the program
// at once, with status 0. One that the program was started with ignored stays so; one that it was started with blocked comes all the same.
// One object at a time, to which SIGALRM and SIGCHLD belong too. Threads: only that which made it calls; a signal may come in any.
#pragma once

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "file_descriptor.h"

namespace almanac::inspect {

class StopSignals {
 public:
  // Throws std::system_error.
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();

  [[nodiscard]] bool came() const noexcept;
  // Whether one has come by the end of that time, which is not waited for then.
  [[nodiscard]] bool wait_for(std::chrono::milliseconds time) const;

  // From now on the first one ends the program at once, and so does one that has come.
  void abandon_from_now_on(const std::string& last_words = {});
  // From now on, as in the beginning, it is noted. `last_words` are said on stderr where the program ends before what is under way does.
  void finish_from_now_on(const std::string& last_words = {});

  // While one of these lives, the first one ends the program at once.
  class Abandonable {
   public:
    explicit Abandonable(StopSignals& signals, const std::string& last_words = {}) : signals_(signals) {
      signals_.abandon_from_now_on(last_words);
    }
    Abandonable(const Abandonable&) = delete;
    Abandonable& operator=(const Abandonable&) = delete;
    ~Abandonable() { signals_.finish_from_now_on(); }

   private:
    StopSignals& signals_;
  };

  // While one of these lives, none of them ends the program: whoever waits for a child hands them on.
  class HandedOn {
   public:
    explicit HandedOn(const StopSignals& signals);
    HandedOn(const HandedOn&) = delete;
    HandedOn& operator=(const HandedOn&) = delete;
    ~HandedOn();

    // The next one; 0: a child may have ended, or the time is over.
    [[nodiscard]] int next_within(std::chrono::milliseconds time) const;

   private:
    const StopSignals& signals_;
  };

 private:
  struct Caught {
    int signal;
    struct sigaction before;
  };
  void catch_signal(int signal, void (*handler)(int));
  void say_last(const std::string& words);
  // Until something came, if only that a child ended.
  void wait(std::chrono::steady_clock::time_point until) const;

  internal::FileDescriptor event_;  // readable once something came
  std::unique_ptr<const std::string> last_words_;
  std::vector<Caught> caught_;
  sigset_t blocked_before_{};
};

}  // namespace almanac::inspect
