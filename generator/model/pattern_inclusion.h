// Whether one pattern for the properties of callers matches all that another one does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace almanac::model {

class Pattern {
 public:
  // `text` has no pattern_fault().
  explicit Pattern(std::string_view text);

  // Whether it certainly matches every value that `other` matches: a `*` of `other` must meet one here. (So "?*" is not seen to
  // cover "*a".) Each comparison takes one off `steps`; false when they run out.
  [[nodiscard]] bool covers(const Pattern& other, std::uint64_t& steps) const noexcept;

 private:
  std::vector<std::uint32_t> items_;  // a character's bytes as a number, or one of the two that stand for others
};

}  // namespace almanac::model
