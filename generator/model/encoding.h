// Whether text is UTF-8 (RFC 3629), and where not; and whether it is no more than what nearly all text is.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace almanac::model {

// The offset of the first byte that is part of no well-formed character.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept;

// Of ASCII, and no control character, as nearly all is that a registry holds. Looks at eight bytes at a time.
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

}  // namespace almanac::model
