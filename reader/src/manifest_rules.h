// The caller rules of a manifest, checked. schema/FORMAT.md, "Caller rules".
#pragma once

#include <string>

#include "manifest.h"
#include "manifest_generated.h"

namespace almanac::internal {

// Fills manifest.caller_rules, whose texts are borrowed from `root`; the namespaces are there already. What is wrong with
// them, "caller rule 3 gives a namespace that is not there"; empty: nothing.
[[nodiscard]] std::string take_caller_rules(Manifest& manifest, const format::Manifest& root);

}  // namespace almanac::internal
