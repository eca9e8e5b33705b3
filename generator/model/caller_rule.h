// A rule about callers as the model has it: with the names of namespaces, and where each was written.
#pragma once

#include <string_view>
#include <vector>

#include "caller_rules.h"
#include "model/location.h"

namespace almanac::model {

struct CallerRollout {
  std::string_view to;  // a namespace
  internal::Schedule schedule;
  Location to_location;
};

struct CallerRule {
  std::string_view name_space;
  std::vector<internal::Condition> conditions;  // properties and the patterns of each in byte order
  internal::RolloutBy by = internal::RolloutBy::kInstance;
  std::vector<CallerRollout> rollouts;  // in the order of the document: it decides who moves where
  Location location;
  Location name_space_location;
  bool matches_unknown = false;  // something is wrong with its conditions, which was reported when it was read
};

}  // namespace almanac::model
