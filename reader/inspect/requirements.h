// The names that a function needs, one a line, and which of them a namespace has.
//
//   # what checkout calls
//   users                    an endpoint of a weight other than 0, or a value
//   payments/api  ^2.1       such an endpoint of such a version, as <almanac/version_range.h> has it
//   "two words"   >=1 <3     a name that has blanks, or begins with " or #; \" and \\ stand for " and \ in it
//
// A # at the begin of a line or behind a blank begins a comment.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "get.h"

namespace almanac::inspect {

struct Requirement {
  std::size_t line = 0;  // of the file, from 1
  std::string name;
  std::string range;  // of versions; empty: a service without endpoints will do as well
};

// `file` is for messages. Throws Error kInvalidArgument, which names the first line that is not as above.
[[nodiscard]] std::vector<Requirement> parse_requirements(std::string_view text, const std::string& file);

struct UnmetRequirement {
  Requirement requirement;
  bool has_service = false;                // and none of its endpoints that may be called is one of the range
  Miss miss;                               // when there is no service
  std::vector<std::string_view> versions;  // when there is one: the first eight that such endpoints have, in their order
};

struct RequirementsReport {
  Snapshot snapshot;  // which the texts below are borrowed from
  std::string subject;
  std::string file;
  Selection selection;  // of one namespace
  std::size_t requirements = 0;
  std::vector<UnmetRequirement> unmet;  // in the order of the lines
};

// Of the requirements in `file`, or in standard input when that is "-", those that a namespace does not meet. `subject` names the
// snapshot in messages. Throws Error as parse_requirements() and Snapshot::in() do, kInvalidArgument when there is no name in
// it (whatever was to write it failed), kNotFound and kInputOutput when the file
// cannot be read, and kLimitExceeded when it is of more than 16 MiB.
[[nodiscard]] RequirementsReport check_requirements(const Snapshot& snapshot, const std::string& subject, const std::string& namespace_name,
                                                    const std::string& file);

}  // namespace almanac::inspect
