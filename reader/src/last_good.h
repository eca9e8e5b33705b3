// What was live last in a store, kept in the cache directory for a start that finds the store out of reach.
//
// The file holds the bytes of `current` as they were served, and only ever moves on to what was announced later,
// however many processes write it. Its safety is that of the frames beside it: see cache.h.
// Threads: both calls may run at once with any other.
#pragma once

#include <almanac/error.h>
#include <almanac/store.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "digest.h"
#include "open_live.h"

namespace almanac::internal {

// About a cache directory that CacheDirectory::open() would not have.
[[nodiscard]] Error unusable(const std::filesystem::path& folder);

class LastGood {
 public:
  // The copy of the store of this identity. Without one there is none: it could be any store's.
  LastGood(std::filesystem::path folder, std::string_view identity);

  // Throws Error that says why there is none.
  [[nodiscard]] std::vector<std::byte> read() const;
  // The number of a copy that is to be kept: of several, the one that was numbered last is, whichever thread comes to it last.
  [[nodiscard]] std::uint64_t next_number() const noexcept { return ++*numbers_; }
  // Keeps what is served now, the bytes of `current` that announced it, unless it is damaged, or there already, or another copy
  // has a later number, or one of the same registry is newer both by its generation and by when it was published: a store that
  // was emptied counts from 1 again. Then removes what the folder holds in vain. A folder or a disk that refuses is no error.
  void keep(const SnapshotData& snapshot, const Announcement& announcement, const std::vector<std::byte>& current,
            std::uint64_t number) const noexcept;
  // As messages call it.
  [[nodiscard]] std::string name() const;

 private:
  std::filesystem::path folder_;  // empty: there is no copy
  Digest store_;
  std::shared_ptr<std::atomic<std::uint64_t>> numbers_ = std::make_shared<std::atomic<std::uint64_t>>(0);  // the last one
};

}  // namespace almanac::internal
