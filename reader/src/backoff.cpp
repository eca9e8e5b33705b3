#include "backoff.h"

#include <sys/random.h>

#include <algorithm>

namespace almanac::internal {

std::chrono::milliseconds pause_after(std::uint64_t failures, std::chrono::milliseconds max_age, std::uint64_t random) noexcept {
  const std::chrono::milliseconds longest = std::max<std::chrono::milliseconds>(max_age, std::chrono::minutes(5));
  std::chrono::milliseconds pause = max_age;
  for (std::uint64_t failure = 1; failure < failures && pause.count() > 0 && pause < longest; ++failure) pause *= 2;
  pause = std::min(pause, longest);
  const std::chrono::milliseconds least = pause / 2;
  return least + std::chrono::milliseconds(random % static_cast<std::uint64_t>((pause - least).count() + 1));
}

std::uint64_t random_bits() noexcept {
  std::uint64_t bits = 0;
  if (::getrandom(&bits, sizeof bits, GRND_NONBLOCK) == static_cast<ssize_t>(sizeof bits)) return bits;
  // An early boot has none yet; the clock differs from machine to machine at least.
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
}

}  // namespace almanac::internal
