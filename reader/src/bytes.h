// All arithmetic on offsets and sizes that come from outside, in one place.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace almanac::internal {

static_assert(std::endian::native == std::endian::little, "the format is little-endian, and read in place");

using Bytes = std::span<const std::byte>;

// Whether [offset, offset + size) lies in [0, total), without a sum that could wrap.
[[nodiscard]] constexpr bool within(std::uint64_t offset, std::uint64_t size, std::uint64_t total) noexcept {
  return offset <= total && size <= total - offset;
}

// The same of numbers whose sum fits into 64 bits, with one comparison.
[[nodiscard]] constexpr bool within_32(std::uint32_t offset, std::uint32_t size, std::uint64_t total) noexcept {
  return std::uint64_t{offset} + size <= total;
}

// bytes[offset, offset + size), or Error kTruncated that says what was to be there.
[[nodiscard]] Bytes slice(Bytes bytes, std::uint64_t offset, std::uint64_t size, const std::string& object, std::string_view what);

// A fixed-width number at an offset that within() has admitted.
template <class T>
[[nodiscard]] T load(Bytes bytes, std::size_t offset) noexcept {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

template <class T>
void store(std::span<std::byte> bytes, std::size_t offset, T value) noexcept {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

[[nodiscard]] inline std::string_view as_text(Bytes bytes) noexcept { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

[[nodiscard]] inline Bytes as_bytes(std::string_view text) noexcept { return std::as_bytes(std::span(text.data(), text.size())); }

// `into` has room. Of std::ranges::copy, g++ 12 makes a loop over single bytes where it compiles for size.
inline void copy_bytes(Bytes from, std::span<std::byte> into) noexcept { std::copy_n(from.data(), from.size(), into.data()); }

// Memory that holds text to be scanned must be readable for so many bytes past its end.
inline constexpr std::size_t kScanSlack = 64;

// A bit for each of so many bytes: whether it is at most `Highest`. Behind the end of the text may lie the index that other threads are
// filling: nobody asks for those bits, which ThreadSanitizer cannot know.
#if defined(__SSE2__)
inline constexpr std::size_t kMarkWidth = 16;
template <unsigned char Highest>
[[nodiscard]] __attribute__((no_sanitize("thread"))) inline std::uint32_t marks_of(const char* text) noexcept {
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  const __m128i highest = _mm_set1_epi8(static_cast<char>(Highest));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(block, highest), block)));
}
#else
inline constexpr std::size_t kMarkWidth = 8;
template <unsigned char Highest>
[[nodiscard]] __attribute__((no_sanitize("thread"))) inline std::uint32_t marks_of(const char* text) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  constexpr std::uint64_t kHighBits = kOnes << 7U;
  std::uint64_t word;
  std::memcpy(&word, text, sizeof word);
  // Its high bit is set where a byte's low seven bits are above `Highest`; no carry leaves a byte.
  const std::uint64_t above = (word & ~kHighBits) + kOnes * (0x7FU - Highest);
  // The high bits of all bytes, moved side by side: byte i's from bit 8 i to bit 56 + i.
  return static_cast<std::uint32_t>((((~(above | word) & kHighBits) >> 7U) * 0x0102040810204080U) >> 56U);
}
#endif

// The first byte from `text` on that is at most `Highest`; the caller knows that there is one.
template <unsigned char Highest>
[[nodiscard]] inline const char* find_mark(const char* text) noexcept {
  for (;; text += kMarkWidth) {
    const std::uint32_t marks = marks_of<Highest>(text);
    if (marks != 0) return text + std::countr_zero(marks);
  }
}

// Behind the last byte before `text` that is at most `Highest`; `begin` where there is none from there on.
template <unsigned char Highest>
[[nodiscard]] inline const char* behind_mark_before(const char* begin, const char* text) noexcept {
  for (; text - begin >= static_cast<std::ptrdiff_t>(kMarkWidth); text -= kMarkWidth) {
    const std::uint32_t marks = marks_of<Highest>(text - kMarkWidth);
    if (marks != 0) return text - kMarkWidth + std::bit_width(marks);
  }
  while (text != begin && static_cast<unsigned char>(text[-1]) > Highest) --text;
  return text;
}

// As find_mark(), for one mark after another: each byte is looked at once.
template <unsigned char Highest>
class Marks {
 public:
  explicit Marks(const char* text) noexcept : behind_(text) {}
  // The caller knows that there is another one.
  [[nodiscard]] const char* next() noexcept {
    for (; marks_ == 0; behind_ += kBlock) marks_ = marks_of_block(behind_);
    const char* mark = behind_ - kBlock + std::countr_zero(marks_);
    marks_ &= marks_ - 1;
    return mark;
  }

 private:
  static constexpr std::size_t kBlock = 64;
  static_assert(kBlock <= kScanSlack);
  static std::uint64_t marks_of_block(const char* text) noexcept {
    std::uint64_t marks = 0;
    for (unsigned i = 0; i < kBlock; i += kMarkWidth) marks |= std::uint64_t{marks_of<Highest>(text + i)} << i;
    return marks;
  }

  const char* behind_;       // the block that is looked at
  std::uint64_t marks_ = 0;  // of that block, those that are left
};

}  // namespace almanac::internal
