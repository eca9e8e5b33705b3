#include "random_access.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>
#include <numeric>
#include <random>

namespace bench {

namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

}  // namespace

RandomAccess::RandomAccess(std::size_t bytes, Pages pages)
    : bytes_(bytes + kHugePage), memory_(::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
  if (memory_ == MAP_FAILED) throw std::bad_alloc();
  const auto start = reinterpret_cast<std::uintptr_t>(memory_);
  void* aligned = static_cast<std::byte*>(memory_) + (kHugePage - start % kHugePage) % kHugePage;
  const bool huge = pages == Pages::kAsTheReader && bytes >= kHugePage;
  ::madvise(aligned, bytes, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
  lines_ = static_cast<Line*>(aligned);
  order_.resize(std::max<std::size_t>(bytes / sizeof(Line), 2));
  std::iota(order_.begin(), order_.end(), 0U);
  std::shuffle(order_.begin(), order_.end(), std::mt19937_64(2));
  for (std::size_t i = 0; i < order_.size(); ++i) lines_[order_[i]].next = order_[(i + 1) % order_.size()];
  // Another order than that of the lines, in which each would say where the next one is.
  std::shuffle(order_.begin(), order_.end(), std::mt19937_64(3));
}

RandomAccess::~RandomAccess() { ::munmap(memory_, bytes_); }

std::uint32_t RandomAccess::gather(std::size_t begin, std::size_t count) const noexcept {
  std::uint32_t sum = 0;
  std::size_t position = begin % order_.size();
  for (std::size_t i = 0; i < count; ++i) {
    sum += lines_[order_[position]].next;
    if (++position == order_.size()) position = 0;
  }
  return sum;
}

}  // namespace bench
