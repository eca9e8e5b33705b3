// Documents as a store keeps them: what a generation was compiled from together with what was registered, so that the next one can be.
//
//   const std::vector<std::byte> kept = pack_documents(documents);      // documents/<documents_id(kept)>
//   const std::vector<source::DocumentText> documents = unpack_documents(kept, object);
//
// One zstd frame, named by the digest of its bytes. Inflated it is 8 bytes of magic, and then for each document the sizes of its name and of
// its text, as little-endian numbers of 4 bytes, with the name and the text behind them. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "source/document_text.h"

namespace almanac::publish {

// Bytes, as they are kept and inflated: beside the texts there are their names and sizes.
inline constexpr std::uint64_t kMaxKept = source::kMaxTexts + (std::uint64_t{256} << 20U);

// No document is a document too: what is compiled from registrations alone has `{}`.
[[nodiscard]] std::vector<std::byte> pack_documents(std::span<const source::DocumentText> documents);

// 32 hexadecimal digits.
[[nodiscard]] std::string documents_id(std::span<const std::byte> kept);

// Throws Error kCorrupt, kForeign, kTruncated or kLimitExceeded, about `object`.
[[nodiscard]] std::vector<source::DocumentText> unpack_documents(std::span<const std::byte> kept, const std::string& object);

}  // namespace almanac::publish
