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

// A bit for each of 16 bytes: whether it is at most `Highest`.
template <unsigned char Highest>
[[nodiscard]] inline std::uint32_t marks_of_16(const char* text) noexcept {
#if defined(__SSE2__)
  const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
  const __m128i highest = _mm_set1_epi8(static_cast<char>(Highest));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(block, highest), block)));
#else
  std::uint32_t marks = 0;
  for (unsigned i = 0; i < 16; ++i) marks |= std::uint32_t{static_cast<unsigned char>(text[i]) <= Highest} << i;
  return marks;
#endif
}

// The first byte from `text` on that is at most `Highest`; the caller knows that there is one.
template <unsigned char Highest>
[[nodiscard]] inline const char* find_mark(const char* text) noexcept {
  for (;; text += 16) {
    const std::uint32_t marks = marks_of_16<Highest>(text);
    if (marks != 0) return text + std::countr_zero(marks);
  }
}

// The same, for one mark after another: each byte is looked at once.
template <unsigned char Highest>
class Marks {
 public:
  explicit Marks(const char* text) noexcept : block_(text), marks_(marks_of_block(text)) {}
  // The caller knows that there is another one.
  [[nodiscard]] const char* next() noexcept {
    while (marks_ == 0) marks_ = marks_of_block(block_ += kBlock);
    const char* mark = block_ + std::countr_zero(marks_);
    marks_ &= marks_ - 1;
    return mark;
  }

 private:
  static constexpr std::size_t kBlock = 64;
  static_assert(kBlock <= kScanSlack);
  static std::uint64_t marks_of_block(const char* text) noexcept {
    std::uint64_t marks = 0;
    for (unsigned i = 0; i < kBlock; i += 16) marks |= std::uint64_t{marks_of_16<Highest>(text + i)} << i;
    return marks;
  }

  const char* block_;
  std::uint64_t marks_;
};

}  // namespace almanac::internal
