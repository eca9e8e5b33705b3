// Opens a registry that goes by another wall clock: what it does after hours of freezing is not to be waited for.
#pragma once

#include <almanac/registry.h>

#include <chrono>
#include <functional>
#include <memory>

namespace almanac::internal {

// Called by any thread, and by several at once.
using WallClock = std::function<std::chrono::system_clock::time_point()>;

class RegistryAccess {
 public:
  // As Registry::open().
  [[nodiscard]] static Registry open(std::shared_ptr<Store> store, RegistryOptions options, WallClock now);
};

}  // namespace almanac::internal
