// What time it is by the clock of a store, which dates its objects.
#pragma once

#include <almanac/store.h>

#include <chrono>

namespace almanac::publish {

// An object that is written now has that time: writes the key "clock", and removes it. Where somebody else does so at the same
// moment, again and again, this machine's clock has to do. Throws Error as Store does.
[[nodiscard]] std::chrono::system_clock::time_point store_time(Store& store);

}  // namespace almanac::publish
