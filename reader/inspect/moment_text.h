// Moments and spans of time as documents, options and reports have them, to the millisecond.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace almanac::inspect {

using Milliseconds = std::chrono::milliseconds;
using Moment = std::chrono::sys_time<Milliseconds>;

// RFC 3339 (section 5.6) with its offset: "2026-11-20T09:00:00Z", "2026-11-20T10:00:00.250+01:00", in the years 1970 to 9999
// of UTC. Nothing for anything else, more than three digits behind the point too.
[[nodiscard]] std::optional<Moment> parse_moment(std::string_view text);

// The same in UTC, with milliseconds only where there are any. From the year 0 to 9999.
[[nodiscard]] std::string moment_text(Moment moment);

// "45 s", "4 min 30 s", "2 h 14 min", "3 d": the two largest units, what is smaller cut off; "250 ms" below a second.
[[nodiscard]] std::string span_text(Milliseconds span);

// "2026-11-20T09:12:00Z, 2 min ago", "…, in 16 min", "…, this very moment".
[[nodiscard]] std::string moment_from(Moment now, Moment moment);

}  // namespace almanac::inspect
