#include "preamble.h"

#include <almanac/error.h>
#include <almanac/version.h>

#include <algorithm>

namespace almanac::internal {

namespace {

// As PNG does: a byte above 127, line ends of both kinds and an end-of-file mark, so that a transfer
// that changes any of them is noticed at once (RFC 2083, section 12.11). Never renumber.
constexpr std::array<unsigned char, 8> kMagic = {0x89, 'A', 'L', 'M', '\r', '\n', 0x1A, '\n'};

enum Offset : std::size_t {
  kMajor = 8,
  kMinor = 10,
  kSize = 12,
  kFileSize = 16,
  kManifestStoredSize = 24,
  kManifestSize = 28,
  kDigestHigh = 32,
  kDigestLow = 40,
  kFeatures = 48,
  kChecksum = 56,
};

constexpr std::uint32_t kMaxPreambleSize = 4096;

std::string version_text(const Preamble& preamble) { return std::to_string(preamble.major) + "." + std::to_string(preamble.minor); }

void check_version(const Preamble& preamble, const std::string& object) {
  if (preamble.major != kFormatMajor) {
    throw Error(
        ErrorCode::kUnsupportedVersion, object,
        "has format " + version_text(preamble) + ", and this reader knows " + std::to_string(kFormatMajor) + ".x; update the reader",
        kMajor);
  }
  if (preamble.features != 0) {
    throw Error(ErrorCode::kUnsupportedVersion, object,
                "has format " + version_text(preamble) + " and uses features that this reader does not know; update the reader", kFeatures);
  }
}

}  // namespace

Preamble parse_preamble(Bytes bytes, const std::string& object) {
  const std::size_t compared = std::min(bytes.size(), kMagic.size());
  if (compared == 0 || std::memcmp(bytes.data(), kMagic.data(), compared) != 0) {
    throw Error(ErrorCode::kForeign, object, "is not an almanac snapshot", 0);
  }
  bytes = slice(bytes, 0, kPreambleSize, object, "the preamble");
  if (checksum_of(bytes.first(kChecksum)) != load<std::uint64_t>(bytes, kChecksum)) {
    throw Error(ErrorCode::kCorrupt, object, "the preamble's checksum does not hold: the file is damaged", 0);
  }
  Preamble preamble;
  preamble.major = load<std::uint16_t>(bytes, kMajor);
  preamble.minor = load<std::uint16_t>(bytes, kMinor);
  preamble.preamble_size = load<std::uint32_t>(bytes, kSize);
  preamble.file_size = load<std::uint64_t>(bytes, kFileSize);
  preamble.manifest_stored_size = load<std::uint32_t>(bytes, kManifestStoredSize);
  preamble.manifest_size = load<std::uint32_t>(bytes, kManifestSize);
  preamble.manifest_digest = {load<std::uint64_t>(bytes, kDigestHigh), load<std::uint64_t>(bytes, kDigestLow)};
  preamble.features = load<std::uint64_t>(bytes, kFeatures);
  check_version(preamble, object);
  if (preamble.preamble_size < kPreambleSize || preamble.preamble_size > kMaxPreambleSize) {
    throw Error(ErrorCode::kCorrupt, object, "the preamble's size must be 64 to 4,096, and is " + std::to_string(preamble.preamble_size),
                kSize);
  }
  if (preamble.manifest_size > kMaxManifestSize || preamble.manifest_stored_size > kMaxManifestSize) {
    throw Error(ErrorCode::kLimitExceeded, object, "the manifest is larger than 256 MiB", kManifestStoredSize);
  }
  if (!within(preamble.preamble_size, preamble.manifest_stored_size, preamble.file_size)) {
    throw Error(ErrorCode::kCorrupt, object, "the manifest does not fit into the file", kManifestStoredSize);
  }
  return preamble;
}

std::array<std::byte, kPreambleSize> encode_preamble(const Preamble& preamble) {
  std::array<std::byte, kPreambleSize> bytes{};
  std::memcpy(bytes.data(), kMagic.data(), kMagic.size());
  store(bytes, kMajor, preamble.major);
  store(bytes, kMinor, preamble.minor);
  store(bytes, kSize, preamble.preamble_size);
  store(bytes, kFileSize, preamble.file_size);
  store(bytes, kManifestStoredSize, preamble.manifest_stored_size);
  store(bytes, kManifestSize, preamble.manifest_size);
  store(bytes, kDigestHigh, preamble.manifest_digest.high);
  store(bytes, kDigestLow, preamble.manifest_digest.low);
  store(bytes, kFeatures, preamble.features);
  store(bytes, kChecksum, checksum_of(Bytes(bytes).first(kChecksum)));
  return bytes;
}

}  // namespace almanac::internal
