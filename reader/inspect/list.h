// The services of a snapshot, one line each.
#pragma once

#include <string_view>
#include <vector>

#include "selection.h"

namespace almanac::inspect {

struct ListedService {
  std::string_view namespace_name;
  Service service;
};

struct ListReport {
  Snapshot snapshot;  // which the services are borrowed from
  std::vector<ListedService> services;
  bool several_namespaces = false;  // were asked about
};

// Throws Error as Snapshot::in() does.
[[nodiscard]] ListReport list(const Snapshot& snapshot, const Selection& selection);

}  // namespace almanac::inspect
