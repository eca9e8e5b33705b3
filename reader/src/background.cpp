#include "background.h"

#include <algorithm>
#include <utility>

namespace almanac::internal {

namespace {

using std::chrono::milliseconds;

// Whatever is due all the time, a processor and a store have other things to do.
constexpr milliseconds kShortest(100);
constexpr milliseconds kLongest = std::chrono::seconds(1);

}  // namespace

Background::Background(std::function<milliseconds()> step)
    : step_(std::move(step)), thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Background::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    milliseconds pause = kLongest;
    try {
      pause = step_();
    } catch (...) {
      // No memory, perhaps: the next step may have some.
    }
    std::unique_lock lock(mutex_);
    (void)stopped_.wait_for(lock, stop, std::clamp(pause, kShortest, kLongest), [] { return false; });
  }
}

}  // namespace almanac::internal
