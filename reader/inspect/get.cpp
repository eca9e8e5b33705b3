#include "get.h"

#include <algorithm>

#include "near_names.h"
#include "snapshot_data.h"

namespace almanac::inspect {
namespace {

constexpr std::size_t kMostSuggestions = 3;

std::vector<std::string_view> all_names(const Snapshot& snapshot, const std::vector<NamespaceInfo>& namespaces) {
  std::vector<std::string_view> names;
  for (const NamespaceInfo& info : namespaces) {
    for (const Service& service : internal::open_checked(snapshot, info.name)) names.push_back(service.name());
  }
  if (namespaces.size() > 1) {
    std::ranges::sort(names);
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }
  return names;
}

std::vector<std::string_view> namespaces_with(const Snapshot& snapshot, std::string_view name) {
  std::vector<std::string_view> found;
  for (const NamespaceInfo& info : selected_namespaces(snapshot, Selection{})) {
    if (internal::open_checked(snapshot, info.name).contains(name)) found.push_back(info.name);
  }
  return found;
}

}  // namespace

GetReport get(const Snapshot& snapshot, const std::vector<std::string>& names, const Selection& selection) {
  const std::vector<NamespaceInfo> namespaces = selected_namespaces(snapshot, selection);
  GetReport report{snapshot, {}, {}};
  for (const std::string& name : names) {
    const std::size_t before = report.found.size();
    for (const NamespaceInfo& info : namespaces) {
      if (const auto service = internal::open_checked(snapshot, info.name).find(name)) report.found.push_back({info.name, *service});
    }
    if (report.found.size() == before) report.misses.push_back({name, {}, {}});
  }
  if (report.misses.empty()) return report;
  const std::vector<std::string_view> candidates = all_names(snapshot, namespaces);
  for (Miss& miss : report.misses) {
    miss.near = nearest(miss.name, candidates, kMostSuggestions);
    if (selection.namespace_name) miss.elsewhere = namespaces_with(snapshot, miss.name);
  }
  return report;
}

}  // namespace almanac::inspect
