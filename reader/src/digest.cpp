#include "digest.h"

#include <charconv>

#include "perfect_hash.h"

namespace almanac::internal {

Digest digest_of(Bytes bytes) noexcept {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

std::uint64_t checksum_of(Bytes bytes) noexcept { return XXH3_64bits(bytes.data(), bytes.size()); }

std::string to_hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const std::uint64_t half : {digest.high, digest.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) hex += kDigits[(half >> static_cast<unsigned>(shift)) & 0xFU];
  }
  return hex;
}

std::optional<Digest> parse_digest(std::string_view hex) noexcept {
  constexpr std::size_t kHalf = 16;
  if (hex.size() != 2 * kHalf || hex.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  Digest digest;
  std::from_chars(hex.data(), hex.data() + kHalf, digest.high, 16);
  std::from_chars(hex.data() + kHalf, hex.data() + hex.size(), digest.low, 16);
  return digest;
}

}  // namespace almanac::internal
