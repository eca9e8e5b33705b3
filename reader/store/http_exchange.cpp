#include "http_exchange.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ascii.h"
#include "bytes.h"
#include "curl_option.h"
#include "http_status.h"

namespace almanac::internal {

namespace {

constexpr std::size_t kMaxHeaderBytes = 256 * 1024;
constexpr std::uint64_t kMaxErrorBody = 64 * 1024;
// A length that was announced is believed so far; beyond it memory grows with what really comes.
constexpr std::uint64_t kMaxReserved = 16 * 1024 * 1024;

}  // namespace

HttpExchange::HttpExchange(const HttpRequest& request, const StoreOptions& options, CURL* easy)
    : request_(request), options_(options), easy_(easy), last_moved_(std::chrono::steady_clock::now()) {}

void HttpExchange::attach() {
  set_option(easy_, CURLOPT_HEADERFUNCTION, &on_header);
  set_option(easy_, CURLOPT_HEADERDATA, this);
  set_option(easy_, CURLOPT_WRITEFUNCTION, &on_body);
  set_option(easy_, CURLOPT_WRITEDATA, this);
  set_option(easy_, CURLOPT_PREREQFUNCTION, &on_request);
  set_option(easy_, CURLOPT_PREREQDATA, this);
  set_option(easy_, CURLOPT_XFERINFOFUNCTION, &on_progress);
  set_option(easy_, CURLOPT_XFERINFODATA, this);
  set_option(easy_, CURLOPT_NOPROGRESS, 0L);
}

HttpResponse HttpExchange::take_response() {
  if (!body_began_) begin_body();
  response_.size = length_ != UINT64_MAX ? length_ : position_;
  return std::move(response_);
}

std::size_t HttpExchange::on_header(char* line, std::size_t /*one*/, std::size_t size, void* self) noexcept {
  auto& exchange = *static_cast<HttpExchange*>(self);
  try {
    exchange.take_header({line, size});
    return size;
  } catch (...) {
    exchange.failure_ = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

std::size_t HttpExchange::on_body(char* bytes, std::size_t /*one*/, std::size_t size, void* self) noexcept {
  auto& exchange = *static_cast<HttpExchange*>(self);
  try {
    exchange.take_body(as_bytes({bytes, size}));
    return exchange.has_enough_ ? CURL_WRITEFUNC_ERROR : size;
  } catch (...) {
    exchange.failure_ = std::current_exception();
    return CURL_WRITEFUNC_ERROR;
  }
}

int HttpExchange::on_request(void* self, char*, char*, int, int) noexcept {
  auto& exchange = *static_cast<HttpExchange*>(self);
  try {
    exchange.begin_request();
    return CURL_PREREQFUNC_OK;
  } catch (...) {
    exchange.failure_ = std::current_exception();
    return CURL_PREREQFUNC_ABORT;
  }
}

int HttpExchange::on_progress(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t sent) noexcept {
  auto& exchange = *static_cast<HttpExchange*>(self);
  try {
    exchange.tell_progress(static_cast<std::uint64_t>(received), static_cast<std::uint64_t>(sent));
    return 0;
  } catch (...) {
    exchange.failure_ = std::current_exception();
    return 1;
  }
}

void HttpExchange::take_header(std::string_view line) {
  last_moved_ = std::chrono::steady_clock::now();
  header_bytes_ += line.size();
  if (header_bytes_ > kMaxHeaderBytes) {
    throw Error(ErrorCode::kLimitExceeded, request_.object, "was answered with more than 256 KiB of headers");
  }
  if (line.starts_with("HTTP/")) {
    response_.headers.clear();
    headers_ended_ = false;
    return;
  }
  if (headers_ended_) return;  // a trailer, which may not change what the headers said
  line = trimmed(line);
  if (line.empty()) return end_headers();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  response_.headers.emplace_back(lower_case(trimmed(line.substr(0, colon))), trimmed(line.substr(colon + 1)));
}

void HttpExchange::end_headers() {
  headers_ended_ = true;
  long status = 0;
  (void)curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  constexpr int kFirstFinal = 200;
  answered_ = response_.status >= kFirstFinal && (!is_redirect(response_.status) || response_.header("location").empty());
}

void HttpExchange::check_size(std::uint64_t size) const {
  if (size <= request_.max_size) return;
  throw Error(ErrorCode::kLimitExceeded, request_.object,
              "has " + std::to_string(size) + " bytes or more where at most " + std::to_string(request_.max_size) + " can be meant");
}

void HttpExchange::begin_body() {
  body_began_ = true;
  curl_off_t length = -1;
  (void)curl_easy_getinfo(easy_, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
  if (length >= 0) length_ = static_cast<std::uint64_t>(length);
  puts_body_ = is_success(response_.status) && request_.max_size <= request_.into.size();
  if (!is_success(response_.status)) {
    last_ = kMaxErrorBody;
  } else if (request_.range && response_.status == http_status::kOk) {
    first_ = request_.range->offset;
    last_ = first_ + std::min(request_.range->size.value_or(UINT64_MAX), UINT64_MAX - first_);
  }
  // To HEAD, the length is that of a body which does not come.
  if (length_ == UINT64_MAX || request_.method == "HEAD") return;
  const std::uint64_t expected = std::min(last_, length_) - std::min(first_, length_);
  if (is_success(response_.status)) check_size(expected);
  if (!puts_body_) response_.body.reserve(static_cast<std::size_t>(std::min(expected, kMaxReserved)));
}

void HttpExchange::take_body(std::span<const std::byte> bytes) {
  last_moved_ = std::chrono::steady_clock::now();
  if (!body_began_) begin_body();
  const std::uint64_t skipped = std::min<std::uint64_t>(first_ - std::min(first_, position_), bytes.size());
  const std::uint64_t wanted = last_ - std::min(last_, position_ + skipped);
  position_ += bytes.size();
  bytes = bytes.subspan(static_cast<std::size_t>(skipped));
  bytes = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), wanted)));
  keep(bytes);
  // Without an announced length, only the whole body tells how long it is.
  has_enough_ = position_ >= last_ && position_ < length_ && (length_ != UINT64_MAX || !is_success(response_.status));
}

void HttpExchange::keep(std::span<const std::byte> bytes) {
  if (is_success(response_.status)) check_size(response_.body.size() + response_.body_put + bytes.size());
  if (puts_body_) {
    std::ranges::copy(bytes, request_.into.begin() + static_cast<std::ptrdiff_t>(response_.body_put));
    response_.body_put += bytes.size();
  } else {
    response_.body.insert(response_.body.end(), bytes.begin(), bytes.end());
  }
}

void HttpExchange::begin_request() {
  last_moved_ = std::chrono::steady_clock::now();
  // libcurl sends a request once more when a kept-alive connection ends before any answer. The server may have acted on the
  // first: of a conditional PUT, the second would be told that the condition does not hold.
  if (requests_ != 0 && request_.method != "GET" && request_.method != "HEAD") {
    throw HttpFailure(ErrorCode::kInputOutput, request_.object, "the connection ended before the answer", true, true);
  }
  ++requests_;
}

void HttpExchange::tell_progress(std::uint64_t received, std::uint64_t sent) {
  if (received + sent == progress_) return;
  progress_ = received + sent;
  last_moved_ = std::chrono::steady_clock::now();
  if (!options_.on_progress) return;
  if (!request_.body.empty()) {
    options_.on_progress(sent, request_.body.size());
  } else if (body_began_ && is_success(response_.status)) {
    options_.on_progress(received, length_ != UINT64_MAX ? length_ : 0);
  }
}

}  // namespace almanac::internal
