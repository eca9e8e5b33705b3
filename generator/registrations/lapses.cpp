#include "registrations/lapses.h"

#include <algorithm>

#include "inspect/quantity.h"
#include "inspect/record.h"
#include "publish/guard.h"
#include "snapshot_data.h"

namespace almanac::registrations {

namespace {

double share_of(const Lapses& lapses) noexcept {
  return lapses.registered == 0 ? 0 : 100.0 * static_cast<double>(lapses.lapsed) / static_cast<double>(lapses.registered);
}

Services services_of(const Reading& reading) {
  Services services;
  for (const Registered& each : reading.registered) services.emplace(each.registration.namespace_name, each.registration.name);
  return services;
}

}  // namespace

Services lapsed_services(const Reading& reading) {
  Services services = services_of(reading);
  for (const Registered& each : reading.registered) {
    if (!each.lapsed) services.erase({each.registration.namespace_name, each.registration.name});
  }
  return services;
}

bool is_in(const Snapshot& snapshot, std::string_view namespace_name, std::string_view name) {
  return snapshot.has_namespace(namespace_name) && internal::open_checked(snapshot, namespace_name).contains(name);
}

Lapses lapses_of(const Reading& reading) { return {services_of(reading).size(), lapsed_services(reading).size()}; }

std::uint64_t keep_live(Reading& reading, const Snapshot& live) {
  std::uint64_t kept = 0;
  Services lapsed = lapsed_services(reading);
  for (Registered& each : reading.registered) {
    Registration& said = each.registration;
    if (lapsed.erase({said.namespace_name, said.name}) == 0 || !is_in(live, said.namespace_name, said.name)) continue;
    said.record.clear();
    inspect::JsonText json(said.record);
    append_record(json, said.namespace_name, *internal::open_checked(live, said.namespace_name).find(said.name));
    each.kept = true;
    ++kept;
  }
  return kept;
}

std::string lapses_text(const Lapses& lapses, double max_lapsed) {
  return inspect::with_thousands(lapses.lapsed) + " of " + inspect::counted(lapses.registered, "registered service") + " have lapsed (" +
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
