// Services looked up by their names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "list.h"
#include "selection.h"

namespace almanac::inspect {

struct Miss {
  std::string name;
  std::vector<std::string_view> near;       // names that may have been meant, nearest first
  std::vector<std::string_view> elsewhere;  // namespaces that were not asked about and have it
};

struct GetReport {
  Snapshot snapshot;  // which everything is borrowed from
  std::vector<ListedService> found;
  std::vector<Miss> misses;
};

// Each name in each selected namespace, in the order of `names`. Throws Error as Snapshot::in() does.
[[nodiscard]] GetReport get(const Snapshot& snapshot, const std::vector<std::string>& names, const Selection& selection);

}  // namespace almanac::inspect
