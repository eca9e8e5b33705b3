#include "inspect/stop_signals.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

namespace almanac::inspect {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// As long as who sent the signal may be expected to wait.
constexpr unsigned kGraceSeconds = 5;

// What a signal does.
enum class Stop {
  kIsNoted,
  kIsHandedOn,
  kEnds,
  kHasEnded,  // no other follows: a thread may be on its way out of the program, and reads the last words
};

std::atomic<Stop> on_stop = Stop::kIsNoted;
std::atomic<bool> stop_came = false;
std::atomic<int> newest_stop = 0;  // that was not handed on yet; 0: none
std::atomic<int> event_descriptor = -1;
std::atomic<const char*> words_to_end_with = nullptr;
static_assert(std::atomic<Stop>::is_always_lock_free && std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
                  std::atomic<const char*>::is_always_lock_free,
              "a signal handler uses them");

void wake() {
  const int reason = errno;
  const std::uint64_t one = 1;
  const ssize_t ignored = ::write(event_descriptor, &one, sizeof one);
  (void)ignored;
  errno = reason;
}

// Not where they would wait for whoever reads stderr.
void say_last_words() {
  const char* words = words_to_end_with;
  struct pollfd error = {STDERR_FILENO, POLLOUT, 0};
  if (words == nullptr || ::poll(&error, 1, 0) != 1) return;
  const ssize_t ignored = ::write(STDERR_FILENO, words, std::strlen(words));
  (void)ignored;
}

[[noreturn]] void end_well() {
  on_stop = Stop::kHasEnded;
  say_last_words();
  ::_exit(EXIT_SUCCESS);
}

// It follows when the handler returns.
void end_by(int signal) {
  on_stop = Stop::kHasEnded;
  say_last_words();
  struct sigaction action = {};
  action.sa_handler = SIG_DFL;
  (void)::sigaction(signal, &action, nullptr);
  (void)::raise(signal);
}

extern "C" void note_stop(int signal) {
  Stop what = Stop::kEnds;
  if (on_stop.compare_exchange_strong(what, Stop::kHasEnded)) end_well();
  const bool is_first = !stop_came.exchange(true);
  if (what == Stop::kIsNoted) {
    if (!is_first) end_by(signal);
    (void)::alarm(kGraceSeconds);
  }
  newest_stop = signal;
  wake();
}

extern "C" void end_late(int /*signal*/) { end_well(); }

extern "C" void note_child(int /*signal*/) { wake(); }

[[noreturn]] void wait_for_the_end() {
  for (;;) (void)::pause();
}

void from_now_on(Stop next) {
  Stop before = on_stop;
  while (before != Stop::kHasEnded && !on_stop.compare_exchange_weak(before, next)) continue;
  if (before == Stop::kHasEnded) wait_for_the_end();
}

}  // namespace

StopSignals::StopSignals() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw std::system_error(errno, std::generic_category(), "cannot prepare for signals");
  event_descriptor = event_.get();
  on_stop = Stop::kIsNoted;
  stop_came = false;
  newest_stop = 0;
  catch_signal(SIGALRM, end_late);
  // Whoever started the program may have had it ignored, and then no child could be waited for.
  catch_signal(SIGCHLD, note_child);
  for (const int signal : {SIGTERM, SIGINT}) {
    struct sigaction before = {};
    if (::sigaction(signal, nullptr, &before) == 0 && before.sa_handler != SIG_IGN) catch_signal(signal, note_stop);
  }
  // Whoever started the program may have had them blocked, to wait for them itself.
  sigset_t wanted;
  ::sigemptyset(&wanted);
  for (const int signal : {SIGTERM, SIGINT, SIGALRM, SIGCHLD}) ::sigaddset(&wanted, signal);
  (void)::pthread_sigmask(SIG_UNBLOCK, &wanted, &blocked_before_);
}

StopSignals::~StopSignals() {
  (void)::alarm(0);
  (void)::pthread_sigmask(SIG_SETMASK, &blocked_before_, nullptr);
  for (const Caught& caught : caught_) (void)::sigaction(caught.signal, &caught.before, nullptr);
  from_now_on(Stop::kIsNoted);
  words_to_end_with = nullptr;
  event_descriptor = -1;
}

void StopSignals::catch_signal(int signal, void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_RESTART) | static_cast<int>(SA_NOCLDSTOP);
  for (const int other : {SIGTERM, SIGINT, SIGALRM}) ::sigaddset(&action.sa_mask, other);
  struct sigaction before = {};
  if (::sigaction(signal, &action, &before) == 0) caught_.push_back({signal, before});
}

bool StopSignals::came() const noexcept { return stop_came; }

bool StopSignals::wait_for(milliseconds time) const {
  const steady_clock::time_point until = steady_clock::now() + time;
  while (!came() && steady_clock::now() < until) wait(until);
  return came();
}

void StopSignals::wait(steady_clock::time_point until) const {
  const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now());
  struct pollfd event = {event_.get(), POLLIN, 0};
  (void)::poll(&event, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max())));
  std::uint64_t count = 0;
  const ssize_t ignored = ::read(event_.get(), &count, sizeof count);
  (void)ignored;
}

void StopSignals::abandon_from_now_on(const std::string& words) {
  say_last(words);
  from_now_on(Stop::kEnds);
  if (came()) end_well();
}

void StopSignals::finish_from_now_on(const std::string& words) {
  from_now_on(Stop::kIsNoted);
  say_last(words);
}

void StopSignals::say_last(const std::string& words) {
  // Behind what shows progress there, and the ^C.
  auto next = std::make_unique<const std::string>((::isatty(STDERR_FILENO) == 1 ? "\n" : "") + words);
  words_to_end_with = next->c_str();
  if (on_stop == Stop::kHasEnded) wait_for_the_end();
  last_words_ = std::move(next);
}

StopSignals::HandedOn::HandedOn(const StopSignals& signals) : signals_(signals) {
  from_now_on(Stop::kIsHandedOn);
  (void)::alarm(0);
}

StopSignals::HandedOn::~HandedOn() { from_now_on(Stop::kIsNoted); }

int StopSignals::HandedOn::next_within(milliseconds time) const {
  if (newest_stop == 0) signals_.wait(steady_clock::now() + time);
  return newest_stop.exchange(0);
}

}  // namespace almanac::inspect
