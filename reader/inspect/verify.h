// Whether a snapshot is what it says it is, and where a store brings it to instances one after another, also what the others have.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <almanac/error.h>

#include "subject.h"

namespace almanac::inspect {

struct VerifyReport {
  std::string name;             // of what was verified, as the user wrote it
  std::optional<Error> damage;  // nothing: intact, and the numbers below hold
  std::string id;
  std::uint64_t size = 0;  // bytes
  std::uint64_t namespaces = 0;
  std::uint64_t services = 0;
  std::uint64_t endpoints = 0;
  std::uint64_t caller_rules = 0;
};

// Snapshot::verify(): every byte is read and checked, names ascend, each is found under its name, and
// the counts are those of the manifest; and the rules about callers. kTruncated and kCorrupt become a report of damage;
// throws every other Error (not there, not readable, no snapshot at all, too new, too large).
// Of what is live in a store and at `now` has not come to all instances, the snapshot that they move from is verified as well; its
// absence is damage too.
[[nodiscard]] VerifyReport verify(const std::string& what, internal::Moment now);

}  // namespace almanac::inspect
