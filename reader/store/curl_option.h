// curl_easy_setopt() that throws.
#pragma once

#include <almanac/error.h>
#include <curl/curl.h>

#include <new>
#include <string>
#include <type_traits>

namespace almanac::internal {

// `value` has the very type that the option's page names: 1L, not 1. Throws Error, std::bad_alloc.
template <class Value>
void set_option(CURL* easy, CURLoption option, Value value) {
  static_assert(std::is_pointer_v<Value> || std::is_same_v<Value, long> || std::is_same_v<Value, curl_off_t>);
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code == CURLE_OK) return;
  throw Error(ErrorCode::kInputOutput, "libcurl", "refuses option " + std::to_string(option) + ": " + curl_easy_strerror(code));
}

}  // namespace almanac::internal
