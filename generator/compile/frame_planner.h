// Which namespaces share a frame: a large one stands alone, small ones fill one together.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/registry.h"

namespace almanac::compile {

// Small namespaces share a frame up to so many bytes inflated. A reader of one inflates all of them,
// which at this size takes less than a millisecond; a larger frame compresses a little better.
inline constexpr std::uint64_t kSharedFrameSize = std::uint64_t{1} << 20U;

struct FramePlan {
  std::size_t first = 0;       // index in Registry::namespaces
  std::size_t namespaces = 0;  // how many from there on
  std::uint64_t bytes = 0;     // inflated, estimated: the columns are not known yet
};

// In order of the namespaces. Throws CompileError for a namespace beyond a limit of the format.
[[nodiscard]] std::vector<FramePlan> plan_frames(const model::Registry& registry);

}  // namespace almanac::compile
