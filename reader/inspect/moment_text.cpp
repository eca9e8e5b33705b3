#include "moment_text.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdio>

namespace almanac::inspect {
namespace {

// Takes exactly `count` digits off the front; nothing when they are not there.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (const char c : text.substr(0, count)) {
    if (c < '0' || c > '9') return std::nullopt;
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

// Two digits, of 0 to `most`.
std::optional<int> take_pair(std::string_view& text, int most) {
  const std::optional<int> number = take_digits(text, 2);
  return number && *number <= most ? number : std::nullopt;
}

// ".25" is 250, and what does not begin with a point is 0.
std::optional<Milliseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return Milliseconds(0);
  int milliseconds = 0;
  int worth = 100;
  std::optional<int> digit = take_digits(text, 1);
  if (!digit) return std::nullopt;
  for (; digit; digit = take_digits(text, 1)) {
    if (worth == 0) return std::nullopt;
    milliseconds += *digit * worth;
    worth /= 10;
  }
  return Milliseconds(milliseconds);
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return std::chrono::minutes(0);
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  const std::optional<int> hours = take_pair(text, 23);
  const bool colon = take(text, ':');
  const std::optional<int> minutes = take_pair(text, 59);
  if (!hours || !colon || !minutes) return std::nullopt;
  const std::chrono::minutes offset(*hours * 60 + *minutes);
  return west ? -offset : offset;
}

std::optional<std::chrono::sys_days> take_date(std::string_view& text) {
  const std::optional<int> year = take_digits(text, 4);
  const bool dash = take(text, '-');
  const std::optional<int> month = take_pair(text, 12);
  const bool second_dash = take(text, '-');
  const std::optional<int> day = take_pair(text, 31);
  if (!year || !dash || !month || !second_dash || !day) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  return date.ok() ? std::optional(std::chrono::sys_days(date)) : std::nullopt;
}

struct Unit {
  Milliseconds size;
  const char* name;
};
constexpr std::array<Unit, 4> kUnits = {
    {{std::chrono::days(1), " d"}, {std::chrono::hours(1), " h"}, {std::chrono::minutes(1), " min"}, {std::chrono::seconds(1), " s"}}};

}  // namespace

std::optional<Moment> parse_moment(std::string_view text) {
  const std::optional<std::chrono::sys_days> date = take_date(text);
  const bool t = take(text, 'T');
  const std::optional<int> hour = take_pair(text, 23);
  const bool colon = take(text, ':');
  const std::optional<int> minute = take_pair(text, 59);
  const bool second_colon = take(text, ':');
  const std::optional<int> second = take_pair(text, 60);  // 60: a leap second
  const std::optional<Milliseconds> fraction = take_fraction(text);
  const std::optional<std::chrono::minutes> offset = take_offset(text);
  if (!date || !t || !hour || !colon || !minute || !second_colon || !second || !fraction || !offset || !text.empty()) return std::nullopt;
  const Moment moment =
      Moment(*date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) + *fraction - *offset;
  constexpr Moment kEnd(std::chrono::sys_days(std::chrono::year(10000) / 1 / 1));
  return moment >= Moment() && moment < kEnd ? std::optional(moment) : std::nullopt;
}

std::string moment_text(Moment moment) {
  const auto day = std::chrono::floor<std::chrono::days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(moment - day);
  std::array<char, 64> text;
  int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                           static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  std::string out(text.data(), static_cast<std::size_t>(size));
  if (clock.subseconds().count() != 0) {
    size = std::snprintf(text.data(), text.size(), ".%03d", static_cast<int>(clock.subseconds().count()));
    out.append(text.data(), static_cast<std::size_t>(size));
  }
  return out + "Z";
}

std::string span_text(Milliseconds span) {
  if (span < std::chrono::seconds(1)) return std::to_string(span.count()) + " ms";
  std::string text;
  for (std::size_t i = 0; i < kUnits.size(); ++i) {
    const auto count = span / kUnits[i].size;
    if (count == 0) continue;
    text = std::to_string(count) + kUnits[i].name;
    const auto rest = i + 1 < kUnits.size() ? span % kUnits[i].size / kUnits[i + 1].size : 0;
    if (rest != 0) text += " " + std::to_string(rest) + kUnits[i + 1].name;
    break;
  }
  return text;
}

std::string moment_from(Moment now, Moment moment) {
  const std::string text = moment_text(moment) + ", ";
  if (moment == now) return text + "this very moment";
  return moment < now ? text + span_text(now - moment) + " ago" : text + "in " + span_text(moment - now);
}

}  // namespace almanac::inspect
