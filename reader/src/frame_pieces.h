// Where the vectors of a frame lie in it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "frame_generated.h"

namespace almanac::internal {

struct FramePiece {
  std::string_view what;     // "text", "descriptions", "index", "columns", "labels", "tag sets", "attribute sets", "parts", "structure"
  std::uint64_t offset = 0;  // in the inflated frame
  std::uint64_t size = 0;    // bytes
};

// Every vector that is there, its length field included, in order of offset. `root` is verified.
[[nodiscard]] std::vector<FramePiece> vectors_of(Bytes frame, const format::Frame& root);

// The root and the tables in it, with their vtables, which tables may share; "structure" all of them.
[[nodiscard]] std::vector<FramePiece> tables_of(Bytes frame, const format::Frame& root);

// Whether two of those overlap, which no writer makes: a reader that fills in one would change the other.
[[nodiscard]] bool overlap(const std::vector<FramePiece>& vectors) noexcept;
// Whether a vector lies on a table. The vectors are in order of offset, and do not overlap.
[[nodiscard]] bool overlap(const std::vector<FramePiece>& vectors, const std::vector<FramePiece>& tables) noexcept;

}  // namespace almanac::internal
