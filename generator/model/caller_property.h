// The names of what callers have.
#pragma once

#include <array>
#include <string_view>

#include "model/field_rules.h"

namespace almanac::model {

// Those that mean the same everywhere; beside these there are "tag." and a name, and whatever else callers are told.
inline constexpr std::array<std::string_view, 11> kCallerProperties = {
    "function", "version", "role", "account", "region", "zone", "service_account", "kubernetes_namespace", "instance", "platform", "stage"};

// A name that one typing error has made of one of these is a fault: a condition on it would never match.
[[nodiscard]] Fault caller_property_fault(std::string_view name);

}  // namespace almanac::model
