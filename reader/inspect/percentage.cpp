#include "percentage.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace almanac::inspect {
namespace {

constexpr std::uint32_t kMillionthsOfAPercent = 10'000;
constexpr std::size_t kDigitsBehindThePoint = 4;

// The number that `text` writes in decimal digits alone.
std::optional<std::uint32_t> digits(std::string_view text) noexcept {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::optional<std::uint32_t> parse_percentage(std::string_view text) noexcept {
  constexpr std::uint32_t kWhole = 100;
  if (text.ends_with('%')) text.remove_suffix(text.ends_with(" %") ? 2 : 1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole_text = text.substr(0, point);
  const auto whole = digits(whole_text);
  if (!whole || *whole > kWhole || (whole_text.size() > 1 && whole_text.front() == '0')) return std::nullopt;
  std::uint32_t millionths = *whole * kMillionthsOfAPercent;
  if (point < text.size()) {
    const std::string_view behind_text = text.substr(point + 1);
    const auto behind = digits(behind_text);
    if (!behind || behind_text.size() > kDigitsBehindThePoint) return std::nullopt;
    std::uint32_t worth = kMillionthsOfAPercent;
    for (std::size_t i = 0; i < behind_text.size(); ++i) worth /= 10;
    millionths += *behind * worth;
  }
  if (millionths > kWhole * kMillionthsOfAPercent) return std::nullopt;
  return millionths;
}

std::string percentage_text(std::uint32_t millionths) {
  std::string text = std::to_string(millionths / kMillionthsOfAPercent);
  std::string behind = std::to_string(millionths % kMillionthsOfAPercent);
  behind.insert(0, kDigitsBehindThePoint - behind.size(), '0');
  behind.erase(behind.find_last_not_of('0') + 1);
  if (!behind.empty()) text.append(".").append(behind);
  return text += '%';
}

}  // namespace almanac::inspect
