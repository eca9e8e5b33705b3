// The part of a snapshot that a command was asked about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <almanac/snapshot.h>

namespace almanac::inspect {

struct Selection {
  std::optional<std::string> namespace_name;  // none: all of them
  std::string prefix;                         // of the services' names
  std::vector<std::string> tags;              // a service must have all of these

  // Whether it chooses among services, rather than taking whole namespaces.
  [[nodiscard]] bool filters_services() const noexcept { return !prefix.empty() || !tags.empty(); }
  [[nodiscard]] bool takes_everything() const noexcept { return !namespace_name && !filters_services(); }
  [[nodiscard]] bool has_tags(const Service& service) const noexcept;
};

// For what selected no service: "no service of prod begins with "a/" and has the tags b, c".
[[nodiscard]] std::string nothing_selected(const Selection& selection);

// The namespaces it takes, in byte order. Throws Error kNotFound, with near names, when there is none of that name.
[[nodiscard]] std::vector<NamespaceInfo> selected_namespaces(const Snapshot& snapshot, const Selection& selection);

// Calls `take(service)` for each selected service of a namespace, in byte order of their names.
template <typename Take>
void for_each_selected(const Namespace& services, const Selection& selection, Take&& take) {
  for (const Service& service : services.under(selection.prefix)) {
    if (selection.has_tags(service)) take(service);
  }
}

}  // namespace almanac::inspect
