#include "model/duration.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <utility>

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
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number == 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto* unit = std::ranges::find(kUnits, text, &decltype(kUnits)::value_type::first);
  if (unit == kUnits.end() || number > static_cast<std::uint64_t>(kLongest / unit->second)) return std::nullopt;
  return static_cast<std::int64_t>(number) * unit->second;
}

}  // namespace almanac::model
