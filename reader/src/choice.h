// A namespace chosen for a caller by the rules of a snapshot.
#pragma once

#include <almanac/caller.h>

#include <string>
#include <string_view>

#include "manifest.h"

namespace almanac::internal {

// What `rule`, one of the manifest's, gives a caller whom it does `move` to. Borrows from the manifest.
[[nodiscard]] Choice choice_of(const Manifest& manifest, const CallerRule& rule, const Move& move, Moment now) noexcept;

// "no namespace for the caller role=x: none of its 3 caller rules matches; rule 2: …": for an Error, about a caller that no rule
// matches. Names the rules that are nearest, and what may be mistyped.
[[nodiscard]] std::string no_rule_matches(const Manifest& manifest, const Caller& caller);

// `role is "x", and it wants "prod-*" or "live-*"`: why a condition does not match.
[[nodiscard]] std::string mismatch_text(const Condition& condition, const Caller& caller);

}  // namespace almanac::internal
