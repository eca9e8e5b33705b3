// Memory by the page: made writable, filled once, then frozen, from then on read by any thread.
#pragma once

#include <cstddef>
#include <span>

#include "bytes.h"
#include "file_descriptor.h"

namespace almanac::internal {

class Mapping {
 public:
  Mapping() = default;
  // Anonymous, writable, all zero. Throws std::bad_alloc.
  [[nodiscard]] static Mapping anonymous(std::size_t size);
  // Of a whole file of this user's own: writable and shared, or read-only. Empty if it cannot be mapped.
  [[nodiscard]] static Mapping of_file(const FileDescriptor& file, std::size_t size, bool writable) noexcept;

  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  [[nodiscard]] explicit operator bool() const noexcept { return address_ != nullptr; }
  [[nodiscard]] Bytes bytes() const noexcept { return {address_, size_}; }
  // Only before freeze().
  [[nodiscard]] std::span<std::byte> writable() noexcept { return {address_, size_}; }
  // From here on a write is a fault.
  void freeze() noexcept;

 private:
  Mapping(void* address, std::size_t size) noexcept : address_(static_cast<std::byte*>(address)), size_(size) {}
  std::byte* address_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace almanac::internal
