#include "snapshot_data.h"

#include <almanac/error.h>

#include <utility>

#include "index.h"

namespace almanac::internal {

const Part& part_of(const Frame& frame, const ManifestNamespace& entry, const std::string& object, std::uint64_t offset) {
  if (entry.part >= frame.parts.size() || frame.parts[entry.part].rows != entry.services ||
      frame.parts[entry.part].endpoints != entry.endpoints) {
    throw Error(ErrorCode::kCorrupt, object, "frame: does not hold the namespace that the manifest has in it", offset);
  }
  return frame.parts[entry.part];
}

SnapshotData::SnapshotData(std::unique_ptr<ByteSource> source, const OpenOptions& options, std::unique_ptr<Later> late)
    : source_(std::move(source)),
      max_inflated_size_(options.max_inflated_size),
      cache_(options.cache_directory.empty() ? std::nullopt : CacheDirectory::open(options.cache_directory)),
      manifest_(read_manifest(*source_)),
      id_(to_hex(manifest_.preamble.manifest_digest)),
      opened_(std::make_unique<std::atomic<const NamespaceData*>[]>(manifest_.namespaces.size())),
      late_(std::move(late)) {}

void SnapshotData::later(std::function<void()> work) {
  if (late_ == nullptr) return work();
  late_->add(std::move(work));
}

SnapshotData::FrameCell& SnapshotData::cell_of(std::size_t frame) {
  const std::scoped_lock lock(cells_mutex_);
  return cells_[frame];
}

const Frame& SnapshotData::frame_locked(FrameCell& cell, std::size_t number) {
  if (cell.frame != nullptr) return *cell.frame;
  const ManifestFrame entry = manifest_.frames[number];
  if (cache_) cell.frame = Frame::find(*cache_, entry, max_inflated_size_, source_->name());
  if (cell.frame == nullptr) {
    cell.frame = load_frame_afresh(number);
    if (cache_) {
      later([this, &frame = *cell.frame, entry] {
        try {
          internal::finish_index(frame, source_->name(), entry.offset);
        } catch (const Error&) {
          return;  // verify() says so
        }
        cache_->keep(entry.digest, frame.bytes());
      });
    }
  }
  return *cell.frame;
}

const Frame& SnapshotData::frame(std::size_t number) {
  FrameCell& cell = cell_of(number);
  const std::scoped_lock lock(cell.mutex);
  return frame_locked(cell, number);
}

const NamespaceData& SnapshotData::open_namespace(std::size_t number) {
  std::atomic<const NamespaceData*>& opened = opened_[number];
  if (const NamespaceData* data = opened.load(std::memory_order_acquire)) return *data;
  const ManifestNamespace entry = manifest_.namespaces[number];
  FrameCell& cell = cell_of(entry.frame);
  const std::scoped_lock lock(cell.mutex);
  // Another thread may have been faster.
  if (const NamespaceData* data = opened.load(std::memory_order_relaxed)) return *data;
  const Frame& frame = frame_locked(cell, entry.frame);
  const NamespaceData& data =
      cell.namespaces.emplace_front(frame, part_of(frame, entry, source_->name(), manifest_.frames[entry.frame].offset), entry.name);
  opened.store(&data, std::memory_order_release);
  return data;
}

void SnapshotData::finish_index(std::size_t number) const {
  const NamespaceData* data = opened_[number].load(std::memory_order_acquire);
  if (data != nullptr) data->finish_index(source_->name(), manifest_.frames[manifest_.namespaces[number].frame].offset);
}

void SnapshotData::finish_indexes() const {
  for (std::size_t number = 0; number < manifest_.namespaces.size(); ++number) finish_index(number);
}

std::unique_ptr<const Frame> SnapshotData::load_frame_afresh(std::size_t number) const {
  return Frame::load(*source_, manifest_.frames[number], max_inflated_size_);
}

}  // namespace almanac::internal
