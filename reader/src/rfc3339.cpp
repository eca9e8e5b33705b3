#include "rfc3339.h"

#include <cstddef>

namespace almanac::internal {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

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

// T and Z may be small letters (RFC 3339, section 5.6).
bool take_letter(std::string_view& text, char capital) {
  return take(text, capital) || take(text, static_cast<char>(capital + ('a' - 'A')));
}

// Of ".25" 250. At least one digit must follow the point.
std::optional<milliseconds> take_fraction(std::string_view& text) {
  int fraction = 0;
  if (!take(text, '.')) return milliseconds(0);
  int digit = take_digits(text, 1);
  if (digit < 0) return std::nullopt;
  for (int worth = 100; digit >= 0; worth /= 10, digit = take_digits(text, 1)) fraction += digit * worth;
  return milliseconds(fraction);
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const int year = take_digits(text, 4);
  const bool dash = take(text, '-');
  const int month = take_digits(text, 2);
  const bool second_dash = take(text, '-');
  const int day = take_digits(text, 2);
  if (!dash || !second_dash || year < 0 || month < 0 || day < 0) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

std::optional<minutes> take_hours_and_minutes(std::string_view& text) {
  const int hour = take_digits(text, 2);
  const bool colon = take(text, ':');
  const int minute = take_digits(text, 2);
  if (!colon || hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
  return hours(hour) + minutes(minute);
}

std::optional<milliseconds> take_time(std::string_view& text) {
  const std::optional<minutes> whole = take_hours_and_minutes(text);
  const bool colon = take(text, ':');
  const int second = take_digits(text, 2);
  const std::optional<milliseconds> fraction = take_fraction(text);
  if (!whole || !colon || !fraction || second < 0 || second > 60) return std::nullopt;
  return *whole + seconds(second) + *fraction;
}

std::optional<minutes> take_offset(std::string_view& text) {
  if (take_letter(text, 'Z')) return minutes(0);
  const bool behind = take(text, '-');
  if (!behind && !take(text, '+')) return std::nullopt;
  const std::optional<minutes> offset = take_hours_and_minutes(text);
  return behind && offset ? -*offset : offset;
}

}  // namespace

std::optional<Moment> parse_rfc3339(std::string_view text) {
  const auto date = take_date(text);
  const bool t = take_letter(text, 'T');
  const auto time = take_time(text);
  const auto offset = take_offset(text);
  if (!date || !t || !time || !offset || !text.empty()) return std::nullopt;
  const Moment moment = *date + *time - *offset;
  if (moment < kAlways || moment > kLastMoment) return std::nullopt;
  return moment;
}

}  // namespace almanac::internal
