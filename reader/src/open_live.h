// From a store to the snapshot that is live there, or was.
#pragma once

#include <almanac/snapshot.h>
#include <almanac/store.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "announcement.h"

namespace almanac::internal {

struct LiveSnapshot {
  Announcement announcement;
  Snapshot snapshot;
  std::string etag;  // of `current`
};

// What is live. Throws Error: kNotFound when nothing was ever published, and as Snapshot::open() does.
[[nodiscard]] LiveSnapshot open_live(const std::shared_ptr<Store>& store, const OpenOptions& options);
// The same, or nothing when `current` still has that etag.
[[nodiscard]] std::optional<LiveSnapshot> open_if_changed(const std::shared_ptr<Store>& store, const std::string& etag,
                                                          const OpenOptions& options);
// An older generation.
[[nodiscard]] LiveSnapshot open_generation(const std::shared_ptr<Store>& store, std::uint64_t generation, const OpenOptions& options);

// The snapshot of that announcement, read in ranges as it is used.
[[nodiscard]] Snapshot open_announced(const std::shared_ptr<Store>& store, const Announcement& announcement, const OpenOptions& options);

// "store/key", for messages.
[[nodiscard]] std::string object_name(const Store& store, std::string_view key);

}  // namespace almanac::internal
