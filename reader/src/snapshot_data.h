// What the copies of a Snapshot share: the source, the manifest, and the namespaces opened so far.
#pragma once

#include <almanac/snapshot.h>

#include <atomic>
#include <forward_list>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cache.h"
#include "manifest.h"
#include "namespace_data.h"

namespace almanac::internal {

// Who does what is left to do once somebody has an answer. Apart from LateWork, so that no thread is linked into a program that opens
// snapshots alone.
class Later {
 public:
  virtual ~Later() = default;
  // All of it is done before this object is gone.
  virtual void add(std::function<void()> work) noexcept = 0;
};

class SnapshotData {
 public:
  // Without `late` nothing is left to do later.
  SnapshotData(std::unique_ptr<ByteSource> source, const OpenOptions& options, std::unique_ptr<Later> late);

  [[nodiscard]] const ByteSource& source() const noexcept { return *source_; }
  [[nodiscard]] const Manifest& manifest() const noexcept { return manifest_; }
  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] std::uint64_t max_inflated_size() const noexcept { return max_inflated_size_; }
  // Whether a cache directory was named that can be used.
  [[nodiscard]] bool has_cache() const noexcept { return cache_.has_value(); }

  // The frame, loaded at the first call. Threads: different frames load at once, one loads once.
  [[nodiscard]] const Frame& frame(std::size_t number);
  [[nodiscard]] const NamespaceData& open_namespace(std::size_t number);
  // Makes the whole index of a namespace that is open, or of all those, and checks their rows, unless that was done.
  // Throws Error kCorrupt. Nobody waits for anybody.
  void finish_index(std::size_t number) const;
  void finish_indexes() const;
  // Not remembered and not from the cache: read from the source and checked anew.
  [[nodiscard]] std::unique_ptr<const Frame> load_frame_afresh(std::size_t number) const;
  // Done while this object lives: before this returns, or later. `work` must not own this object.
  void later(std::function<void()> work);

 private:
  // A frame that somebody asked for, and those of its namespaces that were opened.
  struct FrameCell {
    std::mutex mutex;  // guards what follows
    std::unique_ptr<const Frame> frame;
    std::forward_list<NamespaceData> namespaces;
  };

  [[nodiscard]] FrameCell& cell_of(std::size_t frame);
  const Frame& frame_locked(FrameCell& cell, std::size_t number);

  std::unique_ptr<ByteSource> source_;
  std::uint64_t max_inflated_size_;
  std::optional<CacheDirectory> cache_;
  Manifest manifest_;
  std::string id_;
  std::mutex cells_mutex_;
  std::map<std::size_t, FrameCell> cells_;                       // by frame; its mutex guards where they are, not what is in them
  std::unique_ptr<std::atomic<const NamespaceData*>[]> opened_;  // by namespace; null: nobody asked for it yet
  std::unique_ptr<Later> late_;                                  // last: it is done before what it uses is gone
};

// The part of `frame` that is the namespace, or Error kCorrupt when it is not the one the manifest describes.
[[nodiscard]] const Part& part_of(const Frame& frame, const ManifestNamespace& entry, const std::string& object, std::uint64_t offset);

// Opens a snapshot over any source of bytes.
[[nodiscard]] Snapshot open_snapshot(std::unique_ptr<ByteSource> source, const OpenOptions& options, std::unique_ptr<Later> late = nullptr);
// Snapshot::in() for those who read all rows, or would rather have an Error than rows that are wrong: they are checked.
[[nodiscard]] Namespace open_checked(const Snapshot& snapshot, std::string_view name);
// What lies behind a handle, for the parts of this library that show more than its users need.
[[nodiscard]] SnapshotData& data_of(const Snapshot& snapshot) noexcept;

}  // namespace almanac::internal
