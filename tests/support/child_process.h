// A test's action in a process of its own.
#pragma once

#include <functional>

namespace almanac::support {

// The exit status of a child that could not set up what its test needs.
inline constexpr int kNotPrepared = 99;

// What `action` returns, 0 to 255, or -1 when it threw or a signal ended the child. Throws std::system_error.
[[nodiscard]] int in_child_process(const std::function<int()>& action);

}  // namespace almanac::support
