#include <almanac/version_range.h>

#include <algorithm>
#include <string>

#include "range_terms.h"

namespace almanac {

namespace {

using internal::Comparator;
using internal::RangeTerms;
using internal::SemanticVersion;

// Whether a comparator names a pre-release of the same numbers, and so lets those of `version` in.
bool admits(const Comparator& comparator, const SemanticVersion& version) noexcept {
  return !comparator.version.pre_release.empty() && comparator.version.numbers == version.numbers;
}

}  // namespace

bool VersionRange::contains(std::string_view version) const noexcept {
  const auto wanted = internal::parse_version(version);
  if (!wanted) return false;
  RangeTerms terms(text_);
  for (;;) {
    bool holds = true;
    bool admitted = wanted->pre_release.empty();
    RangeTerms::Next next = terms.next();
    for (; next == RangeTerms::Next::kTerm; next = terms.next()) {
      for (const Comparator& comparator : terms.comparators()) {
        holds = holds && comparator.holds_for(*wanted);
        admitted = admitted || admits(comparator, *wanted);
      }
    }
    if (next == RangeTerms::Next::kFault) return false;
    if (holds && admitted) return true;
    if (next == RangeTerms::Next::kEnd) return false;
  }
}

std::string_view VersionRange::checked(std::string_view text) {
  RangeTerms terms(text);
  RangeTerms::Next next = terms.next();
  while (next == RangeTerms::Next::kTerm || next == RangeTerms::Next::kOr) next = terms.next();
  if (next == RangeTerms::Next::kFault) {
    throw Error(ErrorCode::kInvalidArgument, "version range \"" + std::string(text) + '"', terms.fault(), terms.place());
  }
  return text;
}

}  // namespace almanac
