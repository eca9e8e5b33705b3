#include "model/arena.h"

#include <cstring>
#include <new>

namespace almanac::model {
namespace {

constexpr std::size_t kFirstBlock = 16 * 1024;
constexpr std::size_t kLargestBlock = 1024 * 1024;

// Pieces above this get memory of their own, so that they do not leave a block half empty.
constexpr std::size_t kOversize = kLargestBlock / 8;

}  // namespace

void* Arena::allocate(std::size_t size, std::size_t alignment) {
  if (size > kOversize) {
    // make_unique would write zeros over memory that is about to be filled.
    oversize_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
    return oversize_.back().bytes.get();
  }
  std::size_t start = (used_ + alignment - 1) & ~(alignment - 1);
  if (blocks_.empty() || start > blocks_.back().size || size > blocks_.back().size - start) {
    grow(size);
    start = 0;
  }
  used_ = start + size;
  return blocks_.back().bytes.get() + start;
}

std::string_view Arena::copy(std::string_view text) {
  if (text.empty()) return {};
  char* start = static_cast<char*>(allocate(text.size(), 1));
  std::memcpy(start, text.data(), text.size());
  return {start, text.size()};
}

void Arena::reset() noexcept {
  oversize_.clear();
  if (blocks_.size() > 1) {
    std::swap(blocks_.front(), blocks_.back());
    blocks_.resize(1);
  }
  used_ = 0;
}

void Arena::grow(std::size_t at_least) {
  std::size_t size = blocks_.empty() ? kFirstBlock : std::min(blocks_.back().size * 2, kLargestBlock);
  size = std::max(size, at_least);
  blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[size]), size});
  used_ = 0;
}

}  // namespace almanac::model
