// From a store to the snapshot that is live there, or was.
#pragma once

#include <almanac/snapshot.h>
#include <almanac/store.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "announcement.h"

namespace almanac::internal {

class Later;

// An object that holds an announcement, and behind it the first bytes of the snapshot, or all of them, or none.
struct AnnouncedObject {
  Announcement announcement;
  std::string name;  // for messages
  std::string etag;
  std::shared_ptr<const std::vector<std::byte>> bytes;
  std::size_t snapshot_begin = 0;  // in `bytes`
};

struct LiveSnapshot {
  Announcement announcement;
  Snapshot snapshot;
  std::string etag;                                      // of the object
  std::shared_ptr<const std::vector<std::byte>> object;  // the announcement, and what it carries of the snapshot
};

// While it lives, a read of a snapshot's bytes by this thread waits for the store no longer than that. Without one the store's own
// timeouts hold. The last one made counts, and none is given to another thread.
class ReadDeadline {
 public:
  explicit ReadDeadline(Deadline deadline) noexcept;
  ReadDeadline(const ReadDeadline&) = delete;
  ReadDeadline& operator=(const ReadDeadline&) = delete;
  ~ReadDeadline();
  [[nodiscard]] static Deadline current() noexcept;

 private:
  Deadline before_;
};

// An object that holds an announcement and may hold more; more than this is none. A snapshot's manifest has
// at most 1,000,000 entries.
inline constexpr std::uint64_t kMaxAnnouncedSize = std::uint64_t{64} << 20U;

// What is live. Throws Error: kNotFound when nothing was ever published, and as Store and Snapshot::open() do.
[[nodiscard]] LiveSnapshot open_live(const std::shared_ptr<Store>& store, const OpenOptions& options);
// An older generation.
[[nodiscard]] LiveSnapshot open_generation(const std::shared_ptr<Store>& store, std::uint64_t generation, const OpenOptions& options);
// `name` is the object's, for messages. Throws Error as parse_announcement() does.
[[nodiscard]] AnnouncedObject parse_announced(std::string name, Object object);
// What an object of the store announces. Throws Error as the store does too.
[[nodiscard]] AnnouncedObject fetch_announced(Store& store, std::string_view key);
// What is announced: the bytes that the object lacks are read from the store as they are used.
[[nodiscard]] LiveSnapshot open_announced(const std::shared_ptr<Store>& store, const AnnouncedObject& announced,
                                          const OpenOptions& options);
// Both.
[[nodiscard]] LiveSnapshot open_object(const std::shared_ptr<Store>& store, const std::string& name, Object object,
                                       const OpenOptions& options);

// What an instance has that the rollout of an announcement has not reached.
[[nodiscard]] Announcement previous_of(const Announcement& announcement);
// The same from the store, its first MiB in one request: an object as it was `current` then. Throws Error as the store does.
[[nodiscard]] AnnouncedObject fetch_previous(Store& store, const Announcement& announcement);

// A thread, as soon as there is something for the cache directory; null where there is none.
[[nodiscard]] std::unique_ptr<Later> late_work_for(const OpenOptions& options);

// Throws Error kCorrupt when a frame that the object brought along is damaged, also if it was not read from there.
void check_carried(const SnapshotData& data);

// store.get(), where whatever a store of somebody else's throws is an Error, and nothing is asked when the deadline has passed.
[[nodiscard]] std::optional<Object> get_if_changed(Store& store, std::string_view key, const GetOptions& options);
// The same without options.if_none_match: there is always an object.
[[nodiscard]] Object get_object(Store& store, std::string_view key, const GetOptions& options);

// "store/key", for messages.
[[nodiscard]] std::string object_name(const Store& store, std::string_view key);

}  // namespace almanac::internal
