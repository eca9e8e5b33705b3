// HTTP requests through libcurl: one exchange at a time, kept-alive connections, finite waits.
//
//   HttpClient client(settings);
//   HttpResponse response = client.send({.method = "GET", .url = "https://…", .object = "s3://acme/current"});
//
// An answer of any status is a response; no answer is an HttpFailure. Nothing is repeated here (see retry.h).
// Threads: send() may run at once with itself; each call borrows a connection that no other call has.
#pragma once

#include <almanac/store.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "environment.h"

namespace almanac::internal {

class TlsRoots;

struct HttpSettings {
  StoreOptions options;
  bool bypass_proxy = false;      // for addresses of the machine itself
  bool follow_redirects = false;  // of GET and HEAD: at most 3, never from https to http
  // Names the roots of trust (see tls_roots.h). Proxies are libcurl's business, which reads the process' own.
  Environment environment;
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// Bytes [offset, offset + size) of an object, or all from offset on.
struct ByteRange {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> size;  // at least 1
};

struct HttpRequest {
  std::string method = "GET";
  std::string url = {};     // as it is to be sent: percent-encoded; dots in its path are not resolved
  std::string object = {};  // for messages
  HttpHeaders headers = {};
  // Sent as a Range header. Of a server that sends the whole all the same (200), only these bytes are taken.
  std::optional<ByteRange> range = {};
  std::span<const std::byte> body = {};  // of a PUT
  std::uint64_t max_size = UINT64_MAX;   // of what is taken of a 2xx response's body: Error kLimitExceeded beyond it
  std::span<std::byte> into = {};        // for what is taken of a 2xx response's body, if it has room for max_size bytes
  Deadline deadline = Deadline::max();
  Deadline answer_by = Deadline::max();  // of the headers, those of a redirect that is followed not among them
  // Since when an answer is waited for, by several attempts maybe.
  std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
  // After this there is no use in sending it.
  [[nodiscard]] Deadline begin_by() const noexcept { return std::min(deadline, answer_by); }
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;          // names in lower case, of the last response when there were several
  std::vector<std::byte> body;  // of an error no more than its first 64 KiB
  std::size_t body_put = 0;     // bytes of HttpRequest::into that have it instead
  std::uint64_t size = 0;       // of the whole body, as it was announced or else came
  // The header's value; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

// No whole answer came: refused, reset, cut short, too slow, not trusted.
class HttpFailure : public Error {
 public:
  HttpFailure(ErrorCode code, std::string object, std::string_view problem, bool may_have_arrived, bool may_help_to_repeat)
      : Error(code, std::move(object), problem), may_have_arrived_(may_have_arrived), may_help_to_repeat_(may_help_to_repeat) {}
  // The server may have acted on the request: what a PUT did is unknown.
  [[nodiscard]] bool may_have_arrived() const noexcept { return may_have_arrived_; }
  // A certificate that is not trusted stays so; a connection that was reset may not be next time.
  [[nodiscard]] bool may_help_to_repeat() const noexcept { return may_help_to_repeat_; }

 private:
  bool may_have_arrived_;
  bool may_help_to_repeat_;
};

class HttpClient {
 public:
  explicit HttpClient(HttpSettings settings);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  // Throws HttpFailure (kTimedOut or kInputOutput), Error kLimitExceeded, Error kInvalidArgument for what cannot be sent and
  // for roots of trust that cannot be read, std::bad_alloc, and what on_progress throws.
  [[nodiscard]] HttpResponse send(const HttpRequest& request);
  // A request that never left, because no connection came about, counts as well.
  [[nodiscard]] StoreTraffic traffic() const noexcept { return {requests_, bytes_}; }

 private:
  class Connection;  // a curl handle
  [[nodiscard]] std::unique_ptr<Connection> borrow();
  void give_back(std::unique_ptr<Connection> connection);
  [[nodiscard]] TlsRoots& roots();

  HttpSettings settings_;
  std::atomic<std::uint64_t> requests_ = 0;
  std::atomic<std::uint64_t> bytes_ = 0;
  std::mutex mutex_;                 // guards what follows
  std::unique_ptr<TlsRoots> roots_;  // outlives the connections, which refer to it
  std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace almanac::internal
