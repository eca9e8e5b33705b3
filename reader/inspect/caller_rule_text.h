// Rules about callers in words, fit for a terminal. A field that a rule does not have is empty.
#pragma once

#include <string>
#include <vector>

#include "manifest.h"

namespace almanac::inspect {

// What may stand in a line: {`role is "checkout-*",`, `and tag.stage is "live"`, `or "prod"`}.
[[nodiscard]] std::vector<std::string> when_words(const internal::CallerRule& rule);

// `role is "checkout-*", and tag.stage is "live" or "prod"`: these in one.
[[nodiscard]] std::string when_text(const internal::CallerRule& rule);

// `role without "api-12"; role with "api-13", "api-14"`: the patterns that differ, for two rules whose when_text() is the same since
// it leaves out what is behind the first ten. Empty: none does.
[[nodiscard]] std::string changed_patterns_text(const internal::CallerRule& before, const internal::CallerRule& after);

// `to "prod-green" by instance: 20% at 2026-11-20T09:06:00Z, 40% at 2026-11-20T09:12:00Z, …`; what is between the first and the last
// of many stages is left out. `rule` is one of the manifest's.
[[nodiscard]] std::string rollouts_text(const internal::Manifest& manifest, const internal::CallerRule& rule);

}  // namespace almanac::inspect
