#include "random.h"

#include <chrono>

namespace almanac::internal {

namespace {

// In a library that is opened at run time, glibc would allocate a thread's variables when they are first used.
#if defined(__GLIBC__)
[[gnu::tls_model("initial-exec")]]
#endif
constinit thread_local std::uint64_t last_random = 0;

}  // namespace

std::uint64_t random_seed() noexcept {
  const auto now = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  // Threads have the variable at different addresses.
  last_random = RandomSequence(last_random + now + reinterpret_cast<std::uintptr_t>(&last_random)).next();
  return last_random;
}

}  // namespace almanac::internal
