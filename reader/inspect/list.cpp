#include "list.h"

#include "snapshot_data.h"

namespace almanac::inspect {

ListReport list(const Snapshot& snapshot, const Selection& selection) {
  const std::vector<NamespaceInfo> namespaces = selected_namespaces(snapshot, selection);
  ListReport report{snapshot, {}, namespaces.size() > 1};
  for (const NamespaceInfo& info : namespaces) {
    for_each_selected(internal::open_checked(snapshot, info.name), selection, [&](const Service& service) {
      report.services.push_back({info.name, service});
    });
  }
  return report;
}

}  // namespace almanac::inspect
