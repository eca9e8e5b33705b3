// The ways in which a document may say how a rollout goes on, as the stages that snapshots have.
//
//   linear(from, 200'000, {6min, Pace::Unit::kStep}, kWholeShare)        20 % at from + 6 minutes, 40 % at from + 12 minutes, … 100 %
//
// Steps are those of AWS AppConfig's deployment strategies: nobody has moved at the start, and everybody at the end
// (AppConfig User Guide, "Working with deployment strategies"). Pure functions; shares are millionths. What comes out may still
// have a fault_of(): stages beyond the last moment, too many of them, or less than a millisecond between two.
#pragma once

#include <chrono>
#include <cstdint>

#include "rollout.h"

namespace almanac::model {

using internal::Moment;
using internal::Schedule;

// How long steps take: each of them, or all of them together.
struct Pace {
  enum class Unit { kStep, kWhole };
  std::chrono::milliseconds time;
  Unit unit = Unit::kStep;
};

[[nodiscard]] Schedule always(std::uint32_t share);
[[nodiscard]] Schedule all_at(Moment moment);
// `share` from the start on, all of them once that has been so for `time`.
[[nodiscard]] Schedule canary(Moment from, std::uint32_t share, std::chrono::milliseconds time);
// `step` more at the end of each step, until `up_to`. Both are above 0, here and below.
[[nodiscard]] Schedule linear(Moment from, std::uint32_t step, const Pace& pace, std::uint32_t up_to);
// From none to `up_to`, evenly.
[[nodiscard]] Schedule even(Moment from, std::chrono::milliseconds time, std::uint32_t up_to);
// `start` at the end of the first step, and twice as many at the end of each next one, until `up_to`.
[[nodiscard]] Schedule exponential(Moment from, std::uint32_t start, const Pace& pace, std::uint32_t up_to);

}  // namespace almanac::model
