#include "moment_text.h"

#include <array>
#include <cstddef>
#include <cstdio>

namespace almanac::inspect {
namespace {

struct Unit {
  Milliseconds size;
  const char* name;
};
constexpr std::array<Unit, 4> kUnits = {
    {{std::chrono::days(1), " d"}, {std::chrono::hours(1), " h"}, {std::chrono::minutes(1), " min"}, {std::chrono::seconds(1), " s"}}};

}  // namespace

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
