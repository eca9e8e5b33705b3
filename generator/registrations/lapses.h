// Services whose registrations have all lapsed: a renewal that fails everywhere must not empty a registry, neither at once nor a few at a time.
//
//   const Lapses lapses = lapses_of(reading);
//   if (are_too_many(lapses, 50)) keep_live(reading, snapshot);
//
// Counted is all that is registered, also what lapsed long ago and is gone from what is live: it counts until it is pruned.
// Pure functions: the same arguments give the same answers.
#pragma once

#include <almanac/snapshot.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "registrations/registered.h"

namespace almanac::registrations {

// So few may go whatever their share is.
inline constexpr std::uint64_t kFewLapses = 10;

// By namespaces and names. Borrows from the reading.
using Services = std::set<std::pair<std::string_view, std::string_view>>;

[[nodiscard]] Services lapsed_services(const Reading& reading);
// Whether a service is in a snapshot.
[[nodiscard]] bool is_in(const Snapshot& snapshot, std::string_view namespace_name, std::string_view name);

struct Lapses {
  std::uint64_t registered = 0;  // services
  std::uint64_t lapsed = 0;      // of those
};

[[nodiscard]] Lapses lapses_of(const Reading& reading);

// "12 of 20 registered services have lapsed (60 %, at most 50 %)".
[[nodiscard]] std::string lapses_text(const Lapses& lapses, double max_lapsed);
// Whether they are kFewLapses or more, and more than `max_lapsed` percent of what is registered.
[[nodiscard]] bool are_too_many(const Lapses& lapses, double max_lapsed) noexcept;

// Gives each service that has lapsed and is live to one of those that registered it, as it is live, and marks that as kept; what else
// was registered of it, and may have been gone for long, stays lapsed. How many they are.
std::uint64_t keep_live(Reading& reading, const Snapshot& live);

// How long it is from `now` until the next lease runs out of those that have not; nothing: none will.
[[nodiscard]] std::optional<std::chrono::milliseconds> until_next_lapse(const Reading& reading, std::chrono::system_clock::time_point now);

}  // namespace almanac::registrations
