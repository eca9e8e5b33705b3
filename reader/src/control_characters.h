// The characters that no name has: U+0000 to U+001F and U+007F to U+009F. schema/FORMAT.md, "Limits".
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace almanac::internal {

// Of ASCII, and no control character: true of nearly all that a registry holds, and a byte of it costs an eighth of a look.
[[nodiscard]] inline bool is_plain(std::string_view text) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  const auto is_plain_word = [](std::uint64_t word) {
    const std::uint64_t blank_or_above = (word | 0x80 * kOnes) - 0x20 * kOnes;  // has its high bit where a byte is 20 to 7F
    return ((word | (word + kOnes) | ~blank_or_above) & 0x80 * kOnes) == 0;
  };
  for (; text.size() >= sizeof(std::uint64_t); text.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    if (!is_plain_word(word)) return false;
  }
  return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7F; });
}

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
