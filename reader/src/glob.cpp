#include "glob.h"

#include <algorithm>
#include <cstdint>

namespace almanac::internal {

namespace {

constexpr char kAnyText = '*';
constexpr char kAnyCharacter = '?';
constexpr char kEscape = '\\';

bool is_continuation(char byte) noexcept { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80; }

// The smallest second byte that does not make the sequence overlong, and the largest that is still a character (RFC 3629, section 4).
bool is_second_byte(unsigned char first, unsigned char second) noexcept {
  const unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  return second >= least && second <= most;
}

// What a pattern wants next, other than kAnyText.
struct Want {
  bool any = false;  // whatever it is
  char byte = 0;
  std::size_t size = 0;  // in the pattern
};

Want want_at(std::string_view pattern) noexcept {
  if (pattern.front() == kAnyCharacter) return {true, 0, 1};
  if (pattern.front() == kEscape && pattern.size() > 1) return {false, pattern[1], 2};
  return {false, pattern.front(), 1};
}

}  // namespace

std::size_t size_of_character(std::string_view text) noexcept {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = first >= 0xF0 && first <= 0xF4 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1;
  if (first > 0xF4 || size == 1 || text.size() < size || !is_second_byte(first, static_cast<unsigned char>(text[1]))) return 1;
  return std::ranges::all_of(text.substr(1, size - 1), is_continuation) ? size : 1;
}

bool is_glob(std::string_view pattern) noexcept {
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == kEscape && ++at == pattern.size()) return false;
  }
  return true;
}

bool glob_matches(std::string_view pattern, std::string_view text) noexcept {
  // Where to go on when what follows the last `*` does not fit: behind it in the pattern, one character further in the text.
  std::string_view pattern_behind;
  std::string_view text_behind;
  bool has_star = false;
  for (;;) {
    if (!pattern.empty() && pattern.front() == kAnyText) {
      pattern.remove_prefix(1);
      pattern_behind = pattern;
      text_behind = text;
      has_star = true;
      continue;
    }
    if (pattern.empty() && text.empty()) return true;
    if (!pattern.empty() && !text.empty()) {
      const Want want = want_at(pattern);
      if (want.any || want.byte == text.front()) {
        pattern.remove_prefix(want.size);
        text.remove_prefix(want.any ? size_of_character(text) : 1);
        continue;
      }
    }
    if (!has_star || text_behind.empty()) return false;
    text_behind.remove_prefix(size_of_character(text_behind));
    text = text_behind;
    pattern = pattern_behind;
  }
}

}  // namespace almanac::internal
