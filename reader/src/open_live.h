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

// An object that holds an announcement and may hold more; more than this is none. A snapshot's manifest has
// at most 1,000,000 entries.
inline constexpr std::uint64_t kMaxAnnouncedSize = std::uint64_t{64} << 20U;

// What is live. Throws Error: kNotFound when nothing was ever published, and as Store and Snapshot::open() do.
[[nodiscard]] LiveSnapshot open_live(const std::shared_ptr<Store>& store, const OpenOptions& options);
// An older generation.
[[nodiscard]] LiveSnapshot open_generation(const std::shared_ptr<Store>& store, std::uint64_t generation, const OpenOptions& options);
// What `object`, which came from that key, announces: the bytes that it lacks are read from the store as they are
// used, until `deadline` as long as that lasts, and then with the store's own timeouts.
[[nodiscard]] LiveSnapshot open_object(const std::shared_ptr<Store>& store, std::string_view key, Object object, const OpenOptions& options,
                                       Deadline deadline = Deadline::max());

// The snapshot of that announcement, read in ranges as it is used.
[[nodiscard]] Snapshot open_announced(const std::shared_ptr<Store>& store, const Announcement& announcement, const OpenOptions& options);

// "store/key", for messages.
[[nodiscard]] std::string object_name(const Store& store, std::string_view key);

}  // namespace almanac::internal
