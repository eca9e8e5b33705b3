#include "utc_time.h"

#include <cstddef>

namespace almanac::internal {

namespace {

// Takes `count` digits off the front; -1 when they are not there.
int take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) return false;
  text.remove_prefix(1);
  return true;
}

// Of ".25" 250. At least one digit must follow the point.
std::optional<std::chrono::milliseconds> take_fraction(std::string_view& text) {
  int milliseconds = 0;
  if (!take(text, '.')) return std::chrono::milliseconds(0);
  int digit = take_digits(text, 1);
  if (digit < 0) return std::nullopt;
  for (int worth = 100; digit >= 0; worth /= 10, digit = take_digits(text, 1)) milliseconds += digit * worth;
  return std::chrono::milliseconds(milliseconds);
}

}  // namespace

std::optional<std::chrono::system_clock::time_point> parse_utc_time(std::string_view text) {
  const int year = take_digits(text, 4);
  const bool dash = take(text, '-');
  const int month = take_digits(text, 2);
  const bool second_dash = take(text, '-');
  const int day = take_digits(text, 2);
  const bool t = take(text, 'T');
  const int hour = take_digits(text, 2);
  const bool colon = take(text, ':');
  const int minute = take_digits(text, 2);
  const bool second_colon = take(text, ':');
  const int second = take_digits(text, 2);
  const std::optional<std::chrono::milliseconds> fraction = take_fraction(text);
  if (!dash || !second_dash || !t || !colon || !second_colon || !fraction || (text != "Z" && text != "+00:00")) return std::nullopt;
  // 60: a leap second.
  if (year < 1970 || month < 0 || day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  // system_clock counts nanoseconds in 64 bits, to the year 2262.
  if (!date.ok() || year > 2261) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) + *fraction;
}

}  // namespace almanac::internal
