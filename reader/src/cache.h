// The cache directory: inflated, indexed frames and last good copies as files, found by the next start and shared by those who find
// them.
//
// A frame is one file, <digest>.frame, its bytes followed by a trailer; so is what was live last in a store,
// <digest of the store's identity>.current (see last_good.h), and what was so before, .previous, which a power failure that takes
// the newest bytes leaves. A file is written under a temporary name and renamed when whole, 0400 in a folder that must be this
// user's own and closed to others: what is found there is what this library wrote. Nothing here throws for a folder or a disk that
// refuses (only std::bad_alloc): then nothing is kept. The folder may be emptied at any time, also while its files are in use. A
// frame's access time says when it was found last, to the hour: remove_unused() goes by it, whatever the file system's own habits
// are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "digest.h"
#include "file_descriptor.h"
#include "mapping.h"

namespace almanac::internal {

// What a file of the cache holds. Never renumber.
// 0 was a frame whose slots were laid out in another way.
// Never used again: 2, frames with other slots.
enum class CacheKind : std::uint64_t { kCurrent = 1, kFrame = 3 };

class CacheDirectory {
 public:
  // Given back by name: closing the folder gives nothing back while a process that was forked meanwhile has it open.
  class Lock {
   public:
    Lock(Lock&& other) noexcept : folder_(std::exchange(other.folder_, -1)) {}
    Lock& operator=(Lock&&) = delete;
    ~Lock();
    [[nodiscard]] explicit operator bool() const noexcept { return folder_ >= 0; }

   private:
    friend class CacheDirectory;
    explicit Lock(int folder) noexcept : folder_(folder) {}
    int folder_;  // -1: there is no lock
  };

  // Makes the folder if need be. Nothing when it cannot be used safely.
  [[nodiscard]] static std::optional<CacheDirectory> open(const std::filesystem::path& named);

  // The frame of that digest, read-only, or an empty mapping.
  [[nodiscard]] Mapping find(const Digest& digest, std::uint64_t size) const;
  // The newest copy of that name whose checksum holds, or nothing.
  [[nodiscard]] std::optional<std::vector<std::byte>> find_current(const Digest& store) const;
  // Keeps a frame, as indexed, for find(). It begins at a word of four bytes, and so does a copy. Threads: others may store in words
  // what its index already has.
  void keep(const Digest& digest, Bytes frame) const;
  // Keeps a copy for find_current(). Of several writers at once none waits: they lock() the folder.
  void keep_current(const Digest& store, Bytes copy) const;
  // Nobody else gets it until the Lock is gone, which this object outlives. False: somebody has it, and did not let go for a
  // while. On a file system without locks everybody gets it.
  [[nodiscard]] Lock lock() const noexcept;
  // Removes frames that nobody found for a day and that are not `needed`, and what writers that were killed left more than an
  // hour ago. Other files stay.
  void remove_unused(std::span<const Digest> needed) const noexcept;

 private:
  struct Found {
    Mapping mapping;         // with the trailer
    std::uint64_t size = 0;  // without it
  };
  explicit CacheDirectory(FileDescriptor directory) noexcept : directory_(std::move(directory)) {}
  [[nodiscard]] Found find(const std::string& name, CacheKind kind, const Digest& digest) const;
  // A whole file under the temporary name that it gives, or an empty name. `content` begins at a word of four bytes.
  [[nodiscard]] std::string write(CacheKind kind, const Digest& digest, Bytes content) const;
  void rename_or_remove(const std::string& temporary, const std::string& name) const noexcept;
  FileDescriptor directory_;
};

}  // namespace almanac::internal
