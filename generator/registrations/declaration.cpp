#include "registrations/declaration.h"

#include <almanac/snapshot.h>

#include <utility>

#include "compile/snapshot_writer.h"
#include "inspect/record.h"
#include "snapshot_data.h"

namespace almanac::registrations {

// By way of a snapshot, which is the one place that knows what is canonical.
std::vector<Registration> registrations_of(const model::Registry& registry, const std::string& registrant,
                                           std::optional<std::chrono::seconds> lease) {
  progress::Progress silent;
  const std::vector<std::byte> bytes = compile::compile_snapshot(registry, {.level = 1, .threads = 1}, silent);
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the services");
  std::vector<Registration> all;
  for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) {
    const NamespaceInfo info = snapshot.namespace_info(i);
    for (const Service service : internal::open_checked(snapshot, info.name)) {
      Registration registration = {registrant, std::string(info.name), std::string(service.name()), lease, {}};
      inspect::JsonText json(registration.record);
      append_record(json, info.name, service);
      all.push_back(std::move(registration));
    }
  }
  return all;
}

}  // namespace almanac::registrations
