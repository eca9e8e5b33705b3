// One file with all that a store announces, for a function to carry along and fall back on ($ALMANAC_BUNDLED).
#pragma once

#include <filesystem>
#include <string>

#include "subject.h"

namespace almanac::inspect {

// Writes the subject's snapshot to `file`, behind its announcement where it has one, once every byte has been checked. It is for
// all instances: what a rollout began from is not in the file. A failure leaves what was there before. Throws Error as Snapshot::verify() does, and kInputOutput.
void write_bundle(const Subject& subject, const std::filesystem::path& file);

// What to know of a bundle that is made while what is live has not come to all instances; empty: it has.
[[nodiscard]] std::string rollout_warning(const Subject& subject, internal::Moment now);

}  // namespace almanac::inspect
