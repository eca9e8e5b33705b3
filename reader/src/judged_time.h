// The time by which a registry judges what moves by the clock: the latest so far. A clock is put back, and who has moved stays so.
//
// Threads: the owner's lock guards it.
#pragma once

#include <algorithm>
#include <chrono>

namespace almanac::internal {

class JudgedTime {
 public:
  using Time = std::chrono::system_clock::time_point;

  // A clock that was further ahead than this was wrong, and what comes new does not suffer from that.
  static constexpr std::chrono::hours kMostAhead{1};

  // For what is served: nothing of it moves back, however wrong the clock was.
  [[nodiscard]] Time of_served(Time now) const noexcept { return std::max(latest_, now); }
  // For what is not served yet, a snapshot or a generation.
  [[nodiscard]] Time of_new(Time now) const noexcept { return latest_ - kMostAhead > now ? now : of_served(now); }

  // What is served is judged at `now`.
  Time advance(Time now) noexcept { return latest_ = of_served(now); }
  // Another snapshot is served, which was judged by `judged`.
  void replace(Time judged, Time now) noexcept { latest_ = std::max(judged, of_new(now)); }

 private:
  Time latest_;
};

}  // namespace almanac::internal
