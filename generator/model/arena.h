// A bump allocator: many small pieces of plain data, freed all at once.
//
// What it hands out stays where it is until reset() or the arena's end. No destructors run, so it
// takes trivially destructible types alone. Not for use by several threads at once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace almanac::model {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;
  ~Arena() = default;

  // `alignment` is a power of two of at most alignof(std::max_align_t). Throws std::bad_alloc.
  [[nodiscard]] void* allocate(std::size_t size, std::size_t alignment);

  [[nodiscard]] std::string_view copy(std::string_view text);

  template <typename T>
  [[nodiscard]] std::span<T> copy(std::span<const T> items) {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    if (items.empty()) return {};
    T* start = static_cast<T*>(allocate(items.size_bytes(), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), start);
    return {start, items.size()};
  }

  // Forgets everything handed out; keeps one block for what comes next.
  void reset() noexcept;

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };

  void grow(std::size_t at_least);

  std::vector<Block> blocks_;    // the last one is being filled
  std::vector<Block> oversize_;  // one piece each
  std::size_t used_ = 0;         // of the last block
};

}  // namespace almanac::model
