// A schedule drawn over time, in characters of ASCII:
//
//   100 % |                                      ____
//    90 % |                                     |
//   …
//    60 % |     :           ____________________|
//    50 % |     :          |
//    40 % |     ___________|
//    30 % |    |:
//   …
//     0 % |____|:
//         +----+:--------------------------------+----
//               ^ now 40 %
//              2026-11-20T09:00:00Z   2026-11-20T09:20:00Z
//
// Steps are drawn as stairs and a ramp as a slope.
#pragma once

#include <string>

#include "rollout.h"

namespace almanac::inspect {

// Whether it has anything to draw: shares at two moments or more after 1970. Else it is told in a line.
[[nodiscard]] bool is_drawable(const internal::Schedule& schedule) noexcept;

// Lines of at most 80 columns, each with its end, for a drawable schedule.
[[nodiscard]] std::string schedule_chart(const internal::Schedule& schedule, internal::Moment now);

}  // namespace almanac::inspect
