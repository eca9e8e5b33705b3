// Registries nobody would write: every rule of the documents is kept, and every liberty is taken.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "support/registry_builder.h"

namespace almanac::property {

using Random = std::mt19937_64;

// Uniform in [0, end); end > 0.
[[nodiscard]] std::size_t below(Random& random, std::size_t end);
// True once in `times` on average.
[[nodiscard]] bool once_in(Random& random, std::size_t times);

// Valid as a service's name: some share long prefixes, some are paths, some are of other scripts, some
// have a single byte and some 1,024.
[[nodiscard]] std::string random_name(Random& random);

// 1 to 40 namespaces, some of them without services, with so many services together.
[[nodiscard]] std::vector<support::NamespaceBuilder> random_namespaces(Random& random, std::size_t services);

// Some rules about callers, none of them out of reach, between the namespaces of a registry.
void add_random_caller_rules(Random& random, model::Registry& registry);

}  // namespace almanac::property
