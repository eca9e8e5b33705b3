// Services that go because the leases of what registered them ran out, and not because anybody took them away: a renewal that fails
// everywhere must not empty a registry.
//
// Pure functions: the same arguments give the same answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "inspect/diff.h"
#include "registrations/registered.h"

namespace almanac::registrations {

// So few may go whatever their share is.
inline constexpr std::uint64_t kFewLapses = 10;

struct Lapses {
  std::uint64_t live = 0;    // services of what is live
  std::uint64_t lapsed = 0;  // of those, what would be removed while a registration of that name has lapsed, in whatever namespace: it may
                             // have been inherited
};

// `diff` is from what is live to what was compiled from `reading`.
[[nodiscard]] Lapses lapses_of(const inspect::DiffReport& diff, const Reading& reading);

// "12 of 20 services have lapsed (60 %, at most 50 %)".
[[nodiscard]] std::string lapses_text(const Lapses& lapses, double max_lapsed);
// Whether they are kFewLapses or more, and more than `max_lapsed` percent of what is live.
[[nodiscard]] bool are_too_many(const Lapses& lapses, double max_lapsed) noexcept;

// How long it is from `now` until the next lease runs out of those that have not; nothing: none will.
[[nodiscard]] std::optional<std::chrono::milliseconds> until_next_lapse(const Reading& reading, std::chrono::system_clock::time_point now);

}  // namespace almanac::registrations
