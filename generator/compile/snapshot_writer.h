// A registry to the bytes of its snapshot. schema/FORMAT.md is normative.
//
//   const std::vector<std::byte> snapshot = compile::compile_snapshot(registry, {}, progress);
//
// Pure: the same registry, level and release of zstd give the same bytes, whatever the machine or the
// number of threads.
#pragma once

#include <cstddef>
#include <vector>

#include "model/registry.h"
#include "progress/progress.h"

namespace almanac::compile {

inline constexpr int kDefaultLevel = 19;
inline constexpr int kMaxLevel = 22;

struct CompileOptions {
  int level = kDefaultLevel;  // of zstd, 1 to 22
  unsigned threads = 0;       // 0: as many as the machine has
};

// `registry` is valid and resolved, as source::load_registry() leaves it. Throws CompileError for what
// is beyond a limit of the format, std::bad_alloc.
[[nodiscard]] std::vector<std::byte> compile_snapshot(const model::Registry& registry, const CompileOptions& options,
                                                      progress::Progress& progress);

}  // namespace almanac::compile
