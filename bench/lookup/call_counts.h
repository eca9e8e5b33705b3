// How often something asks malloc or the kernel. One at a time.
#pragma once

#include <cstdint>
#include <functional>

namespace bench {

// Calls of malloc and its kind by this process while `work` runs; operator new is one of them.
[[nodiscard]] std::uint64_t allocations_in(const std::function<void()>& work);

// System calls of `work`, none of which is made: it runs in a process of its own, of one thread, whose calls are trapped (seccomp).
// Throws std::runtime_error when that cannot be set up, and when `work` does not end within a minute.
[[nodiscard]] std::uint64_t system_calls_in(const std::function<void()>& work);

}  // namespace bench
