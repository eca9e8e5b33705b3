#include "digest.h"

#include "perfect_hash.h"

namespace almanac::internal {

namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

Digest digest_of(Bytes bytes) noexcept {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

std::uint64_t checksum_of(Bytes bytes) noexcept { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string to_hex(const Digest& digest) {
  std::string hex;
  for (const std::uint64_t half : {digest.high, digest.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) hex += kDigits[(half >> static_cast<unsigned>(shift)) & 0xFU];
  }
  return hex;
}

std::optional<Digest> parse_digest(std::string_view hex) noexcept {
  constexpr std::size_t kHalf = 16;
  if (hex.size() != 2 * kHalf) return std::nullopt;
  Digest digest;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const std::size_t value = kDigits.find(hex[i]);
    if (value == std::string_view::npos) return std::nullopt;
    std::uint64_t& half = i < kHalf ? digest.high : digest.low;
    half = half << 4U | value;
  }
  return digest;
}

}  // namespace almanac::internal
