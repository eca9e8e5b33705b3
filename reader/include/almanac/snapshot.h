// Start here: a snapshot is a compiled registry, immutable, in a file or in memory.
//
//   #include <almanac/snapshot.h>
//
//   auto snapshot = almanac::Snapshot::open("acme.almanac");
//   almanac::Namespace prod = snapshot.in("prod");       // inflates that namespace, once
//   if (auto users = prod.find("user-management-service"))
//     std::cout << users->uri() << '\n';
//
// Opening reads the preamble and the manifest; the services of a namespace are read, checked and
// inflated when it is first asked for. A Snapshot is a handle: copies share what is open, and what
// was taken from one lives as long as any copy. Threads: every call may run at once with any other.
// Lookups: see namespace.h. To follow a registry that changes, see registry.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <almanac/caller.h>
#include <almanac/error.h>
#include <almanac/namespace.h>

namespace almanac {

namespace internal {
class SnapshotAccess;
class SnapshotData;
}  // namespace internal

struct OpenOptions {
  // Where inflated namespaces are kept, to be found by the next start and shared by the processes that find them: a folder of
  // this user's own, made with mode 0700 if it is not there. Empty, or not usable: memory. What is not there yet is written, with its
  // whole index, before in() returns; a Registry does that behind its first answer.
  std::filesystem::path cache_directory;
  // A frame that says it inflates to more bytes than this is refused before anything is allocated.
  std::uint64_t max_inflated_size = std::uint64_t{2} << 30U;
};

struct NamespaceInfo {
  std::string_view name;
  std::uint64_t services = 0;
  std::uint64_t endpoints = 0;
  std::size_t frame = 0;  // index in Snapshot::frame(…): several small namespaces share one
};

struct FrameInfo {
  std::uint64_t offset = 0;       // in the file
  std::uint64_t stored_size = 0;  // bytes, compressed
  std::uint64_t size = 0;         // bytes, inflated
  std::string digest;             // XXH3-128 of the stored bytes, 32 hexadecimal digits
};

class ALMANAC_EXPORT Snapshot {
 public:
  // Throws Error: kNotFound, kInputOutput, kForeign, kTruncated, kCorrupt, kUnsupportedVersion, kLimitExceeded.
  [[nodiscard]] static Snapshot open(const std::filesystem::path& file, const OpenOptions& options = {});
  // The same for bytes in memory, which must outlive the snapshot. `object` names them in errors.
  [[nodiscard]] static Snapshot from_bytes(std::span<const std::byte> bytes, std::string object, const OpenOptions& options = {});
  static Snapshot from_bytes(std::vector<std::byte>&& bytes, std::string object, const OpenOptions& options = {}) = delete;

  [[nodiscard]] const std::string& id() const noexcept;           // 32 hexadecimal digits, names its content
  [[nodiscard]] std::string_view registry_name() const noexcept;  // may be empty
  [[nodiscard]] std::string_view revision() const noexcept;       // of its source; may be empty
  [[nodiscard]] int format_major() const noexcept;
  [[nodiscard]] int format_minor() const noexcept;
  [[nodiscard]] std::uint64_t size() const noexcept;  // bytes of the file
  [[nodiscard]] std::uint64_t manifest_offset() const noexcept;
  [[nodiscard]] std::uint64_t manifest_stored_size() const noexcept;

  [[nodiscard]] std::size_t namespace_count() const noexcept;
  // In byte order of the names; index < namespace_count().
  [[nodiscard]] NamespaceInfo namespace_info(std::size_t index) const noexcept;
  [[nodiscard]] std::size_t frame_count() const noexcept;
  [[nodiscard]] FrameInfo frame_info(std::size_t index) const;

  // The namespace, opened at the first call. Throws Error: kNotFound, which lists those there are, when there
  // is none of that name, and as open() does when its bytes are damaged. Its rows are not checked: where whoever made the file made
  // them wrong, with the right digest, services may be missing, or have texts and columns of others. verify() finds that, and so does a
  // Registry, in the namespaces that it serves by default, before a refresh replaces them or the last good copy.
  [[nodiscard]] Namespace in(std::string_view name) const;
  [[nodiscard]] bool has_namespace(std::string_view name) const noexcept;

  // Which namespace the caller rules give. `key` is what rollouts that go by a key tell callers apart by.
  // Throws Error: kNotFound, which says why no rule matches.
  [[nodiscard]] Choice choose(const Caller& caller, std::string_view key = {},
                              std::chrono::system_clock::time_point at = std::chrono::system_clock::now()) const;
  [[nodiscard]] std::size_t caller_rule_count() const noexcept;  // 0: whoever names no namespace gets none

  // Reads and checks every byte of the file, each row too. Throws as in() does.
  void verify() const;

 private:
  friend class internal::SnapshotAccess;
  explicit Snapshot(std::shared_ptr<internal::SnapshotData> data) noexcept : data_(std::move(data)) {}
  std::shared_ptr<internal::SnapshotData> data_;
};

}  // namespace almanac
