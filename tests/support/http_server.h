// An HTTP server on the loopback interface that answers as a test tells it to, faults included.
//
//   HttpServer server([](const ReceivedRequest& request) { return Reply{response(200, "content", {{"ETag", "\"1\""}})}; });
//   client.get(server.url() + "/current");
//   EXPECT_EQ(server.requests().front().method, "GET");
//
// A thread for each connection; all are gone with the server. The script is called by one of them at a time.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "file_descriptor.h"

namespace almanac::support {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct ReceivedRequest {
  std::string method;
  std::string target;  // as it was sent
  Headers headers;     // names in lower case
  std::string body;
  [[nodiscard]] std::string header(std::string_view name) const;  // empty when there is none
};

struct Reply {
  enum class Then {
    kNextRequest,  // on the same connection
    kClose,
    kReset,  // RST: what was sent before may be lost
    kHang,   // until the server ends
  };
  std::string bytes = {};                // sent as they are; see response()
  std::chrono::milliseconds wait = {};   // before the first of them
  std::size_t piece = SIZE_MAX;          // bytes at a time …
  std::chrono::milliseconds pause = {};  // … and what lies between
  Then then = Then::kNextRequest;
};

// A whole response. Its Content-Length is that of `body` unless `headers` have one, or a Transfer-Encoding.
[[nodiscard]] std::string response(int status, std::string_view body = {}, const Headers& headers = {});

// Where nobody listens.
[[nodiscard]] std::string url_of_nobody();

class HttpServer {
 public:
  using Script = std::function<Reply(const ReceivedRequest&)>;

  // Throws std::system_error.
  explicit HttpServer(Script script);
  // Answers one after the other, and with the last one for good.
  explicit HttpServer(std::vector<Reply> replies);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::string url() const;  // "http://127.0.0.1:PORT"
  [[nodiscard]] std::vector<ReceivedRequest> requests() const;
  [[nodiscard]] std::size_t connections() const;  // that were accepted

 private:
  void accept_connections();
  void serve(int connection);
  bool answer(int connection, const ReceivedRequest& request);
  bool wait(std::chrono::milliseconds time);

  Script script_;
  std::uint16_t port_ = 0;
  internal::FileDescriptor listener_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable ending_;
  bool ends_ = false;
  std::vector<ReceivedRequest> requests_;
  std::list<internal::FileDescriptor> connections_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
  std::mutex script_mutex_;
};

}  // namespace almanac::support
