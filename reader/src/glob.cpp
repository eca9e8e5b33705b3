#include "glob.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "bytes.h"

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

constexpr unsigned char kLeastFirstOfSeveral = 0xC2;

using Word = std::uint64_t;
constexpr std::size_t kWordBits = 64;

// The places in a text that the part of a pattern behind its first `*` can have come to, all at once: no pattern makes it go back.
// Place n is bit n of a row of words: before byte n, or at the end.
class Places {
 public:
  // All of them: behind a star.
  explicit Places(std::string_view text) noexcept : end_(text.size()), words_(text.size() / kWordBits + 1) {
    std::memcpy(bytes_.data(), text.data(), text.size());
    std::fill_n(begins_.begin(), words_, ~Word{0});
    begins_[words_ - 1] >>= kWordBits - 1 - text.size() % kWordBits;
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (static_cast<unsigned char>(text[at]) < kLeastFirstOfSeveral) continue;
      for (std::size_t more = size_of_character(text.substr(at)) - 1; more > 0; --more) {
        const std::size_t inside = at + more;
        begins_[inside / kWordBits] &= ~(Word{1} << inside % kWordBits);
      }
    }
    std::copy_n(begins_.begin(), words_, places_.begin());
  }

  [[nodiscard]] bool empty() const noexcept { return first_ == words_; }
  [[nodiscard]] bool has_end() const noexcept { return (places_[words_ - 1] >> end_ % kWordBits & 1U) != 0; }

  // Any number of characters; there is a place.
  void pass_any() noexcept {
    const Word least = places_[first_] & (~places_[first_] + 1);
    places_[first_] = begins_[first_] & (~least + 1);
    std::copy(begins_.begin() + first_ + 1, begins_.begin() + words_, places_.begin() + first_ + 1);
  }

  void pass_one() noexcept {
    advance([](std::size_t) { return ~Word{0}; });
    // From within a character on to its end; it has four bytes at most.
    for (int i = 0; i < 3; ++i) {
      Word carried = 0;
      for (std::size_t word = first_; word < words_; ++word) {
        const Word inside = places_[word] & ~begins_[word];
        places_[word] = (places_[word] & begins_[word]) | inside << 1U | carried;
        carried = inside >> (kWordBits - 1);
      }
    }
    for (std::size_t word = first_; word < words_; ++word) places_[word] &= begins_[word];  // not beyond the end
    skip_empty();
  }

  void pass(char byte) noexcept {
    advance([this, byte](std::size_t word) { return where(byte, word); });
  }

 private:
  using Row = std::array<Word, kMaxMatchedText / kWordBits + 1>;

  // Every place that `passes(word)` has goes one byte further, the others are left.
  template <typename Passes>
  void advance(Passes&& passes) noexcept {
    Word carried = 0;
    for (std::size_t word = first_; word < words_; ++word) {
      const Word passing = places_[word] == 0 ? 0 : places_[word] & passes(word);
      places_[word] = passing << 1U | carried;
      carried = passing >> (kWordBits - 1);
    }
    skip_empty();
  }

  void skip_empty() noexcept {
    while (first_ < words_ && places_[first_] == 0) ++first_;
  }

  // Those of a word whose byte is `byte`, eight at a time: what differs is 00 where they are equal, and is made 80 there and 00
  // elsewhere; the product brings the eight bits together.
  [[nodiscard]] Word where(char byte, std::size_t word) const noexcept {
    constexpr Word kOnes = 0x0101010101010101U;
    constexpr Word kLow = 0x7F7F7F7F7F7F7F7FU;
    Word found = 0;
    for (std::size_t part = 0; part < sizeof(Word); ++part) {
      Word eight = 0;
      std::memcpy(&eight, bytes_.data() + word * kWordBits + part * sizeof eight, sizeof eight);
      const Word other = eight ^ kOnes * static_cast<unsigned char>(byte);
      const Word equal = ~(((other & kLow) + kLow) | other | kLow) >> 7U;
      found |= (equal * 0x0102040810204080U >> 56U) << part * sizeof eight;
    }
    return found;
  }

  std::size_t end_;
  std::size_t words_;
  std::size_t first_ = 0;  // word that has a place
  Row begins_;             // where characters begin, and the end
  Row places_;
  std::array<char, sizeof(Row) * 8> bytes_{};  // the text, and 00
};

bool matches_behind_star(std::string_view pattern, std::string_view text) noexcept {
  Places places(text);
  while (!pattern.empty() && !places.empty()) {
    if (pattern.front() == kAnyText) {
      pattern.remove_prefix(1);
      if (pattern.empty()) return true;
      places.pass_any();
      continue;
    }
    const Want want = want_at(pattern);
    if (want.any) {
      places.pass_one();
    } else {
      places.pass(want.byte);
    }
    pattern.remove_prefix(want.size);
  }
  return !places.empty() && places.has_end();
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
  if (text.size() > kMaxMatchedText) return false;
  while (!pattern.empty() && pattern.front() != kAnyText) {
    const Want want = want_at(pattern);
    if (text.empty() || (!want.any && want.byte != text.front())) return false;
    pattern.remove_prefix(want.size);
    text.remove_prefix(want.any ? size_of_character(text) : 1);
  }
  if (pattern.empty()) return text.empty();
  pattern.remove_prefix(1);
  return pattern.empty() || matches_behind_star(pattern, text);
}

}  // namespace almanac::internal
