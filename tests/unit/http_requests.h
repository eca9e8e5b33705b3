// What the tests of the HTTP client ask for, and what comes of it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "bytes.h"
#include "store/http.h"

namespace almanac::support {

using internal::HttpClient;
using internal::HttpFailure;
using internal::HttpRequest;
using internal::HttpResponse;
using internal::HttpSettings;

inline HttpFailure failure_of(HttpClient& client, const HttpRequest& request) {
  try {
    (void)client.send(request);
  } catch (const HttpFailure& failure) {
    return failure;
  }
  throw std::logic_error("no HttpFailure was thrown");
}

inline HttpSettings settings() {
  return {.options = {}, .bypass_proxy = true, .follow_redirects = false, .environment = internal::Environment({})};
}

inline HttpRequest get(const std::string& url) { return {.url = url, .object = "an object"}; }

inline HttpRequest put(const std::string& url, std::string_view body) {
  return {.method = "PUT", .url = url, .object = "an object", .body = internal::as_bytes(body)};
}

inline HttpResponse answer(int status, std::string_view body, internal::HttpHeaders headers = {}) {
  const internal::Bytes bytes = internal::as_bytes(body);
  return {.status = status, .headers = std::move(headers), .body = {bytes.begin(), bytes.end()}, .size = bytes.size()};
}

inline std::string body_of(const HttpResponse& answer) { return std::string(internal::as_text(answer.body)); }

}  // namespace almanac::support
