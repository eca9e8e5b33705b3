#include "snapshot_data.h"

#include <almanac/error.h>

namespace almanac::internal {

const Part& part_of(const Frame& frame, const ManifestNamespace& entry, const std::string& object, std::uint64_t offset) {
  if (entry.part >= frame.parts.size() || frame.parts[entry.part].rows != entry.services ||
      frame.parts[entry.part].endpoints != entry.endpoints) {
    throw Error(ErrorCode::kCorrupt, object, "frame: does not hold the namespace that the manifest has in it", offset);
  }
  return frame.parts[entry.part];
}

SnapshotData::SnapshotData(std::unique_ptr<ByteSource> source, const OpenOptions& options)
    : source_(std::move(source)),
      max_inflated_size_(options.max_inflated_size),
      cache_(options.cache_directory.empty() ? std::nullopt : CacheDirectory::open(options.cache_directory)),
      manifest_(read_manifest(*source_)),
      id_(to_hex(manifest_.preamble.manifest_digest)),
      frames_(std::make_unique<FrameCell[]>(manifest_.frames.size())),
      namespaces_(std::make_unique<NamespaceCell[]>(manifest_.namespaces.size())) {}

const Frame& SnapshotData::frame_locked(FrameCell& cell, std::size_t number) const {
  if (cell.frame == nullptr) {
    cell.frame = Frame::load(*source_, manifest_.frames[number], cache_ ? &*cache_ : nullptr, max_inflated_size_);
  }
  return *cell.frame;
}

const Frame& SnapshotData::frame(std::size_t number) {
  FrameCell& cell = frames_[number];
  const std::scoped_lock lock(cell.mutex);
  return frame_locked(cell, number);
}

const NamespaceData& SnapshotData::open_namespace(std::size_t number) {
  NamespaceCell& cell = namespaces_[number];
  if (const NamespaceData* opened = cell.opened.load(std::memory_order_acquire)) return *opened;
  const ManifestNamespace& entry = manifest_.namespaces[number];
  FrameCell& frame_cell = frames_[entry.frame];
  const std::scoped_lock lock(frame_cell.mutex);
  if (!cell.data) {
    const Frame& frame = frame_locked(frame_cell, entry.frame);
    cell.data.emplace(frame, part_of(frame, entry, source_->name(), manifest_.frames[entry.frame].offset), entry.name);
    cell.opened.store(&*cell.data, std::memory_order_release);
  }
  return *cell.data;
}

std::unique_ptr<const Frame> SnapshotData::load_frame_afresh(std::size_t number) const {
  return Frame::load(*source_, manifest_.frames[number], nullptr, max_inflated_size_);
}

}  // namespace almanac::internal
