// Shares of callers in percent, as people write and read them: 10%, 12.5%, 0.0001%.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace almanac::inspect {

// In millionths: 0 to 100 in decimal digits, up to four of them behind a point, with or without a % at the end, and a blank before that. Nothing for
// anything else.
[[nodiscard]] std::optional<std::uint32_t> parse_percentage(std::string_view text) noexcept;

// How parse_percentage() wants it, to be read after "must be".
inline constexpr std::string_view kPercentageForm = "0% to 100%, with up to four digits behind the point";

// "12.5%" of 125,000 millionths: exact.
[[nodiscard]] std::string percentage_text(std::uint32_t millionths);

}  // namespace almanac::inspect
