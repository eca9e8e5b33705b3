#include "commands/interruption.h"

#include <unistd.h>

#include <atomic>
#include <cstring>

namespace almanac::commands {
namespace {

std::atomic<const char*> last_line = nullptr;
static_assert(std::atomic<const char*>::is_always_lock_free, "a signal handler reads it");

extern "C" void say_and_end(int signal) {
  if (const char* line = last_line.load()) {
    const ssize_t ignored = ::write(STDERR_FILENO, line, std::strlen(line));
    (void)ignored;
  }
  // Its action is the default again (SA_RESETHAND), and follows when this returns.
  (void)::raise(signal);
}

}  // namespace

Interruption::Interruption(const std::string& message) {
  say_from_now_on(message);
  catch_signals();
}

Interruption::~Interruption() {
  for (const Caught& caught : caught_) (void)::sigaction(caught.signal, &caught.before, nullptr);
  last_line = nullptr;
}

void Interruption::say_from_now_on(const std::string& message) {
  // Behind what shows progress there, and the ^C.
  const char* begin = ::isatty(STDERR_FILENO) == 1 ? "\n" : "";
  last_line = lines_.emplace_back(begin + ("generate-snapshot: interrupted: " + message + "\n")).c_str();
}

void Interruption::catch_signals() {
  struct sigaction action = {};
  action.sa_handler = say_and_end;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before = {};
    if (::sigaction(signal, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) continue;
    if (::sigaction(signal, &action, nullptr) == 0) caught_.push_back({signal, before});
  }
}

}  // namespace almanac::commands
