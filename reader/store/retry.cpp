#include "retry.h"

#include <curl/curl.h>

#include <algorithm>
#include <ctime>
#include <exception>
#include <optional>
#include <string>
#include <thread>

#include "ascii.h"
#include "backoff.h"
#include "http_status.h"

namespace almanac::internal {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// RFC 9110, section 10.2.3: seconds, or a date. Nothing for anything else.
std::optional<milliseconds> retry_after(const HttpResponse& response) {
  constexpr std::uint64_t kMostSeconds = 1'000'000;
  const std::string value(response.header("retry-after"));
  if (value.empty()) return std::nullopt;
  if (const auto seconds = parse_number(value)) return std::chrono::seconds(std::min(*seconds, kMostSeconds));
  const std::time_t date = curl_getdate(value.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const std::time_t left = date - std::time(nullptr);
  return std::chrono::seconds(std::clamp<std::time_t>(left, 0, kMostSeconds));
}

milliseconds jitter(const RetryPolicy& policy, int attempts) {
  constexpr int kMostDoublings = 20;
  const milliseconds most = std::min(policy.cap, policy.base * (1 << std::min(attempts - 1, kMostDoublings)));
  return milliseconds(random_bits() % static_cast<std::uint64_t>(most.count() + 1));
}

}  // namespace

bool is_passing(int status) noexcept {
  switch (status) {
    case http_status::kRequestTimeout:
    case http_status::kTooManyRequests:
    case http_status::kInternalServerError:
    case http_status::kBadGateway:
    case http_status::kServiceUnavailable:
    case http_status::kGatewayTimeout: return true;
    default: return false;
  }
}

HttpResponse send_with_retries(const RetryPolicy& policy, Deadline begin_by, const std::function<HttpResponse()>& attempt) {
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
    if (attempts >= policy.max_attempts || steady_clock::now() + wait >= begin_by) {
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
  return std::min<Deadline>(deadline, steady_clock::now() + total_timeout);
}

}  // namespace almanac::internal
