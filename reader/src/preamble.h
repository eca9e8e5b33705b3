// The first 64 bytes of a snapshot: what it is, and where its manifest is. schema/FORMAT.md, "Preamble".
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "bytes.h"
#include "digest.h"

namespace almanac::internal {

inline constexpr std::size_t kPreambleSize = 64;
// Of a manifest, stored or inflated. One of 1,000,000 namespaces with names of 100 bytes has 124 MB.
inline constexpr std::uint32_t kMaxManifestSize = 256U << 20U;

struct Preamble {
  std::uint16_t major = 0;
  std::uint16_t minor = 0;
  std::uint32_t preamble_size = kPreambleSize;  // bytes; the manifest begins there
  std::uint64_t file_size = 0;
  std::uint32_t manifest_stored_size = 0;
  std::uint32_t manifest_size = 0;  // inflated
  Digest manifest_digest;           // of its stored bytes: the snapshot's id
  std::uint64_t features = 0;       // bits that a reader must know to read on; none so far
};

// Throws Error: kForeign, kTruncated, kCorrupt, kUnsupportedVersion, kLimitExceeded.
[[nodiscard]] Preamble parse_preamble(Bytes bytes, const std::string& object);
[[nodiscard]] std::array<std::byte, kPreambleSize> encode_preamble(const Preamble& preamble);

}  // namespace almanac::internal
