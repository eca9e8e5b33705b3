#include "model/pattern_inclusion.h"

#include <algorithm>

#include "glob.h"

namespace almanac::model {
namespace {

// Bytes of UTF-8 are never FF.
constexpr std::uint32_t kAnyText = 0xffffffff;
constexpr std::uint32_t kAnyCharacter = 0xfffffffe;

constexpr bool stands_for_others(std::uint32_t item) noexcept { return item >= kAnyCharacter; }

}  // namespace

Pattern::Pattern(std::string_view text) : text_(text) {
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
  head_ = static_cast<std::size_t>(std::ranges::find_if(items_, stands_for_others) - items_.begin());
}

bool Pattern::covers(const Pattern& other, Steps& steps) const noexcept {
  const std::vector<std::uint32_t>& theirs = other.items_;
  if (!steps.take() || theirs.size() < head_ || !std::equal(items_.data(), items_.data() + head_, theirs.data())) return false;
  std::size_t at = head_;
  std::size_t their = head_;
  // Where to go on when what follows the last `*` does not fit: behind it here, one item further there.
  std::size_t behind = 0;
  std::size_t their_behind = 0;
  bool has_star = false;
  while (at < items_.size() || their < theirs.size()) {
    if (!steps.take()) return false;
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
