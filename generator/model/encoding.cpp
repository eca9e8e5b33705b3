#include "model/encoding.h"

#include <cstdint>
#include <cstring>

#include "inspect/utf8.h"

namespace almanac::model {

std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size()) {
    // Most text is ASCII: eight bytes at a time while no high bit is set.
    while (text.size() - at >= 8) {
      std::uint64_t eight = 0;
      std::memcpy(&eight, text.data() + at, 8);
      if ((eight & 0x8080808080808080U) != 0) break;
      at += 8;
    }
    if (at == text.size()) break;
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      ++at;
      continue;
    }
    const inspect::Character character = inspect::first_character(text.substr(at));
    if (!character.valid) return at;
    at += character.size;
  }
  return std::nullopt;
}

}  // namespace almanac::model
