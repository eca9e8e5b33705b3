#include "publish/store_clock.h"

namespace almanac::publish {

namespace {

// Not the probe of conditional_writes.h, which each version of a directory would move on by a second.
constexpr std::string_view kClockKey = "clock";
constexpr int kClockAttempts = 3;

}  // namespace

std::chrono::system_clock::time_point store_time(Store& store) {
  for (int trial = 0; trial < kClockAttempts; ++trial) {
    (void)store.put(kClockKey, {}, {});
    for (const ObjectInfo& object : store.list(kClockKey)) {
      if (object.key != kClockKey) continue;
      store.remove(kClockKey);
      return object.modified;
    }
  }
  return std::chrono::system_clock::now();
}

}  // namespace almanac::publish
