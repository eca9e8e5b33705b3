#include "model/pattern_inclusion.h"

#include "glob.h"

namespace almanac::model {
namespace {

// Bytes of UTF-8 are never FF.
constexpr std::uint32_t kAnyText = 0xffffffff;
constexpr std::uint32_t kAnyCharacter = 0xfffffffe;

}  // namespace

Pattern::Pattern(std::string_view text) {
  while (!text.empty()) {
    const char first = text.front();
    if (first == '*' || first == '?') {
      items_.push_back(first == '*' ? kAnyText : kAnyCharacter);
      text.remove_prefix(1);
      continue;
    }
    if (first == '\\') text.remove_prefix(1);
    const std::size_t size = internal::size_of_character(text);
    std::uint32_t character = 0;
    for (const char byte : text.substr(0, size)) character = (character << 8U) | static_cast<unsigned char>(byte);
    items_.push_back(character);
    text.remove_prefix(size);
  }
}

bool Pattern::covers(const Pattern& other, std::uint64_t& steps) const noexcept {
  const std::vector<std::uint32_t>& theirs = other.items_;
  std::size_t at = 0;
  std::size_t their = 0;
  // Where to go on when what follows the last `*` does not fit: behind it here, one item further there.
  std::size_t behind = 0;
  std::size_t their_behind = 0;
  bool has_star = false;
  while (at < items_.size() || their < theirs.size()) {
    if (steps == 0) return false;
    --steps;
    if (at < items_.size() && items_[at] == kAnyText) {
      behind = ++at;
      their_behind = their;
      has_star = true;
      continue;
    }
    const bool fits = at < items_.size() && their < theirs.size() && theirs[their] != kAnyText &&
                      (items_[at] == kAnyCharacter || items_[at] == theirs[their]);
    if (fits) {
      ++at;
      ++their;
    } else if (has_star && their_behind < theirs.size()) {
      at = behind;
      their = ++their_behind;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace almanac::model
