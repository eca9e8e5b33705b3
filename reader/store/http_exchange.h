// One request and what comes back of it, as libcurl's callbacks see it.
//
// Lives inside one HttpClient::send(), on its thread; borrows the request, the options and the handle.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <span>
#include <string_view>

#include "http.h"

namespace almanac::internal {

class HttpExchange {
 public:
  HttpExchange(const HttpRequest& request, const StoreOptions& options, CURL* easy);
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  // Has libcurl call this object. Throws Error.
  void attach();

  // The request is on its way, or has been: to the server that was named or to one that it pointed to.
  [[nodiscard]] bool sent() const noexcept { return requests_ != 0; }
  // The headers of the answer are here, and they do not point to another place.
  [[nodiscard]] bool answered() const noexcept { return answered_; }
  [[nodiscard]] std::uint64_t requests() const noexcept { return requests_; }
  [[nodiscard]] std::uint64_t received() const noexcept { return position_; }  // bytes of the body
  // When the last byte moved, either way.
  [[nodiscard]] std::chrono::steady_clock::time_point last_moved() const noexcept { return last_moved_; }
  // Why a callback ended the transfer; nothing when none did.
  [[nodiscard]] const std::exception_ptr& failure() const noexcept { return failure_; }
  // Ended early, because the rest is not wanted.
  [[nodiscard]] bool has_enough() const noexcept { return has_enough_; }
  [[nodiscard]] HttpResponse take_response();

 private:
  // What libcurl calls. No exception leaves these: it is kept in failure_, and the transfer ends.
  static std::size_t on_header(char* line, std::size_t one, std::size_t size, void* self) noexcept;
  static std::size_t on_body(char* bytes, std::size_t one, std::size_t size, void* self) noexcept;
  static int on_request(void* self, char*, char*, int, int) noexcept;
  static int on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent) noexcept;

  void take_header(std::string_view line);
  void begin_body();
  void take_body(std::span<const std::byte> bytes);
  void keep(std::span<const std::byte> bytes);
  void begin_request();
  void tell_progress(std::uint64_t received, std::uint64_t sent);
  void end_headers();
  void check_size(std::uint64_t size) const;

  const HttpRequest& request_;
  const StoreOptions& options_;
  CURL* easy_;
  HttpResponse response_;
  std::exception_ptr failure_;
  std::chrono::steady_clock::time_point last_moved_;
  std::uint64_t requests_ = 0;
  std::uint64_t header_bytes_ = 0;
  std::uint64_t position_ = 0;  // in the body
  std::uint64_t first_ = 0;     // of the body, [first_, last_) is kept
  std::uint64_t last_ = UINT64_MAX;
  std::uint64_t length_ = UINT64_MAX;  // of the body, where it was announced
  std::uint64_t progress_ = 0;         // bytes received and sent when on_progress() last came by
  bool headers_ended_ = false;
  bool answered_ = false;
  bool body_began_ = false;
  bool puts_body_ = false;  // in HttpRequest::into
  bool has_enough_ = false;
};

}  // namespace almanac::internal
