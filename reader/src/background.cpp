#include "background.h"

#include <algorithm>
#include <utility>

namespace almanac::internal {

namespace {

using std::chrono::milliseconds;

// However often something is due, a store has others to answer.
constexpr milliseconds kShortestPause(100);
constexpr milliseconds kLongestPause = std::chrono::seconds(1);

}  // namespace

Background::Background(std::function<milliseconds()> step)
    : step_(std::move(step)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Background::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    milliseconds pause = kLongestPause;
    try {
      pause = step_();
    } catch (...) {
      // No memory, perhaps: the next step may have some.
    }
    std::unique_lock lock(mutex_);
    (void)stopped_.wait_for(lock, stop, std::clamp(pause, kShortestPause, kLongestPause), [] { return false; });
  }
}

}  // namespace almanac::internal
