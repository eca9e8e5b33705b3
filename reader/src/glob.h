// Patterns for the properties of callers. schema/FORMAT.md, "Caller rules".
#pragma once

#include <cstddef>
#include <string_view>

namespace almanac::internal {

// A longer text matches no pattern: so much of a hostile caller or snapshot is ever looked at.
inline constexpr std::size_t kMaxMatchedText = 1024;

// Whether `pattern` matches all of `text`: `*` any number of characters, `?` one, `\x` the character x. Takes time in proportion to
// the size of the pattern and to that of the text by 8 at most, whatever stands in them. A pattern holds no NUL.
[[nodiscard]] bool glob_matches(std::string_view pattern, std::string_view text) noexcept;

// Whether it is a pattern: no lone `\` at the end.
[[nodiscard]] bool is_glob(std::string_view pattern) noexcept;

// Bytes of the character that `text`, which is not empty, begins with: 1 where that is no well-formed UTF-8.
[[nodiscard]] std::size_t size_of_character(std::string_view text) noexcept;

}  // namespace almanac::internal
