// A diff as people read it, and as programs do.
#pragma once

#include "diff.h"
#include "output.h"

namespace almanac::inspect {

// A heading for each namespace that differs; below it "+" for what is new, "-" for what is gone and
// "~" for what changed, with old -> new of each field; a line of numbers at the end. `colours`: with the
// escape sequences of ECMA-48 for green, red and yellow.
void print_text(const DiffReport& report, bool colours, Output& output);

}  // namespace almanac::inspect
