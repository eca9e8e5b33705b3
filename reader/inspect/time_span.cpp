#include "time_span.h"

#include <array>
#include <cstddef>

#include "quantity.h"

namespace almanac::inspect {
namespace {

using std::chrono::milliseconds;

struct Unit {
  milliseconds size;
  const char* name;
};
constexpr std::array<Unit, 4> kUnits = {
    {{std::chrono::days(1), " d"}, {std::chrono::hours(1), " h"}, {std::chrono::minutes(1), " min"}, {std::chrono::seconds(1), " s"}}};

}  // namespace

std::string span_text(milliseconds span) {
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

std::string moment_from(std::chrono::sys_time<milliseconds> now, std::chrono::sys_time<milliseconds> moment) {
  const std::string text = rfc3339(moment) + ", ";
  if (moment == now) return text + "this very moment";
  return moment < now ? text + span_text(now - moment) + " ago" : text + "in " + span_text(moment - now);
}

}  // namespace almanac::inspect
