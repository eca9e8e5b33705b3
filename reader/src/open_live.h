// From a store to the snapshot that is live there, or was.
#pragma once

#include <almanac/snapshot.h>
#include <almanac/store.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "announcement.h"

namespace almanac::internal {

struct LiveSnapshot {
  Announcement announcement;
  Snapshot snapshot;
  std::string etag;                                      // of the object
  std::shared_ptr<const std::vector<std::byte>> object;  // the announcement, and what it carries of the snapshot
  // Until when the store is waited for as bytes of the snapshot are read. Who has read all that opening needs sets
  // Deadline::max(): from then on the store's own timeouts hold.
  std::shared_ptr<std::atomic<Deadline>> deadline;
};

// An object that holds an announcement and may hold more; more than this is none. A snapshot's manifest has
// at most 1,000,000 entries.
inline constexpr std::uint64_t kMaxAnnouncedSize = std::uint64_t{64} << 20U;

// What is live. Throws Error: kNotFound when nothing was ever published, and as Store and Snapshot::open() do.
[[nodiscard]] LiveSnapshot open_live(const std::shared_ptr<Store>& store, const OpenOptions& options);
// An older generation.
[[nodiscard]] LiveSnapshot open_generation(const std::shared_ptr<Store>& store, std::uint64_t generation, const OpenOptions& options);
// What `object` announces: the bytes that it lacks are read from the store as they are used. `name` is the object's, for messages.
[[nodiscard]] LiveSnapshot open_object(const std::shared_ptr<Store>& store, const std::string& name, Object object,
                                       const OpenOptions& options, Deadline deadline = Deadline::max());

// Throws Error kCorrupt when a frame that the object brought along is damaged, also if it was not read from there.
void check_carried(const LiveSnapshot& live);

// store.get(), where whatever a store of somebody else's throws is an Error, and nothing is asked when the deadline has passed.
[[nodiscard]] std::optional<Object> get_if_changed(Store& store, std::string_view key, const GetOptions& options);
// The same without options.if_none_match: there is always an object.
[[nodiscard]] Object get_object(Store& store, std::string_view key, const GetOptions& options);

// "store/key", for messages.
[[nodiscard]] std::string object_name(const Store& store, std::string_view key);

}  // namespace almanac::internal
