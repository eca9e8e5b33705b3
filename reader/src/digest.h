// XXH3-128 of stored bytes: checked before anything is made of them, and the name of a snapshot.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bytes.h"

namespace almanac::internal {

struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  bool operator==(const Digest&) const = default;
};

[[nodiscard]] Digest digest_of(Bytes bytes) noexcept;
// XXH3-64, where eight bytes are enough.
[[nodiscard]] std::uint64_t checksum_of(Bytes bytes) noexcept;

// 32 lower-case hexadecimal digits, high half first.
[[nodiscard]] std::string to_hex(const Digest& digest);
[[nodiscard]] std::optional<Digest> parse_digest(std::string_view hex) noexcept;

}  // namespace almanac::internal
