// A test's action in a process of its own. While there are other threads only where that is what is tested: a child has none of
// them, and keeps whatever locks they held.
#pragma once

#include <functional>
#include <vector>

namespace almanac::support {

// The exit status of a child that could not set up what its test needs.
inline constexpr int kNotPrepared = 99;

// What `action` returns, 0 to 97, or -1 when it threw or a signal ended the child. Throws std::system_error.
[[nodiscard]] int in_child_process(const std::function<int()>& action);

// The same of `count` children, which begin together.
[[nodiscard]] std::vector<int> in_child_processes(int count, const std::function<int()>& action);

}  // namespace almanac::support
