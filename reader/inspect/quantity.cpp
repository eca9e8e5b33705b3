#include "quantity.h"

#include <array>
#include <cstdio>

#include "percentage.h"

namespace almanac::inspect {
namespace {

struct Tenths {
  std::uint64_t whole = 0;
  unsigned digit = 0;  // after the point
};

Tenths rounded(std::uint64_t amount, std::uint64_t unit) {
  const auto rest = static_cast<long double>(amount % unit);
  const auto digit = static_cast<unsigned>(rest * 10 / static_cast<long double>(unit) + 0.5L);
  return {amount / unit + digit / 10, digit % 10};
}

std::string with_one_digit(const Tenths& number) { return with_thousands(number.whole) + "." + static_cast<char>('0' + number.digit); }

}  // namespace

std::string with_thousands(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3;) {
    end -= 3;
    digits.insert(end, 1, ',');
  }
  return digits;
}

std::string human_size(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 6> kUnits = {" KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
  constexpr std::uint64_t kStep = 1024;
  if (bytes < kStep) return std::to_string(bytes) + " B";
  std::uint64_t unit = kStep;
  std::size_t name = 0;
  // What would be rounded up to 1024 of a unit is one of the next.
  while (name + 1 < kUnits.size() && rounded(bytes, unit).whole >= kStep) {
    unit *= kStep;
    ++name;
  }
  return with_one_digit(rounded(bytes, unit)).append(kUnits[name]);
}

std::string ratio(std::uint64_t amount, std::uint64_t count) {
  if (count == 0) return "-";
  return with_one_digit(rounded(amount, count));
}

std::string percent_of_millionths(std::uint32_t millionths) {
  std::string text = percentage_text(millionths);
  return text.insert(text.size() - 1, " ");
}

std::string counted(std::uint64_t number, std::string_view singular) {
  return with_thousands(number).append(" ").append(singular).append(number == 1 ? "" : "s");
}

std::string rfc3339(std::chrono::system_clock::time_point time) {
  return rfc3339(std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::floor<std::chrono::seconds>(time)));
}

std::string rfc3339(std::chrono::sys_time<std::chrono::milliseconds> time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text;
  int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                           static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                           static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
  std::string written(text.data(), static_cast<std::size_t>(size));
  if (clock.subseconds().count() != 0) {
    size = std::snprintf(text.data(), text.size(), ".%03d", static_cast<int>(clock.subseconds().count()));
    written.append(text.data(), static_cast<std::size_t>(size));
  }
  return written += 'Z';
}

}  // namespace almanac::inspect
