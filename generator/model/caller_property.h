// The names of what callers have.
#pragma once

#include <array>
#include <string_view>

#include "model/field_rules.h"

namespace almanac::model {

// Those that mean the same everywhere; beside these there are "tag." and a name, and whatever else callers are told.
inline constexpr std::array<std::string_view, 10> kCallerProperties = {"function", "version",         "role",     "account",  "region",
                                                                       "zone",     "service_account", "instance", "platform", "stage"};

// A name that is nearly, but not quite, one of these is a fault: a condition on it would never match.
[[nodiscard]] Fault caller_property_fault(std::string_view name);

}  // namespace almanac::model
