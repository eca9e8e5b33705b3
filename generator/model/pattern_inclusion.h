// Whether one pattern for the properties of callers matches all that another one does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace almanac::model {

// How much may be compared before whoever asked has waited long enough.
class Steps {
 public:
  explicit Steps(std::uint64_t most) noexcept : left_(most) {}

  // Whether there was one left.
  bool take() noexcept {
    ran_out_ = left_ == 0;
    if (!ran_out_) --left_;
    return !ran_out_;
  }
  // One was wanted that was not there, and the answer may be wrong.
  [[nodiscard]] bool ran_out() const noexcept { return ran_out_; }

 private:
  std::uint64_t left_;
  bool ran_out_ = false;
};

class Pattern {
 public:
  // `text`, which it borrows, has no pattern_fault().
  explicit Pattern(std::string_view text);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }

  // Whether it certainly matches every value that `other` matches: a `*` of `other` must meet one here. (So "?*" is not seen to
  // cover "*a".) Takes a step for what both begin with, and one for each comparison behind that; false when they run out.
  [[nodiscard]] bool covers(const Pattern& other, Steps& steps) const noexcept;

 private:
  std::string_view text_;
  std::vector<std::uint32_t> items_;  // a character's bytes as a number, or one of the two that stand for others
  std::size_t head_ = 0;              // items before the first that stands for others
};

}  // namespace almanac::model
