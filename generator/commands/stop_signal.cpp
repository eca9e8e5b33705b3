#include "commands/stop_signal.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <system_error>

namespace almanac::commands {
namespace {

std::atomic<int> descriptor = -1;
std::atomic<bool> came = false;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler reads it");

extern "C" void note_stop(int /*signal*/) {
  const int reason = errno;
  came = true;
  const std::uint64_t one = 1;
  const ssize_t ignored = ::write(descriptor.load(), &one, sizeof one);
  (void)ignored;
  errno = reason;
}

}  // namespace

StopSignal::StopSignal() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!event_) throw std::system_error(errno, std::generic_category(), "cannot prepare for signals");
  descriptor = event_.get();
  came = false;
  struct sigaction action = {};
  action.sa_handler = note_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM}) {
    struct sigaction before = {};
    if (::sigaction(signal, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) continue;
    if (::sigaction(signal, &action, nullptr) == 0) caught_.push_back({signal, before});
  }
}

StopSignal::~StopSignal() {
  for (const Caught& caught : caught_) (void)::sigaction(caught.signal, &caught.before, nullptr);
  descriptor = -1;
}

bool StopSignal::has_come() const noexcept { return came; }

bool StopSignal::wait_for(std::chrono::milliseconds time) const {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!came) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    struct pollfd event = {event_.get(), POLLIN, 0};
    (void)::poll(&event, 1, static_cast<int>(std::min<std::int64_t>(left.count(), std::numeric_limits<int>::max())));
  }
  return true;
}

}  // namespace almanac::commands
