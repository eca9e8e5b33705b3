// What a namespace does not have of the names that a function needs, for people and for programs.
#pragma once

#include "output.h"
#include "requirements.h"

namespace almanac::inspect {

// A line "file:line: what is missing" for each, and one that counts them.
void print_text(const RequirementsReport& report, Output& output);
// An object for each that is missing.
void print_json(const RequirementsReport& report, Output& output);

}  // namespace almanac::inspect
