#include "registrations/registered_registry.h"

#include <algorithm>
#include <vector>

namespace almanac::registrations {

source::LoadResult load_registry(std::span<const source::DocumentText> documents, const Reading& reading, progress::Progress& progress,
                                 const source::LoadOptions& options) {
  std::vector<source::RegisteredRecord> records;
  for (const Registered& each : reading.registered) {
    if (!each.lapsed || each.kept) records.push_back({each.registration.registrant, each.key, each.registration.record});
  }
  // Keys are in another order where names are escaped in them.
  std::ranges::stable_sort(records, {}, &source::RegisteredRecord::registrant);
  return source::load_registry(documents, records, progress, options);
}

}  // namespace almanac::registrations
