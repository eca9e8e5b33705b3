// The text of a version range, read term by term: what <almanac/version_range.h> promises is decided here.
//
//   RangeTerms terms(text);
//   for (;;) switch (terms.next()) …
//
// Borrows the text. Nothing here allocates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "semantic_version.h"

namespace almanac::internal {

struct Comparator {
  enum class Operator : std::uint8_t { kEqual, kLess, kAtMost, kMore, kAtLeast };
  Operator op = Operator::kEqual;
  SemanticVersion version;
  [[nodiscard]] bool holds_for(const SemanticVersion& other) const noexcept;
};

class RangeTerms {
 public:
  enum class Next : std::uint8_t { kTerm, kOr, kEnd, kFault };
  explicit RangeTerms(std::string_view text) noexcept : text_(text), rest_(text) {}

  // kTerm: comparators() says what must hold, beside the other terms up to the next kOr. kFault: fault() says what is wrong.
  [[nodiscard]] Next next() noexcept;
  // One or two; none: every version.
  [[nodiscard]] std::span<const Comparator> comparators() const noexcept { return {comparators_.data(), count_}; }

  [[nodiscard]] const char* fault() const noexcept { return fault_; }
  // The byte of the text that was not what it should be.
  [[nodiscard]] std::size_t place() const noexcept { return text_.size() - rest_.size(); }

 private:
  enum class Sign : std::uint8_t { kNone, kEqual, kLess, kAtMost, kMore, kAtLeast, kTilde, kCaret };
  // The numbers before the first "x"; the ones behind are 0.
  struct Partial {
    SemanticVersion version;
    std::size_t given = 0;
  };

  [[nodiscard]] Next fail(const char* fault) noexcept;
  [[nodiscard]] Sign take_sign() noexcept;
  [[nodiscard]] bool take_partial(Partial& partial) noexcept;
  [[nodiscard]] bool take_hyphen() noexcept;
  void add(Sign sign, const Partial& partial) noexcept;
  void add(Comparator::Operator op, const SemanticVersion& version) noexcept;

  std::string_view text_;
  std::string_view rest_;
  const char* fault_ = nullptr;
  std::array<Comparator, 2> comparators_;
  std::size_t count_ = 0;
  bool at_begin_ = true;        // of an alternative
  bool behind_hyphen_ = false;  // of "A - B", which is an alternative of its own
};

}  // namespace almanac::internal
