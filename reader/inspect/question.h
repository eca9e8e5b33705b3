// What the options of a command ask: about which service, for whom, and at which moment.
#pragma once

#include <almanac/caller.h>

#include <optional>
#include <string>

#include "rollout.h"

namespace almanac::inspect {

struct Question {
  std::string name;                              // of the service
  Caller caller;                                 // who asks
  std::string key;                               // of the call; may be empty
  internal::Moment at;                           // when
  std::optional<std::string> named_in_call;      // the namespace
  std::optional<std::string> named_by_variable;  // ALMANAC_NAMESPACE of the process that asks; not empty
};

// Of --at: RFC 3339, and now when it is not given. Throws Error kInvalidArgument.
[[nodiscard]] internal::Moment moment_asked(const std::optional<std::string>& at);

// Of --caller: properties as Caller::parse() reads them, or "environment" for what the variables of this process say, the namespace
// that they name included. Throws Error kInvalidArgument.
void set_caller(Question& question, const std::string& text);

}  // namespace almanac::inspect
