// What a command of inspect-snapshot tells on stderr, beside its result.
#pragma once

#include <string>

#include "output.h"
#include "subject.h"

namespace almanac::inspect {

// The result comes first: what there is of it is written before. Nothing is told by an empty note. The line begins with `stamp`.
void tell(const std::string& note, Output& output, const std::string& stamp = "");
// That a generation is on its way, where one is.
void tell_of_rollout(const Subject& subject, Output& output);

}  // namespace almanac::inspect
