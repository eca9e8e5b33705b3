#include "range_terms.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace almanac::internal {

namespace {

using Operator = Comparator::Operator;

constexpr std::string_view kOrSign = "||";
// Lower than every other version with the same numbers.
constexpr std::string_view kLowestPreRelease = "0";

bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool is_open(char c) noexcept { return c == 'x' || c == 'X' || c == '*'; }

bool is_sign(char c) noexcept { return std::string_view("^~<>=").find(c) != std::string_view::npos; }

void skip_spaces(std::string_view& rest) noexcept {
  while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
}

bool take(std::string_view& rest, std::string_view expected) noexcept {
  if (!rest.starts_with(expected)) return false;
  rest.remove_prefix(expected.size());
  return true;
}

// The first version whose first `count` numbers are beyond those of `version`.
SemanticVersion beyond(const SemanticVersion& version, std::size_t count) noexcept {
  SemanticVersion next;
  std::copy_n(version.numbers.begin(), count, next.numbers.begin());
  ++next.numbers[count - 1];
  return next;
}

SemanticVersion lowest(SemanticVersion version) noexcept {
  version.pre_release = kLowestPreRelease;
  return version;
}

// Why `rest` does not begin as it must; `opened`: there was an "x" before.
const char* number_fault(std::string_view rest, bool opened) noexcept {
  if (opened) return "here must be x or *: no number can follow one";
  if (!rest.empty() && is_sign(rest.front())) return "here must be a number, x or *: a version has one sign at most, and none in A - B";
  return "here must be a number without leading zeros and up to 9007199254740991, or x or *";
}

// What a caret keeps of a version: all up to its first number that is not 0.
std::size_t kept_by_caret(const SemanticVersion& version, std::size_t given) noexcept {
  const auto end = version.numbers.begin() + static_cast<std::ptrdiff_t>(given);
  const auto first = std::find_if(version.numbers.begin(), end, [](std::uint64_t number) { return number != 0; });
  return first == end ? given : static_cast<std::size_t>(first - version.numbers.begin()) + 1;
}

}  // namespace

bool Comparator::holds_for(const SemanticVersion& other) const noexcept {
  const std::weak_ordering order = other <=> version;
  switch (op) {
    case Operator::kEqual: return order == 0;
    case Operator::kLess: return order < 0;
    case Operator::kAtMost: return order <= 0;
    case Operator::kMore: return order > 0;
    case Operator::kAtLeast: return order >= 0;
  }
  return false;
}

RangeTerms::Next RangeTerms::next() noexcept {
  count_ = 0;
  skip_spaces(rest_);
  if (rest_.empty()) return Next::kEnd;
  if (take(rest_, kOrSign)) {
    at_begin_ = true;
    behind_hyphen_ = false;
    return Next::kOr;
  }
  if (behind_hyphen_) return fail("only || can follow a range of the form A - B");
  const bool alone = std::exchange(at_begin_, false);
  const std::string_view term = rest_;
  const Sign sign = take_sign();
  Partial partial;
  if (!take_partial(partial)) return Next::kFault;
  if (!take_hyphen()) {
    add(sign, partial);
    return Next::kTerm;
  }
  if (sign != Sign::kNone || !alone) {
    rest_ = term;
    return fail(sign != Sign::kNone ? "a range of the form A - B has no sign"
                                    : "a range of the form A - B must stand alone, or between ||");
  }
  behind_hyphen_ = true;
  add(Sign::kAtLeast, partial);
  if (!take_partial(partial)) return Next::kFault;
  add(Sign::kAtMost, partial);
  return Next::kTerm;
}

RangeTerms::Next RangeTerms::fail(const char* fault) noexcept {
  fault_ = fault;
  return Next::kFault;
}

RangeTerms::Sign RangeTerms::take_sign() noexcept {
  Sign sign = Sign::kNone;
  if (take(rest_, "^")) {
    sign = Sign::kCaret;
  } else if (take(rest_, "~")) {
    (void)take(rest_, ">");
    sign = Sign::kTilde;
  } else if (take(rest_, ">")) {
    sign = take(rest_, "=") ? Sign::kAtLeast : Sign::kMore;
  } else if (take(rest_, "<")) {
    sign = take(rest_, "=") ? Sign::kAtMost : Sign::kLess;
  } else if (take(rest_, "=")) {
    sign = Sign::kEqual;
  }
  if (sign != Sign::kNone) skip_spaces(rest_);
  return sign;
}

// What stands between two versions with spaces on both sides; another hyphen is left where it is.
bool RangeTerms::take_hyphen() noexcept {
  std::string_view rest = rest_;
  skip_spaces(rest);
  if (rest.size() == rest_.size() || !take(rest, "-") || rest.empty() || !is_space(rest.front())) return false;
  skip_spaces(rest);
  rest_ = rest;
  return true;
}

bool RangeTerms::take_partial(Partial& partial) noexcept {
  partial = {};
  (void)take(rest_, "v");
  bool opened = false;  // by an "x"
  std::size_t count = 0;
  do {
    if (!rest_.empty() && is_open(rest_.front())) {
      rest_.remove_prefix(1);
      opened = true;
      continue;
    }
    const auto number = opened ? std::nullopt : take_version_number(rest_);
    if (!number) {
      fault_ = number_fault(rest_, opened);
      return false;
    }
    partial.version.numbers[count] = *number;
    partial.given = count + 1;
  } while (++count < partial.version.numbers.size() && take(rest_, "."));
  if (count == partial.version.numbers.size()) {
    const auto pre_release = take_qualifier(rest_);
    if (!pre_release) {
      fault_ = "here must be an identifier of the pre-release or build, of letters, digits and hyphens, no number with leading zeros";
      return false;
    }
    if (!opened) partial.version.pre_release = *pre_release;
  }
  if (rest_.empty() || is_space(rest_.front()) || rest_.starts_with(kOrSign)) return true;
  fault_ = "a version ends before this: a space or || must be here";
  return false;
}

void RangeTerms::add(Sign sign, const Partial& partial) noexcept {
  const SemanticVersion& version = partial.version;
  const std::size_t given = partial.given;
  const bool whole = given == version.numbers.size();
  if (given == 0) {
    if (sign == Sign::kLess || sign == Sign::kMore) add(Operator::kLess, lowest({}));  // no version at all
    return;
  }
  switch (sign) {
    case Sign::kNone:
    case Sign::kEqual:
      if (whole) return add(Operator::kEqual, version);
      add(Operator::kAtLeast, version);
      return add(Operator::kLess, lowest(beyond(version, given)));
    case Sign::kLess: return add(Operator::kLess, whole ? version : lowest(version));
    case Sign::kAtMost: return whole ? add(Operator::kAtMost, version) : add(Operator::kLess, lowest(beyond(version, given)));
    case Sign::kMore: return whole ? add(Operator::kMore, version) : add(Operator::kAtLeast, beyond(version, given));
    case Sign::kAtLeast: return add(Operator::kAtLeast, version);
    case Sign::kTilde:
      add(Operator::kAtLeast, version);
      return add(Operator::kLess, lowest(beyond(version, std::min<std::size_t>(given, 2))));
    case Sign::kCaret:
      add(Operator::kAtLeast, version);
      return add(Operator::kLess, lowest(beyond(version, kept_by_caret(version, given))));
  }
}

void RangeTerms::add(Comparator::Operator op, const SemanticVersion& version) noexcept { comparators_[count_++] = {op, version}; }

}  // namespace almanac::internal
