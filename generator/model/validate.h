// The rules that no single record shows: what holds between the records of a whole registry.
#pragma once

#include "model/problem.h"
#include "model/registry.h"

namespace almanac::model {

// Puts namespaces and services in byte order of their names and reports each service that is
// defined more than once in its namespace. Namespaces are expected to be merged by name already.
void validate(Registry& registry, Problems& problems);

}  // namespace almanac::model
