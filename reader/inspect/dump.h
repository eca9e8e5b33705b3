// The whole of a snapshot, or a part of it, as the JSON Lines that it can be compiled from again.
#pragma once

#include "output.h"
#include "selection.h"

namespace almanac::inspect {

// First a line {"registry":…,"revision":…}, without what is empty, and no such line when both are; then, of
// a whole snapshot, a line {"callers":[…]} (caller_rule_record.h) when there are any; then a
// record (record.h) for each selected service, in byte order of namespaces and names. A namespace
// that has no services is a line {"namespace":…}, unless the selection chooses among services.
// Throws Error as Snapshot::in() does, and OutputError.
void dump(const Snapshot& snapshot, const Selection& selection, Output& output);

}  // namespace almanac::inspect
