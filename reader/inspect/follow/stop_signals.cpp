#include "inspect/follow/stop_signals.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace almanac::inspect {
namespace {

std::atomic<bool> may_end = false;
std::atomic<pthread_t> waiter;
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<pthread_t>::is_always_lock_free, "a signal handler reads them");

// A library's thread may have been started while the signals were let through: what it gets goes to the thread that waits.
extern "C" void end_or_hand_on(int signal) {
  if (may_end) ::_exit(EXIT_SUCCESS);
  (void)::pthread_kill(waiter, signal);
}

// Ignored ones too, to which it makes no difference whether they are held back.
sigset_t both() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGTERM);
  ::sigaddset(&set, SIGINT);
  return set;
}

// 0: none came in that time.
int next_of(const sigset_t& set, std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  for (;;) {
    const auto left = std::max(until - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec span = {.tv_sec = seconds.count(), .tv_nsec = std::chrono::nanoseconds(left - seconds).count()};
    const int signal = ::sigtimedwait(&set, nullptr, &span);
    if (signal > 0) return signal;
    if (errno != EINTR) return 0;
  }
}

}  // namespace

StopSignals::StopSignals() {
  waiter = ::pthread_self();
  (void)::sigaction(SIGTERM, nullptr, &term_before_);
  (void)::sigaction(SIGINT, nullptr, &int_before_);
  ::sigemptyset(&stops_);
  if (term_before_.sa_handler != SIG_IGN) ::sigaddset(&stops_, SIGTERM);
  if (int_before_.sa_handler != SIG_IGN) ::sigaddset(&stops_, SIGINT);
  sigset_t held = stops_;
  ::sigaddset(&held, SIGCHLD);
  (void)::pthread_sigmask(SIG_BLOCK, &held, &before_);
  struct sigaction action = {};
  action.sa_handler = end_or_hand_on;
  for (const int signal : {SIGTERM, SIGINT}) {
    if (::sigismember(&stops_, signal) == 1) (void)::sigaction(signal, &action, nullptr);
  }
  // Whoever started the program may have had it ignored, and then no child could be waited for.
  action.sa_handler = SIG_DFL;
  (void)::sigaction(SIGCHLD, &action, &child_before_);
}

StopSignals::~StopSignals() {
  // Those that are still held back have been asked for, and answered: none may end the program now.
  while (next_of(stops_, std::chrono::milliseconds::zero()) != 0) continue;
  (void)::sigaction(SIGTERM, &term_before_, nullptr);
  (void)::sigaction(SIGINT, &int_before_, nullptr);
  (void)::sigaction(SIGCHLD, &child_before_, nullptr);
  (void)::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

bool StopSignals::wait_for(std::chrono::milliseconds time) {
  if (!came_) came_ = next_of(stops_, time) != 0;
  return came_;
}

int StopSignals::next_within(std::chrono::milliseconds time) {
  sigset_t set = stops_;
  ::sigaddset(&set, SIGCHLD);
  const int signal = next_of(set, time);
  came_ = came_ || signal == SIGTERM || signal == SIGINT;
  return signal;
}

StopSignals::Abandonable::Abandonable() {
  may_end = true;
  const sigset_t set = both();
  (void)::pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

StopSignals::Abandonable::~Abandonable() {
  const sigset_t set = both();
  (void)::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  may_end = false;
}

}  // namespace almanac::inspect
