#include "last_good.h"

#include <almanac/error.h>

#include <exception>
#include <optional>
#include <utility>

#include "cache.h"
#include "snapshot_data.h"

namespace almanac::internal {

namespace {

// A clock may be wrong, and a store that was emptied counts from 1 again: only both together tell. What cannot be read is not
// newer than anything.
bool is_newer(Bytes copy, const Announcement& live) {
  try {
    const Announcement there = parse_announcement(copy, "copy").announcement;
    return there.registry == live.registry && there.generation > live.generation && there.published > live.published;
  } catch (const Error&) {
    return false;
  }
}

std::vector<Digest> frames_of(const SnapshotData& snapshot) {
  std::vector<Digest> digests;
  for (const ManifestFrame& frame : each_of(snapshot.manifest().frames)) digests.push_back(frame.digest);
  return digests;
}

}  // namespace

Error unusable(const std::filesystem::path& folder) {
  return {ErrorCode::kInputOutput, folder.string(), "is not used: it must be a folder of this user's own with mode 0700"};
}

LastGood::LastGood(std::filesystem::path folder, std::string_view identity)
    : folder_(identity.empty() ? std::filesystem::path() : std::move(folder)), store_(digest_of(as_bytes(identity))) {}

std::string LastGood::name() const { return (folder_ / (to_hex(store_) + ".current")).string(); }

std::vector<std::byte> LastGood::read() const {
  if (folder_.empty())
    throw Error(ErrorCode::kNotFound, "the cache directory", "there is none, or the store has no identity to find its copy by");
  const auto directory = CacheDirectory::open(folder_);
  if (!directory) throw unusable(folder_);
  std::optional<std::vector<std::byte>> copy = directory->find_current(store_);
  if (!copy) throw Error(ErrorCode::kNotFound, folder_.string(), "holds no copy of this store, or none that is whole");
  return *std::move(copy);
}

void LastGood::keep(const SnapshotData& snapshot, const Announcement& announcement, const std::vector<std::byte>& current,
                    std::uint64_t number) const noexcept {
  try {
    if (folder_.empty()) return;
    check_carried(snapshot);
    const auto directory = CacheDirectory::open(folder_);
    if (!directory) return;
    const CacheDirectory::Lock lock = directory->lock();
    if (!lock || number != *numbers_) return;
    const auto there = directory->find_current(store_);
    if (there && (*there == current || is_newer(*there, announcement))) return;
    directory->keep_current(store_, current);
    directory->remove_unused(frames_of(snapshot));
  } catch (const std::exception&) {
    // The copy that is there stays; the next generation tries again.
  }
}

}  // namespace almanac::internal
