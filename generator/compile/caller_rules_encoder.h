// The rules about callers as a manifest has them. schema/FORMAT.md, "Caller rules".
#pragma once

#include <string>
#include <vector>

#include "manifest_generated.h"
#include "model/registry.h"

namespace almanac::compile {

// The vectors of the manifest whose names begin with "caller_".
struct EncodedCallerRules {
  std::vector<format::CallerRule> rules;
  std::string conditions;
  std::vector<format::CallerRollout> rollouts;
  std::vector<format::Stage> stages;
};

// `registry` is valid: its namespaces are sorted, and those of the rules are among them.
[[nodiscard]] EncodedCallerRules encode_caller_rules(const model::Registry& registry);

}  // namespace almanac::compile
