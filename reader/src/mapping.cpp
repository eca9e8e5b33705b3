#include "mapping.h"

#include <sys/mman.h>

#include <cstdint>
#include <new>
#include <utility>

namespace almanac::internal {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

// Memory that starts on a huge page's boundary: mapped with a page to spare, the rest given back.
void* map_aligned(std::size_t size) noexcept {
  const std::size_t reserved = size + kHugePage;
  void* memory = ::mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return memory;
  const auto start = reinterpret_cast<std::uintptr_t>(memory);
  const std::size_t before = (kHugePage - start % kHugePage) % kHugePage;
  auto* aligned = static_cast<std::byte*>(memory) + before;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t used = (size + page - 1) / page * page;
  if (before != 0) ::munmap(memory, before);
  if (reserved - before > used) ::munmap(aligned + used, reserved - before - used);
  ::madvise(aligned, used, MADV_HUGEPAGE);
  return aligned;
}

}  // namespace

Mapping Mapping::anonymous(std::size_t size) {
  void* memory = size >= kHugePage ? map_aligned(size) : ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return {memory, size};
}

Mapping Mapping::of_file(const FileDescriptor& file, std::size_t size, bool writable) noexcept {
  void* memory = ::mmap(nullptr, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) return {};
  return {memory, size};
}

Mapping::Mapping(Mapping&& other) noexcept : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(address_, other.address_);
  std::swap(size_, other.size_);
  return *this;
}

Mapping::~Mapping() {
  if (address_ != nullptr) ::munmap(address_, size_);
}

void Mapping::freeze() noexcept { ::mprotect(address_, size_, PROT_READ); }

}  // namespace almanac::internal
