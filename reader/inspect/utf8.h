// One character of UTF-8 at a time, from bytes that may be anything.
#pragma once

#include <cstdint>
#include <string_view>

namespace almanac::inspect {

struct Character {
  char32_t code = 0;
  std::size_t size = 0;  // bytes, 1 to 4
  bool valid = false;    // false: `size` is 1 and the byte is no part of well-formed UTF-8
};

// The first character of `text`, which is not empty. Well-formed as the Unicode Standard's table 3-7
// has it: shortest form only, no surrogates, nothing above U+10FFFF.
[[nodiscard]] Character first_character(std::string_view text) noexcept;

}  // namespace almanac::inspect
