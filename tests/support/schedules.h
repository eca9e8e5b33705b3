// Schedules as the kinds of rollouts in registry documents mean them, counted from a moment on.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "rollout.h"

namespace almanac::support {

inline constexpr std::uint32_t kPercent = kWholeShare / 100;
inline constexpr internal::Moment kStart = internal::Moment(std::chrono::milliseconds(1'795'165'200'000));  // 2026-11-20T09:00:00Z

// Step number k, from 1, at from + k * every, until all have moved.
[[nodiscard]] inline internal::Schedule linear(internal::Moment from, std::uint32_t step, std::chrono::milliseconds every) {
  internal::Schedule schedule;
  for (std::uint32_t share = 0; share < kWholeShare;) {
    from += every;
    share = std::min(share + step, kWholeShare);
    schedule.stages.push_back({from, share});
  }
  return schedule;
}

// start, 2 * start, 4 * start, …, the first of them at from + every.
[[nodiscard]] inline internal::Schedule exponential(internal::Moment from, std::uint32_t start, std::chrono::milliseconds every) {
  internal::Schedule schedule;
  for (std::uint32_t share = 0; share < kWholeShare;) {
    from += every;
    share = share == 0 ? start : std::min(2 * share, kWholeShare);
    schedule.stages.push_back({from, share});
  }
  return schedule;
}

[[nodiscard]] inline internal::Schedule canary(internal::Moment from, std::uint32_t share, std::chrono::milliseconds time) {
  return {{{from, share}, {from + time, kWholeShare}}, false};
}

// Evenly from nobody to everybody.
[[nodiscard]] inline internal::Schedule ramp(internal::Moment from, std::chrono::milliseconds over) {
  return {{{from, 0}, {from + over, kWholeShare}}, true};
}

[[nodiscard]] inline internal::Schedule always(std::uint32_t share) { return {{{internal::kAlways, share}}, false}; }

[[nodiscard]] inline internal::Schedule all_at(internal::Moment moment) { return {{{moment, kWholeShare}}, false}; }

}  // namespace almanac::support
