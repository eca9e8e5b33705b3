// The perfect hash of a namespace, found by trial (see reader/src/perfect_hash.h).
//
// Names are dealt into buckets of about four. The largest bucket goes first; each takes the first
// pilot that sends all of its names to free slots. When a bucket finds none, everything begins anew
// with the next seed. So the outcome depends on the names alone.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace almanac::compile {

struct PerfectHash {
  std::uint64_t seed = 0;
  std::vector<std::uint16_t> pilots;  // one a bucket
  std::uint32_t slots = 0;
};

// `name_at(row)` gives the names of rows 0 … rows - 1, which differ. Throws CompileError when no seed
// will do, which takes names that were made for it.
[[nodiscard]] PerfectHash build_perfect_hash(std::uint32_t rows, const std::function<std::string_view(std::uint32_t)>& name_at);

}  // namespace almanac::compile
