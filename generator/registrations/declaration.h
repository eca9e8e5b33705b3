// What a registrant says it has: the services of a registry, as registrations.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "model/registry.h"
#include "registrations/registration.h"

namespace almanac::registrations {

// One for each service, in byte order of namespaces and names, with canonical records. `registry` is valid and resolved, as
// source::load_registry() leaves it. Throws as compile_snapshot().
[[nodiscard]] std::vector<Registration> registrations_of(const model::Registry& registry, const std::string& registrant,
                                                         std::optional<std::chrono::seconds> lease);

}  // namespace almanac::registrations
