#include "support/fault_proxy.h"

#include <sys/socket.h>

#include <algorithm>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

#include "support/loopback.h"
#include "support/system_failure.h"

namespace almanac::support {

namespace {

constexpr std::string_view kEndOfHead = "\r\n\r\n";

// Where the body begins.
std::size_t body_of(std::string_view answer) {
  const std::size_t end = answer.find(kEndOfHead);
  if (end == std::string_view::npos) throw std::runtime_error("the server gave no whole answer");
  return end + kEndOfHead.size();
}

// All of the head, and half of the body.
std::string half_of(std::string_view answer) {
  const std::size_t body = body_of(answer);
  return std::string(answer.substr(0, body + (answer.size() - body) / 2));
}

std::string answer_of(std::uint16_t port, std::string_view request) {
  const internal::FileDescriptor connection = stream_socket();
  if (!connect_to(port, connection)) throw_errno("connect");
  while (!request.empty()) {
    const ssize_t sent = ::send(connection.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (sent < 0) throw_errno("send");
    request.remove_prefix(static_cast<std::size_t>(sent));
  }
  std::string answer;
  std::vector<char> buffer(std::size_t{64} << 10U);
  for (;;) {
    const ssize_t received = ::recv(connection.get(), buffer.data(), buffer.size(), 0);
    if (received < 0) throw_errno("recv");
    if (received == 0) return answer;
    answer.append(buffer.data(), static_cast<std::size_t>(received));
  }
}

}  // namespace

namespace faults {

Fault silent() {
  return [](const ReceivedRequest&, const Forward&) { return Reply{.then = Reply::Then::kHang}; };
}

Fault late(std::chrono::milliseconds wait) {
  return [wait](const ReceivedRequest&, const Forward& forward) { return Reply{.bytes = forward(), .wait = wait}; };
}

Fault dripping(std::size_t piece, std::chrono::milliseconds pause) {
  return [=](const ReceivedRequest&, const Forward& forward) { return Reply{.bytes = forward(), .piece = piece, .pause = pause}; };
}

Fault reset_half_way() {
  return [](const ReceivedRequest&, const Forward& forward) { return Reply{.bytes = half_of(forward()), .then = Reply::Then::kReset}; };
}

Fault cut_half_way() {
  return [](const ReceivedRequest&, const Forward& forward) { return Reply{.bytes = half_of(forward()), .then = Reply::Then::kClose}; };
}

Fault answering(int status) {
  return [status](const ReceivedRequest&, const Forward&) { return Reply{.bytes = response(status, "a fault\n")}; };
}

Fault with_flipped_bits() {
  return [](const ReceivedRequest&, const Forward& forward) {
    std::string answer = forward();
    for (std::size_t at = body_of(answer); at < answer.size(); ++at) answer[at] = static_cast<char>(answer[at] ^ 1);
    return Reply{.bytes = std::move(answer)};
  };
}

Fault with_half_its_length() {
  return [](const ReceivedRequest&, const Forward& forward) {
    const std::string answer = forward();
    const std::string_view body = std::string_view(answer).substr(body_of(answer));
    const Headers headers = {{"Content-Length", std::to_string(body.size() / 2)}, {"Connection", "close"}};
    return Reply{.bytes = response(200, body, headers), .then = Reply::Then::kClose};
  };
}

Fault with_body(std::span<const std::byte> body) {
  return [text = std::string(reinterpret_cast<const char*>(body.data()), body.size())](const ReceivedRequest&, const Forward&) {
    return Reply{.bytes = response(200, text, {{"ETag", "\"another\""}})};
  };
}

Fault replaying(std::string answer) {
  return
      [answer = std::move(answer)](const ReceivedRequest&, const Forward&) { return Reply{.bytes = answer, .then = Reply::Then::kClose}; };
}

Fault sometimes(unsigned percent, std::uint64_t seed, Fault fault) {
  // Copies of the fault share what is drawn.
  return [percent, fault = std::move(fault), random = std::make_shared<std::mt19937_64>(seed)](const ReceivedRequest& request,
                                                                                               const Forward& forward) {
    return (*random)() % 100 < percent ? fault(request, forward) : Reply{.bytes = forward()};
  };
}

}  // namespace faults

FaultProxy::FaultProxy(const std::string& upstream)
    : upstream_(static_cast<std::uint16_t>(std::stoul(upstream.substr(upstream.rfind(':') + 1)))) {
  server_.emplace([this](const ReceivedRequest& request) { return reply_to(request); });
  url_ = server_->url();
}

void FaultProxy::play(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

void FaultProxy::refuse() { server_.reset(); }

std::vector<ReceivedRequest> FaultProxy::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<int> FaultProxy::statuses() const {
  const std::lock_guard lock(mutex_);
  return statuses_;
}

std::string FaultProxy::last_answer() const {
  const std::lock_guard lock(mutex_);
  return last_answer_;
}

Reply FaultProxy::reply_to(const ReceivedRequest& request) {
  Fault fault;
  {
    const std::lock_guard lock(mutex_);
    requests_.push_back(request);
    fault = fault_;
  }
  const Forward forwarded = [&] { return forward(request); };
  try {
    return fault ? fault(request, forwarded) : Reply{.bytes = forwarded()};
  } catch (const std::exception& error) {
    return Reply{.bytes = response(502, error.what())};
  }
}

// One connection a request: the end of the answer is the end of the connection.
std::string FaultProxy::forward(const ReceivedRequest& request) {
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : request.headers) {
    if (name != "connection") text.append(name).append(": ").append(value).append("\r\n");
  }
  text.append("connection: close\r\n\r\n").append(request.body);
  std::string answer = answer_of(upstream_, text);
  constexpr std::size_t kStatus = sizeof "HTTP/1.1";
  const std::lock_guard lock(mutex_);
  statuses_.push_back(answer.size() < kStatus + 3 ? 0 : std::stoi(answer.substr(kStatus, 3)));
  last_answer_ = answer;
  return answer;
}

}  // namespace almanac::support
