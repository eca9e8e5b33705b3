// A diff as people read it, and as programs do.
#pragma once

#include <cstdint>

#include "diff.h"
#include "output.h"

namespace almanac::inspect {

// A heading for each namespace that differs; below it "+" for what is new, "-" for what is gone and
// "~" for what changed, with old -> new of each field; a line of numbers at the end. `colours`: with the
// escape sequences of ECMA-48 for green, red and yellow. Beyond `most_lines` one line tells how many are left out; the
// line of numbers is always there.
void print_text(const DiffReport& report, bool colours, Output& output, std::uint64_t most_lines = UINT64_MAX);

}  // namespace almanac::inspect
