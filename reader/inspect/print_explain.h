// Why a caller gets what it gets, as people read it: the answer first, then the reasons.
#pragma once

#include "explain.h"
#include "output.h"

namespace almanac::inspect {

void print_text(const ExplainReport& report, Output& output);

}  // namespace almanac::inspect
