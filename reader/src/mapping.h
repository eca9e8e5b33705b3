// Memory by the page: made writable, filled, then trimmed to what was asked for, or frozen.
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
  // The same on huge pages, where the system has them and the size is worth it: quicker to fill, and to look things up in.
  [[nodiscard]] static Mapping on_huge_pages(std::size_t size);
  // Of a whole file of this user's own, read-only and shared. Empty if it cannot be mapped.
  [[nodiscard]] static Mapping of_file(const FileDescriptor& file, std::size_t size) noexcept;

  Mapping(Mapping&& other) noexcept;
  // What was here is given back before this returns.
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();

  [[nodiscard]] explicit operator bool() const noexcept { return address_ != nullptr; }
  [[nodiscard]] Bytes bytes() const noexcept { return {address_, size_}; }
  // Anonymous memory, before freeze().
  [[nodiscard]] std::span<std::byte> writable() noexcept { return {address_, size_}; }
  // Gives the kernel back what lies before `offset`, by whole pages; anonymous memory is zero there from then on.
  void let_go_before(std::size_t offset) noexcept;
  // From here on no more memory is held than was asked for. It stays writable: the index of a frame is made while it is in use.
  void trim() noexcept;
  // And a write is a fault.
  void freeze() noexcept;

 private:
  Mapping(void* address, std::size_t size, std::size_t mapped) noexcept
      : address_(static_cast<std::byte*>(address)), size_(size), mapped_(mapped) {}
  std::byte* address_ = nullptr;
  std::size_t size_ = 0;
  std::size_t mapped_ = 0;  // whole pages
};

}  // namespace almanac::internal
