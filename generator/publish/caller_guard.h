// What a publication must not do to callers by mistake. The texts become refusals of guard().
//
// Pure functions: the same snapshots and moment give the same texts.
#pragma once

#include <string>
#include <vector>

#include "publish/caller_facts.h"

namespace almanac::publish {

// How the next snapshot takes every namespace from callers that get one from the live one, where it does so by its rules or by having
// none any more; empty: it does not.
[[nodiscard]] std::string callers_left_without(const CallerFacts& live, const CallerFacts& next);

// Each rollout between two namespaces that none of the live rules is between, and that is past its half by now: it would move so many
// at once, as plans do whose time went by before they were published. A percentage without a time is meant as it is.
[[nodiscard]] std::vector<std::string> rollouts_already_begun(const CallerFacts& live, const CallerFacts& next, internal::Moment now);

}  // namespace almanac::publish
