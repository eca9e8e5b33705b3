// Inheritance, worked out ahead of time, so that a reader never follows a chain.
#pragma once

#include "model/problem.h"
#include "model/registry.h"

namespace almanac::model {

// The services of a registry, inherited ones counted once in each namespace, may be this many.
// Copies cost no text but memory for a record each: a short chain of large namespaces could
// otherwise ask for more than the machine has.
inline constexpr std::size_t kMaxServices = std::size_t{1} << 24U;

// Gives each namespace the services of its parents, and theirs: what a namespace defines itself
// wins over its parents, and of those the one named first wins, with all that it inherits, over the
// next. Expects what validate() leaves; leaves `inherits` empty and services in byte order.
//
// Unknown parents, cycles and too many services become problems; with any problem present, old or
// new, the registry is left as it was.
void resolve_inheritance(Registry& registry, Problems& problems, std::size_t most_services = kMaxServices);

}  // namespace almanac::model
