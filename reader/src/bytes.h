// All arithmetic on offsets and sizes that come from outside, in one place.
#pragma once

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

// Memory that holds text to be scanned must be readable for so many bytes past its end.
inline constexpr std::size_t kScanSlack = 16;

// The first byte from `text` on that is at most `Highest`; the caller knows that there is one.
template <unsigned char Highest>
[[nodiscard]] inline const char* find_mark(const char* text) noexcept {
#if defined(__SSE2__)
  const __m128i highest = _mm_set1_epi8(static_cast<char>(Highest));
  for (;; text += sizeof(__m128i)) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text));
    const int marks = _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(block, highest), block));
    if (marks != 0) return text + std::countr_zero(static_cast<unsigned>(marks));
  }
#else
  // A byte below n sets its high bit in (word - n…) & ~word; the lowest such bit is exact
  // (Bit Twiddling Hacks, "Determine if a word has a byte less than n").
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  for (;; text += sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, text, sizeof word);
    const std::uint64_t marks = (word - kOnes * (Highest + 1U)) & ~word & (kOnes << 7U);
    if (marks != 0) return text + std::countr_zero(marks) / 8;
  }
#endif
}

}  // namespace almanac::internal
