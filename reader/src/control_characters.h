// The characters that no name has: U+0000 to U+001F and U+007F to U+009F. schema/FORMAT.md, "Limits".
#pragma once

#include <cstddef>
#include <string_view>

namespace almanac::internal {

// In well-formed UTF-8, U+0080 to U+009F are the byte C2 and one of 80 to 9F, and C2 is never within a character.
[[nodiscard]] inline bool has_control(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == 0x7F) return true;
    const unsigned next = at + 1 < text.size() ? static_cast<unsigned char>(text[at + 1]) : 0;
    if (byte == 0xC2 && next >= 0x80 && next < 0xA0) return true;
  }
  return false;
}

}  // namespace almanac::internal
