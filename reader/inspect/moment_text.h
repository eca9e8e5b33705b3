// Moments and spans of time as reports have them, to the millisecond.
#pragma once

#include <chrono>
#include <string>

namespace almanac::inspect {

using Milliseconds = std::chrono::milliseconds;
using Moment = std::chrono::sys_time<Milliseconds>;

// "2026-11-20T09:00:00Z", "2026-11-20T09:00:00.250Z" (RFC 3339) in UTC, with milliseconds only where there are any. From the year 0 to 9999.
[[nodiscard]] std::string moment_text(Moment moment);

// "45 s", "4 min 30 s", "2 h 14 min", "3 d": the two largest units, what is smaller cut off; "250 ms" below a second.
[[nodiscard]] std::string span_text(Milliseconds span);

// "2026-11-20T09:12:00Z, 2 min ago", "…, in 16 min", "…, this very moment".
[[nodiscard]] std::string moment_from(Moment now, Moment moment);

}  // namespace almanac::inspect
