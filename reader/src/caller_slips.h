// Properties of a caller that look like slips of the pen: "rol" where rules ask for "role".
#pragma once

#include <almanac/caller.h>

#include <span>
#include <string_view>
#include <vector>

#include "caller_rules.h"

namespace almanac::internal {

// Borrows from both.
struct CallerSlip {
  std::string_view given;  // no rule asks for it
  std::string_view asked;  // one letter off it, and the caller does not have it
};

// In byte order of what is given.
[[nodiscard]] std::vector<CallerSlip> slips_of(const Caller& caller, std::span<const CallerRule> rules);

}  // namespace almanac::internal
