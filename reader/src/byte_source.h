// Where a snapshot's bytes come from: read in ranges, on demand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "bytes.h"
#include "file_descriptor.h"

namespace almanac::internal {

// Threads: read() may run at once with itself.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // As the user named it, for messages.
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual std::uint64_t size() const noexcept = 0;
  // Fills `into` from `offset` on. Throws Error: kTruncated when there are fewer bytes, kInputOutput.
  virtual void read(std::uint64_t offset, std::span<std::byte> into) const = 0;
  // How much to read first: enough for the preamble and the manifest of most registries, so that one read brings both.
  [[nodiscard]] virtual std::uint64_t first_read() const noexcept { return std::min<std::uint64_t>(size(), 16 * 1024); }
  // The bytes themselves where they are in memory anyway, else empty; then read() them.
  [[nodiscard]] virtual Bytes view(std::uint64_t offset, std::uint64_t size) const;
};

// Fills `into` from `offset` of an open file on; `name` is for messages. Throws as ByteSource::read().
void read_file(const FileDescriptor& file, const std::string& name, std::uint64_t offset, std::span<std::byte> into);

// An open file: what it names may be replaced meanwhile, this goes on reading the one that was opened.
[[nodiscard]] std::unique_ptr<ByteSource> open_file(const std::filesystem::path& file);
// Borrowed bytes.
[[nodiscard]] std::unique_ptr<ByteSource> borrow_bytes(Bytes bytes, std::string name);

}  // namespace almanac::internal
