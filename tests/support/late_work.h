// Waits for what a snapshot does after it has answered: it is kept in the cache directory.
#pragma once

#include <almanac/registry.h>

#include <semaphore>

#include "snapshot_data.h"

namespace almanac::support {

// Pieces of late work are done in their order.
inline void await_late_work(const View& view) {
  std::binary_semaphore done(0);
  internal::data_of(view.snapshot()).later([&done] { done.release(); });
  done.acquire();
}

}  // namespace almanac::support
