#include "mapping.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <new>
#include <utility>

namespace almanac::internal {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;
// To fill so much by one huge page takes a third of the time that single pages take, though all of it is cleared first.
constexpr std::size_t kHalfHugePage = kHugePage / 2;

std::size_t round_up(std::size_t size, std::size_t unit) noexcept { return (size + unit - 1) / unit * unit; }
std::size_t page_size() noexcept { return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)); }

void* map_anonymous(std::size_t size, int flags = 0) {
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  return memory;
}

// Memory that starts on a huge page's boundary: mapped with a page to spare, the rest given back.
void* map_aligned(std::size_t size) {
  const std::size_t reserved = size + kHugePage;
  auto* memory = static_cast<std::byte*>(map_anonymous(reserved));
  const std::size_t before = (kHugePage - reinterpret_cast<std::uintptr_t>(memory) % kHugePage) % kHugePage;
  std::byte* aligned = memory + before;
  if (before != 0) ::munmap(memory, before);
  ::munmap(aligned + size, reserved - before - size);
  ::madvise(aligned, size, MADV_HUGEPAGE);
  return aligned;
}

}  // namespace

// With its pages, as all of it is written at once: one by one, at the first touch of each, they take up to a fifth longer.
Mapping Mapping::anonymous(std::size_t size) { return {map_anonymous(size, MAP_POPULATE), size, round_up(size, page_size())}; }

Mapping Mapping::on_huge_pages(std::size_t size) {
  if (size < kHalfHugePage) return anonymous(size);
  if (size > std::numeric_limits<std::size_t>::max() / 2) throw std::bad_alloc();
  // Of several huge pages the last one is only had as far as it is used.
  const std::size_t mapped = std::max(round_up(size, page_size()), kHugePage);
  return {map_aligned(mapped), size, mapped};
}

Mapping Mapping::of_file(const FileDescriptor& file, std::size_t size) noexcept {
  void* memory = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
  if (memory == MAP_FAILED) return {};
  return {memory, size, round_up(size, page_size())};
}

Mapping::Mapping(Mapping&& other) noexcept
    : address_(std::exchange(other.address_, nullptr)), size_(std::exchange(other.size_, 0)), mapped_(std::exchange(other.mapped_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  Mapping taken(std::move(other));
  std::swap(address_, taken.address_);
  std::swap(size_, taken.size_);
  std::swap(mapped_, taken.mapped_);
  return *this;
}

Mapping::~Mapping() {
  if (address_ != nullptr) ::munmap(address_, mapped_);
}

void Mapping::let_go_before(std::size_t offset) noexcept { ::madvise(address_, offset - offset % page_size(), MADV_DONTNEED); }

void Mapping::trim() noexcept {
  const std::size_t used = round_up(size_, page_size());
  if (used < mapped_) ::munmap(address_ + used, mapped_ - used);
  mapped_ = used;
}

void Mapping::freeze() noexcept {
  trim();
  ::mprotect(address_, mapped_, PROT_READ);
}

}  // namespace almanac::internal
