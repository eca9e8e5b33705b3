// Rollouts as people read them: where each stands, and a drawing of how it goes on. At most 80 columns.
#pragma once

#include "output.h"
#include "rollouts.h"

namespace almanac::inspect {

void print_text(const RolloutsReport& report, Output& output);

}  // namespace almanac::inspect
