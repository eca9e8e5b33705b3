// Moments as S3 and AWS's credential endpoints write them: 2026-11-20T10:00:00Z, also with a fraction of a second.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace almanac::internal {

// RFC 3339 in UTC, to the millisecond. Nothing for anything else.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_utc_time(std::string_view text);

}  // namespace almanac::internal
