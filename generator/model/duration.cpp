#include "model/duration.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "store/ascii.h"

namespace almanac::model {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLongest = std::chrono::days(100'000);
constexpr std::array<std::pair<std::string_view, milliseconds>, 5> kUnits = {{{"ms", milliseconds(1)},
                                                                              {"s", std::chrono::seconds(1)},
                                                                              {"m", std::chrono::minutes(1)},
                                                                              {"h", std::chrono::hours(1)},
                                                                              {"d", std::chrono::days(1)}}};

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) noexcept {
  const std::optional<std::uint64_t> number = internal::take_number(text);
  if (!number || *number == 0) return std::nullopt;
  const auto* unit = std::ranges::find(kUnits, text, &decltype(kUnits)::value_type::first);
  if (unit == kUnits.end() || *number > static_cast<std::uint64_t>(kLongest / unit->second)) return std::nullopt;
  return static_cast<std::int64_t>(*number) * unit->second;
}

}  // namespace almanac::model
