// What became different from one list of rules about callers to another.
#pragma once

#include <vector>

#include "diff.h"
#include "manifest.h"

namespace almanac::inspect {

// In the order of the lists: as many rules as can be are the same ones in the same order; between two of those the first that went
// is taken to have become the first that came, and so on. Borrows from both.
[[nodiscard]] std::vector<CallerRuleChange> compare_caller_rules(const internal::Manifest& before, const internal::Manifest& after);

}  // namespace almanac::inspect
