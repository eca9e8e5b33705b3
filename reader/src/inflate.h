// zstd frames (RFC 8878) as the format uses them: one frame, whose size is known beforehand.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "bytes.h"
#include "mapping.h"

namespace almanac::internal {

// Inflates `stored` into the whole of `into`. `offset` is where `stored` lies in `object`, for messages. `let_go`, where it is not
// null, is the memory that begins with `stored` and is needed no more: it gets smaller as `into` fills.
// Throws Error kCorrupt unless `stored` is exactly one zstd frame of exactly that size.
void inflate(Bytes stored, std::span<std::byte> into, const std::string& object, std::uint64_t offset, Mapping* let_go = nullptr);

// Throws Error kCorrupt unless the header of `stored` announces `size` bytes: before memory is taken.
void check_inflated_size(Bytes stored, std::uint64_t size, const std::string& object, std::uint64_t offset);

}  // namespace almanac::internal
