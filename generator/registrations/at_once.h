// The same for many objects of a store, some of them at a time: what takes its time is the way there and back.
#pragma once

#include <cstddef>
#include <functional>

#include "progress/progress.h"

namespace almanac::registrations {

inline constexpr unsigned kConcurrency = 16;

// Calls `action` for each number below `count`, on up to `threads` threads, and tells `progress` of each that is done. After an
// exception no other one is begun, and the first is thrown once all threads have ended.
void at_once(std::size_t count, unsigned threads, progress::Progress& progress, const std::function<void(std::size_t)>& action);

}  // namespace almanac::registrations
