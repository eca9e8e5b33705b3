// The perfect hash of a namespace: from a name to the one slot that can hold it.
//
// A name's hash chooses a bucket; the bucket's pilot, found by trial when the snapshot was compiled,
// sends each of the bucket's names to a slot of its own. After Pibiri and Trani, "PTHash: Revisiting
// FCH Minimal Perfect Hashing" (SIGIR 2021). schema/FORMAT.md, "The index", is normative.
#pragma once

#include <cstdint>
#include <string_view>

// Inlined, so that a lookup calls nothing and the library needs no xxhash at run time.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace almanac::internal {

// XXH3 has three kilobytes of code for texts of more than 128 bytes, which hardly any name is: those are hashed in one place.
[[nodiscard]] std::uint64_t hash_long_name(std::string_view name, std::uint64_t seed) noexcept;

[[nodiscard]] inline std::uint64_t hash_name(std::string_view name, std::uint64_t seed) noexcept {
  constexpr std::size_t kMostInlined = 128;
  return name.size() > kMostInlined ? hash_long_name(name, seed) : XXH3_64bits_withSeed(name.data(), name.size(), seed);
}

// floor(hash * count / 2^64): evenly from all hashes to [0, count). Lemire, "Fast Random Integer
// Generation in an Interval" (2019).
[[nodiscard]] inline std::uint64_t spread(std::uint64_t hash, std::uint64_t count) noexcept {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(hash) * count) >> 64U);
}

[[nodiscard]] inline std::uint64_t bucket_of(std::uint64_t hash, std::uint64_t buckets) noexcept { return spread(hash, buckets); }

// Constants of the format. Kept beside what else a lookup reads, they are multiplied with from memory, which spares it two instructions.
struct SlotFactors {
  std::uint64_t pilot = 0x9E3779B97F4A7C15U;
  std::uint64_t hash = 0xD6E8FEB86659FD93U;
};

// The names of a bucket share the high bits of their hashes; multiplying brings the low ones up.
[[nodiscard]] inline std::uint64_t slot_of(std::uint64_t hash, std::uint16_t pilot, std::uint64_t slots,
                                           const SlotFactors& factors = {}) noexcept {
  return spread((hash ^ (pilot * factors.pilot)) * factors.hash, slots);
}

}  // namespace almanac::internal
