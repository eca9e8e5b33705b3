#include "retry.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <ctime>
#include <exception>
#include <optional>
#include <random>
#include <thread>

namespace almanac::internal {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// RFC 9110, section 10.2.3: seconds, or a date. Nothing for anything else.
std::optional<milliseconds> retry_after(const HttpResponse& response) {
  constexpr std::uint32_t kMostSeconds = 1'000'000;
  const std::string value(response.header("retry-after"));
  if (value.empty()) return std::nullopt;
  std::uint32_t seconds = 0;
  const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (end == value.data() + value.size() && failure == std::errc()) return std::chrono::seconds(std::min(seconds, kMostSeconds));
  const std::time_t date = curl_getdate(value.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const std::time_t left = date - std::time(nullptr);
  return std::chrono::seconds(std::clamp<std::time_t>(left, 0, kMostSeconds));
}

// Drawn from the system each time: a generator's state would be the same in every copy of a process that was frozen once.
milliseconds jitter(const RetryPolicy& policy, int attempts) {
  constexpr int kMostDoublings = 20;
  const milliseconds most = std::min(policy.cap, policy.base * (1 << std::min(attempts - 1, kMostDoublings)));
  std::random_device source;
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, most.count())(source));
}

}  // namespace

bool is_passing(int status) noexcept {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

HttpResponse send_with_retries(const RetryPolicy& policy, Deadline deadline, const std::function<HttpResponse()>& attempt) {
  for (int attempts = 1;; ++attempts) {
    std::optional<HttpResponse> response;
    std::exception_ptr failure;
    try {
      response = attempt();
      if (!is_passing(response->status)) return *std::move(response);
    } catch (const HttpFailure& caught) {
      if (!caught.may_help_to_repeat()) throw;
      failure = std::current_exception();
    }
    milliseconds wait = jitter(policy, attempts);
    if (response) wait = std::max(wait, retry_after(*response).value_or(milliseconds(0)));
    if (attempts >= policy.max_attempts || steady_clock::now() + wait >= deadline) {
      if (failure) std::rethrow_exception(failure);
      return *std::move(response);
    }
    if (policy.wait) {
      policy.wait(wait);
    } else {
      std::this_thread::sleep_for(wait);
    }
  }
}

Deadline earlier(Deadline deadline, milliseconds total_timeout) noexcept {
  const auto now = steady_clock::now();
  const auto longest = std::chrono::duration_cast<milliseconds>(Deadline::max() - now);
  return std::min(deadline, total_timeout < longest ? now + total_timeout : Deadline::max());
}

}  // namespace almanac::internal
