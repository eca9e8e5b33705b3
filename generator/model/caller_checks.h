// What holds between the rules about callers, and between them and the namespaces.
#pragma once

#include "model/problem.h"
#include "model/registry.h"

namespace almanac::model {

// Reports namespaces that are not there, and rules that are never reached since one before them matches every caller that they do.
// Whether several rules together do is not looked for, and neither is whatever takes more than a second to find out.
void check_callers(const Registry& registry, Problems& problems);

}  // namespace almanac::model
