#include "layout.h"

#include <algorithm>

#include "flatbuffer.h"
#include "inflate.h"
#include "snapshot_data.h"

namespace almanac::internal {

namespace {

// The vectors, and what lies between them: tables, offsets, padding.
std::vector<FramePiece> pieces_of(Bytes frame, const format::Frame& root) {
  std::vector<FramePiece> all;
  std::uint64_t at = 0;
  for (const FramePiece& piece : vectors_of(frame, root)) {
    if (piece.offset > at) all.push_back({"structure", at, piece.offset - at});
    all.push_back(piece);
    at = piece.offset + piece.size;
  }
  if (at < frame.size()) all.push_back({"structure", at, frame.size() - at});
  return all;
}

}  // namespace

FrameLayout layout_of_frame(const Snapshot& snapshot, std::size_t frame) {
  const SnapshotData& data = data_of(snapshot);
  const ManifestFrame entry = data.manifest().frames[frame];
  check_limit(entry, data.max_inflated_size(), data.source().name());
  Mapping buffer;
  const Bytes stored = read_stored(data.source(), entry, buffer);
  check_inflated_size(stored, entry.size, data.source().name(), entry.offset);
  FrameLayout layout;
  layout.inflated.resize(static_cast<std::size_t>(entry.size));
  inflate(stored, layout.inflated, data.source().name(), entry.offset);
  const auto* root = verified_root<format::Frame>(layout.inflated, format::FrameIdentifier());
  if (root == nullptr)
    throw Error(ErrorCode::kCorrupt, data.source().name(), "frame: is not the FlatBuffer that it should be", entry.offset);
  if (overlap(vectors_of(layout.inflated, *root))) {
    throw Error(ErrorCode::kCorrupt, data.source().name(), "frame: two of its vectors overlap", entry.offset);
  }
  layout.pieces = pieces_of(layout.inflated, *root);
  for (const FramePiece& piece : layout.pieces) {
    const auto known = std::ranges::find(layout.components, piece.what, &FrameComponent::what);
    if (known != layout.components.end()) {
      known->size += piece.size;
    } else {
      layout.components.push_back({piece.what, piece.size});
    }
  }
  return layout;
}

}  // namespace almanac::internal
