// Asking again: for what is safe to repeat, after waits that are random and grow, inside a deadline.
//
// Full jitter: before attempt n + 1 the wait is uniform in 0 to min(cap, base * 2^(n-1)).
// https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
#pragma once

#include <almanac/store.h>

#include <chrono>
#include <functional>
#include <string>

#include "http.h"

namespace almanac::internal {

// Whether a status says "later": 429, 500, 502, 503, 504, and 408.
[[nodiscard]] bool is_passing(int status) noexcept;

struct RetryPolicy {
  int max_attempts = 3;
  std::chrono::milliseconds base = std::chrono::milliseconds(50);
  std::chrono::milliseconds cap = std::chrono::seconds(2);
  std::function<void(std::chrono::milliseconds)> wait;  // instead of sleeping
};

// The first response that is not passing, or the last one there was. An HttpFailure of the last attempt is thrown;
// earlier ones that may help to repeat are not. A Retry-After that ends before `begin_by` is heeded. No attempt but the first
// begins after that: then what came last is the answer.
[[nodiscard]] HttpResponse send_with_retries(const RetryPolicy& policy, Deadline begin_by, const std::function<HttpResponse()>& attempt);

// Of `total_timeout`, which open_store() has limited, from now and `deadline`, the earlier.
[[nodiscard]] Deadline earlier(Deadline deadline, std::chrono::milliseconds total_timeout) noexcept;

}  // namespace almanac::internal
