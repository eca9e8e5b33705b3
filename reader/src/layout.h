// Which byte of an inflated frame is what.
#pragma once

#include <almanac/snapshot.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "frame_pieces.h"

namespace almanac::internal {

struct FrameComponent {
  std::string_view what;   // as FramePiece names it
  std::uint64_t size = 0;  // bytes, inflated
};

struct FrameLayout {
  std::vector<std::byte> inflated;         // as in the file: without the index that a reader fills in
  std::vector<FramePiece> pieces;          // in order of offset, without gap or overlap
  std::vector<FrameComponent> components;  // the pieces added up
};

// Reads one frame anew. Throws Error as Snapshot::in() does.
[[nodiscard]] FrameLayout layout_of_frame(const Snapshot& snapshot, std::size_t frame);

}  // namespace almanac::internal
