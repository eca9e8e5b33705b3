#include "terminal_text.h"

#include <algorithm>
#include <array>
#include <span>

#include "utf8.h"

namespace almanac::inspect {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Beyond ASCII: C1 controls, marks and overrides of direction, line and paragraph separators, isolates,
// the byte order mark, interlinear annotations, tags.
constexpr std::array<Range, 9> kHidden = {{{0x80, 0x9f},
                                           {0x61c, 0x61c},
                                           {0x200b, 0x200f},
                                           {0x2028, 0x202e},
                                           {0x2060, 0x2069},
                                           {0xfeff, 0xfeff},
                                           {0xfff9, 0xfffb},
                                           {0xe0001, 0xe0001},
                                           {0xe0020, 0xe007f}}};

// Blocks whose characters are wide (Unicode Standard Annex 11), to the precision of whole blocks.
constexpr std::array<Range, 10> kWide = {{{0x1100, 0x115f},
                                          {0x2e80, 0x303e},
                                          {0x3041, 0xa4cf},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xff60},
                                          {0xffe0, 0xffe6},
                                          {0x1f300, 0x1faff},
                                          {0x20000, 0x3fffd}}};

constexpr std::array<Range, 4> kCombining = {{{0x300, 0x36f}, {0x1ab0, 0x1aff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}}};

bool is_in(std::span<const Range> ranges, char32_t code) noexcept {
  return std::ranges::any_of(ranges, [code](Range range) { return range.first <= code && code <= range.last; });
}

std::size_t columns_of(char32_t code) noexcept {
  if (code < 0x300 || is_in(kCombining, code)) return code < 0x300 ? 1 : 0;
  return is_in(kWide, code) ? 2 : 1;
}

std::string hexadecimal(std::string_view mark, char32_t code, std::size_t digits) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(mark);
  while (digits-- > 0) text += kDigits[(code >> (4 * digits)) & 0xfU];
  return text;
}

// How the first character of `text` is shown, and where the next one begins.
std::string take_visible(std::string_view& text) {
  const std::string_view all = text;
  const Character character = first_character(all);
  text.remove_prefix(character.size);
  if (!character.valid) return hexadecimal("\\x", static_cast<unsigned char>(all.front()), 2);
  const char32_t code = character.code;
  if (code == '\n') return "\\n";
  if (code == '\t') return "\\t";
  if (code < 0x20 || code == 0x7f) return hexadecimal("\\x", code, 2);
  if (code >= 0x80 && is_in(kHidden, code)) return code > 0xffff ? hexadecimal("\\U", code, 8) : hexadecimal("\\u", code, 4);
  return std::string(all.substr(0, character.size));
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) out += take_visible(text);
  return out;
}

std::string visible(std::string_view text, std::size_t most) {
  std::string out;
  std::size_t used = 0;
  std::size_t fits = 0;  // bytes of `out` that leave room for the ellipsis
  while (!text.empty()) {
    const std::string next = take_visible(text);
    used += columns(next);
    if (used > most) {
      out.resize(fits);
      return out + "…";
    }
    out += next;
    if (used < most) fits = out.size();
  }
  return out;
}

std::string in_quotes(std::string_view text) { return std::string("\"").append(visible(text)).append("\""); }

std::string in_quotes(std::string_view text, std::size_t most) { return std::string("\"").append(visible(text, most)).append("\""); }

std::size_t columns(std::string_view text) noexcept {
  std::size_t sum = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    sum += columns_of(character.code);
    text.remove_prefix(character.size);
  }
  return sum;
}

}  // namespace almanac::inspect
