#include "registrations/lapses.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "inspect/quantity.h"
#include "publish/guard.h"

namespace almanac::registrations {

namespace {

double share_of(const Lapses& lapses) noexcept {
  return lapses.live == 0 ? 0 : 100.0 * static_cast<double>(lapses.lapsed) / static_cast<double>(lapses.live);
}

}  // namespace

Lapses lapses_of(const inspect::DiffReport& diff, const Reading& reading) {
  std::unordered_set<std::string_view> lapsed;
  for (const Registered& each : reading.registered) {
    if (each.lapsed) lapsed.insert(each.registration.name);
  }
  Lapses lapses;
  lapses.live = publish::services_of(diff.before);
  for (const inspect::NamespaceChange& space : diff.namespaces) {
    for (const inspect::ServiceChange& change : space.services) {
      if (change.change == inspect::Change::kRemoved && lapsed.contains(change.service.name())) ++lapses.lapsed;
    }
  }
  return lapses;
}

std::string lapses_text(const Lapses& lapses, double max_lapsed) {
  return inspect::with_thousands(lapses.lapsed) + " of " + inspect::counted(lapses.live, "service") + " would go because leases ran out (" +
         publish::share_text(share_of(lapses), max_lapsed) + ", at most " + publish::share_text(max_lapsed, max_lapsed) + ")";
}

bool are_too_many(const Lapses& lapses, double max_lapsed) noexcept { return lapses.lapsed >= kFewLapses && share_of(lapses) > max_lapsed; }

std::optional<std::chrono::milliseconds> until_next_lapse(const Reading& reading, std::chrono::system_clock::time_point now) {
  using std::chrono::milliseconds;  // of which neither a difference of times nor the longest lease has too many
  std::optional<milliseconds> next;
  for (const Registered& each : reading.registered) {
    if (each.lapsed || !each.registration.lease) continue;
    const milliseconds age = std::chrono::floor<milliseconds>(now) - std::chrono::floor<milliseconds>(each.modified);
    const milliseconds left = *each.registration.lease - age;
    next = next ? std::min(*next, left) : left;
  }
  return next;
}

}  // namespace almanac::registrations
