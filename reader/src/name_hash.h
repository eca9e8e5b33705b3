// XXH3-64 of the names of one namespace: its seed is mixed into the constants beforehand, and a name of 17 to 32 bytes, as most
// are, is hashed and compared as four words. Other names go through the library. schema/FORMAT.md, "The index".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "bytes.h"
#include "perfect_hash.h"

namespace almanac::internal {

// A text of 17 to 32 bytes: its first two words and its last two, which may overlap.
struct FourWords {
  static constexpr std::size_t kLeast = 17;
  static constexpr std::size_t kMost = 32;
  [[nodiscard]] static bool fit(std::size_t size) noexcept { return size - kLeast <= kMost - kLeast; }

  FourWords(const char* text, std::size_t size) noexcept {
    std::memcpy(&a, text, sizeof a);
    std::memcpy(&b, text + 8, sizeof b);
    std::memcpy(&c, text + size - 16, sizeof c);
    std::memcpy(&d, text + size - 8, sizeof d);
  }
  std::uint64_t a, b, c, d;
};

// Whether two texts of one size, which fits four words, are the same.
[[nodiscard]] inline bool same_four_words(const char* one, const char* other, std::size_t size) noexcept {
#if defined(__SSE2__)
  // Not by the words that were hashed: keeping them for this would cost a lookup more registers than it may use freely.
  const auto same = [one, other](std::size_t at) {
    const auto load = [at](const char* text) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + at)); };
    return _mm_cmpeq_epi8(load(one), load(other));
  };
  return _mm_movemask_epi8(_mm_and_si128(same(0), same(size - 16))) == 0xFFFF;
#else
  const FourWords left(one, size);
  const FourWords right(other, size);
  return ((left.a ^ right.a) | (left.b ^ right.b) | (left.c ^ right.c) | (left.d ^ right.d)) == 0;
#endif
}

class NameHash {
 public:
  explicit NameHash(std::uint64_t seed) noexcept
      : seed_(seed),
        keys_{0xBE4BA423396CFEB8U + seed, 0x1CAD21F72C81017CU - seed, 0xDB979083E96DD4DEU + seed, 0x1F67B3B7A4A44072U - seed} {}

  // What hash_name() gives. The algorithm and its constants: XXH3's specification, "Medium inputs (17 to 240 bytes)".
  [[nodiscard]] std::uint64_t operator()(const FourWords& words, std::size_t size) const noexcept {
    std::uint64_t hash = folded_product(words.a ^ keys_[0], words.b ^ keys_[1]);
    // Folded before the next one is begun: the halves of two products need registers that a caller wants back as they were.
    asm("" : "+r"(hash));
    hash += folded_product(words.c ^ keys_[2], words.d ^ keys_[3]);
    asm("" : "+r"(hash));
    hash += sizes_[size];
    hash = (hash ^ (hash >> 37U)) * factor_;
    return hash ^ (hash >> 32U);
  }
  [[nodiscard]] std::uint64_t operator()(std::string_view name) const noexcept {
    return FourWords::fit(name.size()) ? (*this)(FourWords(name.data(), name.size()), name.size()) : hash_name(name, seed_);
  }

 private:
  using Sizes = std::array<std::uint64_t, FourWords::kMost + 1>;
  static constexpr Sizes kSizes = [] {
    Sizes sizes{};
    for (std::size_t size = 0; size < sizes.size(); ++size) sizes[size] = size * 0x9E3779B185EBCA87U;
    return sizes;
  }();

  static std::uint64_t folded_product(std::uint64_t left, std::uint64_t right) noexcept {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(left) * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
  }

  std::uint64_t seed_;
  std::array<std::uint64_t, 4> keys_;  // the secret's first 32 bytes, each word with the seed
  // Constants beside what else a hash reads, which spares it instructions: one is multiplied with from memory; and each size times
  // another one.
  std::uint64_t factor_ = 0x165667919E3779F9U;
  Sizes sizes_ = kSizes;
};

}  // namespace almanac::internal
