// Spans of time as people read them, and how far away a moment is.
#pragma once

#include <chrono>
#include <string>

namespace almanac::inspect {

// "45 s", "4 min 30 s", "2 h 14 min", "3 d": the two largest units, what is smaller cut off; "250 ms" below a second.
[[nodiscard]] std::string span_text(std::chrono::milliseconds span);

// "2026-11-20T09:12:00Z, 2 min ago", "…, in 16 min", "…, this very moment".
[[nodiscard]] std::string moment_from(std::chrono::sys_time<std::chrono::milliseconds> now,
                                      std::chrono::sys_time<std::chrono::milliseconds> moment);

}  // namespace almanac::inspect
