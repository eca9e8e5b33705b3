#include "publish/kept_documents.h"

#include <almanac/error.h>
#include <zstd.h>

#include <cstdint>
#include <stdexcept>

#include "bytes.h"
#include "digest.h"
#include "inflate.h"
#include "source/documents.h"

namespace almanac::publish {

namespace {

constexpr std::string_view kMagic =
    "\x89"
    "ALD\r\n\x1A\n";
constexpr std::size_t kSizes = 2 * sizeof(std::uint32_t);
// Documents are text, of which higher levels save little more.
constexpr int kLevel = 9;
// A block of zstd has at least 4 bytes, and 128 KiB at most when it is inflated (RFC 8878, 3.1.1.2).
constexpr std::uint64_t kMostOfAByte = (std::uint64_t{128} << 10U) / 4;

void append(std::vector<std::byte>& bytes, std::string_view text) {
  const internal::Bytes more = internal::as_bytes(text);
  bytes.insert(bytes.end(), more.begin(), more.end());
}

std::vector<std::byte> inflated(std::span<const std::byte> kept, const std::string& object) {
  const unsigned long long size = ZSTD_getFrameContentSize(kept.data(), kept.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN) {
    throw Error(ErrorCode::kForeign, object, "is not what publishers keep documents in");
  }
  if (size > kMaxKept) throw Error(ErrorCode::kLimitExceeded, object, "announces more documents than can be kept");
  if (size / kMostOfAByte > kept.size()) throw Error(ErrorCode::kCorrupt, object, "announces more than its bytes can hold");
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  internal::inflate(kept, bytes, object, 0);
  return bytes;
}

}  // namespace

std::vector<std::byte> pack_documents(std::span<const source::DocumentText> documents) {
  std::vector<std::byte> bytes;
  append(bytes, kMagic);
  for (const source::DocumentText& document : documents) {
    const std::size_t at = bytes.size();
    bytes.resize(at + kSizes);
    internal::store(std::span(bytes), at, static_cast<std::uint32_t>(document.name.size()));
    internal::store(std::span(bytes), at + sizeof(std::uint32_t), static_cast<std::uint32_t>(document.text.size()));
    append(bytes, document.name);
    append(bytes, document.text);
  }
  std::vector<std::byte> kept(ZSTD_compressBound(bytes.size()));
  const std::size_t size = ZSTD_compress(kept.data(), kept.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) throw std::runtime_error(std::string("zstd cannot compress the documents: ") + ZSTD_getErrorName(size));
  kept.resize(size);
  return kept;
}

std::string documents_id(std::span<const std::byte> kept) { return internal::to_hex(internal::digest_of(kept)); }

std::vector<source::DocumentText> unpack_documents(std::span<const std::byte> kept, const std::string& object) {
  const std::vector<std::byte> bytes = inflated(kept, object);
  if (!internal::as_text(bytes).starts_with(kMagic)) throw Error(ErrorCode::kForeign, object, "is not what publishers keep documents in");
  std::vector<source::DocumentText> documents;
  for (std::size_t at = kMagic.size(); at < bytes.size();) {
    const internal::Bytes sizes = internal::slice(bytes, at, kSizes, object, "the sizes of a document");
    at += kSizes;
    const internal::Bytes name = internal::slice(bytes, at, internal::load<std::uint32_t>(sizes, 0), object, "the name of a document");
    at += name.size();
    const internal::Bytes text =
        internal::slice(bytes, at, internal::load<std::uint32_t>(sizes, sizeof(std::uint32_t)), object, "a document");
    at += text.size();
    documents.push_back({std::string(internal::as_text(name)), std::string(internal::as_text(text))});
    if (!source::language_of(documents.back().name))
      throw Error(ErrorCode::kCorrupt, object, "has a document whose language cannot be told");
  }
  return documents;
}

}  // namespace almanac::publish
