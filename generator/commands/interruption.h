// What a signal that ends the program lets it say last: the state in which it leaves a store.
//
//   Interruption interruption(": nothing was announced");
//   …
//   interruption.say_from_now_on(": generation 7 is announced");
//
// The signals are those of a terminal and of whoever stops a job (SIGINT, SIGTERM, SIGHUP), unless the program was started with them
// ignored. They end it as before. One at a time. Threads: only that which made it calls; a signal may come in any.
#pragma once

#include <csignal>
#include <list>
#include <string>

namespace almanac::commands {

class Interruption {
 public:
  explicit Interruption(const std::string& message);
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;
  ~Interruption();

  void say_from_now_on(const std::string& message);

 private:
  struct Caught {
    int signal;
    struct sigaction before;
  };
  void catch_signals();

  std::list<std::string> lines_;  // all that were ever to be said: a signal may be reading any of them
  std::list<Caught> caught_;
};

}  // namespace almanac::commands
