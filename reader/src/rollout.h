// How a change reaches callers one after another, by the clock alone. schema/FORMAT.md, "Rollouts".
//
//   const std::uint32_t bucket = bucket_of(instance, seed);
//   if (now >= schedule.moment_of(bucket)) …                 // it has moved, and stays so
//
// Pure functions of their arguments. Times are whole milliseconds; what is finer is cut off.
#pragma once

#include <almanac/caller.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace almanac::internal {

using Moment = std::chrono::sys_time<std::chrono::milliseconds>;

// Times of stages: from 1970 to the end of the year 9999.
inline constexpr Moment kAlways = Moment(std::chrono::milliseconds(0));
inline constexpr Moment kLastMoment = Moment(std::chrono::milliseconds(253'402'300'799'999));
inline constexpr std::size_t kMaxStages = 1000;

// From `at` on, `share` millionths have moved.
struct Stage {
  Moment at;
  std::uint32_t share = 0;
  bool operator==(const Stage&) const = default;
};

struct Schedule {
  std::vector<Stage> stages;  // ascending in time, shares never falling
  bool is_ramp = false;       // between two stages the share grows evenly; else in steps
  bool operator==(const Schedule&) const = default;

  [[nodiscard]] std::uint32_t share_at(Moment now) const noexcept;
  // The first millisecond at which the share is above `bucket`, so that it has moved; nothing: it never does.
  [[nodiscard]] std::optional<Moment> moment_of(std::uint32_t bucket) const noexcept;
  [[nodiscard]] std::uint32_t final_share() const noexcept { return stages.empty() ? 0 : stages.back().share; }
};

// What is wrong with it, "its stages are not in the order of their times"; nullptr: nothing.
[[nodiscard]] const char* fault_of(const Schedule& schedule) noexcept;

// 0 to 999,999, evenly over all identities.
[[nodiscard]] std::uint32_t bucket_of(std::string_view identity, std::uint64_t seed) noexcept;

// A clock that stands before 1970 stands at its beginning.
[[nodiscard]] Moment moment_of(std::chrono::system_clock::time_point time) noexcept;
// The end of the clock when that cannot say it.
[[nodiscard]] std::chrono::system_clock::time_point time_of(const std::optional<Moment>& moment) noexcept;

}  // namespace almanac::internal
