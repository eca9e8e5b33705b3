// Spans of time as people write them: 500ms, 90s, 6m, 2h, 1d.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace almanac::model {

// A whole number and its unit, ms, s, m, h or d; more than nothing, and at most 100,000 days. Nothing for anything else.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

// How parse_duration() wants it, to be read after "must be".
inline constexpr std::string_view kDurationForm = "a whole number above 0 of ms, s, m, h or d, such as 90s";

}  // namespace almanac::model
