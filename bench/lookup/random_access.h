// One random memory access: what the hardware takes for it, in memory as large as what a lookup goes through.
//
// Every cache line of the memory is read once, in random order, before one is read again. Dependent: each address comes out of the
// line before it, so accesses follow each other. Independent: the addresses are known before, so that they overlap. Threads: const calls
// may run at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

enum class Pages { kSmall, kAsTheReader };  // the reader asks for huge pages from 2 MiB on

class RandomAccess {
 public:
  // Throws std::bad_alloc.
  RandomAccess(std::size_t bytes, Pages pages);
  RandomAccess(const RandomAccess&) = delete;
  RandomAccess& operator=(const RandomAccess&) = delete;
  ~RandomAccess();

  // Dependent accesses, from a line on: gives the line to go on from.
  [[nodiscard]] std::uint32_t follow(std::uint32_t line, std::size_t count) const noexcept;
  // Independent ones, from the `begin`th: gives what must not be optimised away.
  [[nodiscard]] std::uint32_t gather(std::size_t begin, std::size_t count) const noexcept;

 private:
  struct alignas(64) Line {
    std::uint32_t next;
  };

  std::size_t bytes_;
  void* memory_;
  Line* lines_;
  std::vector<std::uint32_t> order_;
};

inline std::uint32_t RandomAccess::follow(std::uint32_t line, std::size_t count) const noexcept {
  for (std::size_t i = 0; i < count; ++i) line = lines_[line].next;
  return line;
}

}  // namespace bench
