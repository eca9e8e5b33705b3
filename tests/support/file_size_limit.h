// A process that may write no file beyond a size: as on a full disk, a write comes back short or fails.
#pragma once

#include <cstdint>
#include <functional>

namespace almanac::support {

// The exit status of a child process that runs `action` so, or -1 when it did not come to its end. The
// child has a copy of everything, and what it changes in memory stays there.
[[nodiscard]] int with_file_size_limit(std::uint64_t bytes, const std::function<int()>& action);

}  // namespace almanac::support
