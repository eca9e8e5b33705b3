#include "support/http_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>

#include "store/ascii.h"
#include "support/loopback.h"
#include "support/system_failure.h"

namespace almanac::support {

namespace {

using internal::FileDescriptor;

std::string url_of(std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); }

bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool receive(int connection, std::string& buffer) {
  char bytes[16384];
  for (;;) {
    const ssize_t received = ::recv(connection, bytes, sizeof bytes, 0);
    if (received < 0 && errno == EINTR) continue;
    if (received <= 0) return false;
    buffer.append(bytes, static_cast<std::size_t>(received));
    return true;
  }
}

ReceivedRequest parse_head(std::string_view head) {
  ReceivedRequest request;
  const std::string_view first = head.substr(0, head.find("\r\n"));
  const std::size_t space = first.find(' ');
  request.method = first.substr(0, space);
  request.target = first.substr(space + 1, first.rfind(' ') - space - 1);
  for (std::size_t at = head.find("\r\n"); at != std::string_view::npos && at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
    const std::string_view line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
    const std::size_t colon = std::min(line.find(':'), line.size());
    request.headers.emplace_back(internal::lower_case(line.substr(0, colon)),
                                 internal::trimmed(line.substr(std::min(colon + 1, line.size()))));
  }
  return request;
}

// The next request of a connection; `buffer` keeps what came of the one behind it.
std::optional<ReceivedRequest> receive_request(int connection, std::string& buffer) {
  constexpr std::string_view kEnd = "\r\n\r\n";
  std::size_t end = 0;
  while ((end = buffer.find(kEnd)) == std::string::npos) {
    if (!receive(connection, buffer)) return std::nullopt;
  }
  ReceivedRequest request = parse_head(std::string_view(buffer).substr(0, end));
  buffer.erase(0, end + kEnd.size());
  const std::string length = request.header("content-length");
  const std::size_t size = length.empty() ? 0 : std::stoul(length);
  while (buffer.size() < size) {
    if (!receive(connection, buffer)) return std::nullopt;
  }
  request.body = buffer.substr(0, size);
  buffer.erase(0, size);
  return request;
}

HttpServer::Script one_after_the_other(std::vector<Reply> replies) {
  return [replies = std::move(replies), next = std::size_t{0}](const ReceivedRequest&) mutable {
    return replies.at(std::min(next++, replies.size() - 1));
  };
}

}  // namespace

std::string ReceivedRequest::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &std::pair<std::string, std::string>::first);
  return found == headers.end() ? std::string() : found->second;
}

std::string response(int status, std::string_view body, const Headers& headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Scripted\r\n";
  bool has_length = status == 304;  // which has no body, and whose length would be the object's
  for (const auto& [name, value] : headers) {
    text += name + ": " + value + "\r\n";
    const std::string lower = internal::lower_case(name);
    has_length = has_length || lower == "content-length" || lower == "transfer-encoding";
  }
  if (!has_length) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append("\r\n").append(body);
}

std::string url_of_nobody() { return url_of(free_port()); }

HttpServer::HttpServer(Script script) : script_(std::move(script)), listener_(bound_socket(port_)) {
  if (::listen(listener_.get(), SOMAXCONN) != 0) throw_errno("listen");
  acceptor_ = std::thread([this] { accept_connections(); });
}

HttpServer::HttpServer(std::vector<Reply> replies) : HttpServer(one_after_the_other(std::move(replies))) {}

HttpServer::~HttpServer() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    for (const FileDescriptor& connection : connections_) (void)::shutdown(connection.get(), SHUT_RDWR);
  }
  ending_.notify_all();
  (void)::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  for (std::thread& thread : threads_) thread.join();
}

std::string HttpServer::url() const { return url_of(port_); }

std::vector<ReceivedRequest> HttpServer::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::size_t HttpServer::connections() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

void HttpServer::accept_connections() {
  for (;;) {
    FileDescriptor connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    const std::lock_guard lock(mutex_);
    if (ends_ || !connection) return;
    const int number = connection.get();
    const int on = 1;
    (void)::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connections_.push_back(std::move(connection));
    threads_.emplace_back([this, number] { serve(number); });
  }
}

void HttpServer::serve(int connection) {
  std::string buffer;
  while (const auto request = receive_request(connection, buffer)) {
    {
      const std::lock_guard lock(mutex_);
      requests_.push_back(*request);
    }
    if (!answer(connection, *request)) break;
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(connections_, [&](const FileDescriptor& other) { return other.get() == connection; });
}

// Whether the connection goes on.
bool HttpServer::answer(int connection, const ReceivedRequest& request) {
  const Reply reply = [&] {
    const std::lock_guard lock(script_mutex_);
    return script_(request);
  }();
  if (!wait(reply.wait)) return false;
  for (std::size_t at = 0; at < reply.bytes.size(); at += std::min(reply.piece, reply.bytes.size() - at)) {
    if (at != 0 && !wait(reply.pause)) return false;
    if (!send_all(connection, std::string_view(reply.bytes).substr(at, reply.piece))) return false;
  }
  switch (reply.then) {
    case Reply::Then::kNextRequest: return true;
    case Reply::Then::kClose: return false;
    case Reply::Then::kReset: {
      const linger at_once{.l_onoff = 1, .l_linger = 0};
      (void)::setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      return false;
    }
    case Reply::Then::kHang: return wait(std::chrono::hours(1));
  }
  return false;
}

// False when the server ends meanwhile.
bool HttpServer::wait(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !ending_.wait_for(lock, time, [this] { return ends_; });
}

}  // namespace almanac::support
