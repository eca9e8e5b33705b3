// The cache directory: inflated, indexed frames and last good copies as files, shared by processes and found by the next start.
//
// A frame is one file, <digest>.frame, its bytes followed by a trailer; so is what was live last in a store,
// <digest of the store's identity>.current (see last_good.h). It is written under a temporary name and renamed when whole, 0400
// in a folder that must be this user's own and closed to others: what is found there is what this library wrote. Nothing here
// throws for a folder or a disk that refuses (only std::bad_alloc); memory takes its place. The folder may be emptied at any
// time, also while its files are in use. A frame's access time says when it was found last, to the hour: remove_unused()
// goes by it, whatever the file system's own habits are.
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
enum class CacheKind : std::uint64_t { kCurrent = 1, kFrame = 2 };

// Memory for one frame or copy while it is being made: a file of the cache or, where there is none, anonymous.
class CacheImage {
 public:
  // Throws std::bad_alloc.
  [[nodiscard]] static CacheImage in_memory(std::uint64_t size);
  CacheImage(CacheImage&&) = default;
  CacheImage& operator=(CacheImage&&) = delete;
  ~CacheImage();

  // Where the frame or copy is to be written.
  [[nodiscard]] std::span<std::byte> content() noexcept { return content_; }
  // The memory, which outlives this object.
  [[nodiscard]] Mapping share() noexcept { return std::move(mapping_); }
  // The content is whole: makes it visible to others. Without it nothing remains.
  void commit();

 private:
  friend class CacheDirectory;
  CacheImage(Mapping mapping, std::uint64_t size) noexcept;
  Mapping mapping_;
  std::span<std::byte> content_;
  CacheKind kind_ = CacheKind::kFrame;
  Digest digest_;
  int directory_ = -1;  // borrowed from the CacheDirectory
  FileDescriptor file_;
  std::string temporary_name_;
};

class CacheDirectory {
 public:
  // Makes the folder if need be. Nothing when it cannot be used safely.
  [[nodiscard]] static std::optional<CacheDirectory> open(const std::filesystem::path& named);

  // The frame of that digest, read-only, or an empty mapping.
  [[nodiscard]] Mapping find(const Digest& digest, std::uint64_t size) const;
  // The copy of that name, its checksum checked, or nothing.
  [[nodiscard]] std::optional<std::vector<std::byte>> find_current(const Digest& store) const;
  // Space for it: a file of this folder, or memory where that cannot be had. Throws std::bad_alloc.
  // The image must not outlive the CacheDirectory.
  [[nodiscard]] CacheImage create(const Digest& digest, std::uint64_t size, CacheKind kind = CacheKind::kFrame) const;
  // Nobody else gets it until this object is gone. False: somebody has it, and did not let go for a while. On a file
  // system without locks everybody gets it.
  [[nodiscard]] bool lock() const noexcept;
  // Removes frames that nobody found for a day and that are not `needed`, and what writers that were killed left more than an
  // hour ago. Other files stay.
  void remove_unused(std::span<const Digest> needed) const noexcept;

 private:
  struct Found {
    Mapping mapping;         // with the trailer
    std::uint64_t size = 0;  // without it
  };
  explicit CacheDirectory(FileDescriptor directory) noexcept : directory_(std::move(directory)) {}
  [[nodiscard]] Found find(CacheKind kind, const Digest& digest) const;
  FileDescriptor directory_;
};

}  // namespace almanac::internal
