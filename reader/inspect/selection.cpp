#include "selection.h"

#include <algorithm>

#include "terminal_text.h"

namespace almanac::inspect {

bool Selection::has_tags(const Service& service) const noexcept {
  if (tags.empty()) return true;
  const Tags present = service.tags();
  return std::ranges::all_of(tags, [&](const std::string& tag) { return present.contains(tag); });
}

std::string nothing_selected(const Selection& selection) {
  std::string text = "no service";
  if (selection.namespace_name) text += " of " + *selection.namespace_name;
  if (!selection.filters_services()) return "there is " + text;
  if (!selection.prefix.empty()) text += " begins with " + in_quotes(selection.prefix) + (selection.tags.empty() ? "" : " and");
  for (std::size_t i = 0; i < selection.tags.size(); ++i) {
    text += i != 0 ? ", " : selection.tags.size() == 1 ? " has the tag " : " has the tags ";
    text += selection.tags[i];
  }
  return text;
}

std::vector<NamespaceInfo> selected_namespaces(const Snapshot& snapshot, const Selection& selection) {
  const auto& wanted = selection.namespace_name;
  if (wanted && !snapshot.has_namespace(*wanted)) (void)snapshot.in(*wanted);  // throws, with near names
  std::vector<NamespaceInfo> infos;
  for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) {
    const NamespaceInfo info = snapshot.namespace_info(i);
    if (!wanted || info.name == *wanted) infos.push_back(info);
  }
  return infos;
}

}  // namespace almanac::inspect
