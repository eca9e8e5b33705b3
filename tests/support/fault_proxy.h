// A proxy on the loopback interface, in front of a real HTTP server: what passes it can be made to go wrong.
//
//   FaultProxy proxy(server.url());
//   auto registry = Registry::open(proxy.url() + "/store");
//   proxy.play(faults::reset_half_way());
//   EXPECT_EQ(proxy.requests().size(), 2U);
//
// Requests go on as they came, their Host too, so that signatures hold. Threads: every call may run at once with any other.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_server.h"

namespace almanac::support {

// Asks the server, and gives its answer as it came.
using Forward = std::function<std::string()>;
// What becomes of a request.
using Fault = std::function<Reply(const ReceivedRequest&, const Forward&)>;

namespace faults {

// A connection is accepted, and nothing is ever said.
[[nodiscard]] Fault silent();
// The first byte comes late.
[[nodiscard]] Fault late(std::chrono::milliseconds wait);
// So many bytes at a time.
[[nodiscard]] Fault dripping(std::size_t piece, std::chrono::milliseconds pause);
[[nodiscard]] Fault reset_half_way();
// The connection is closed half way, in good order.
[[nodiscard]] Fault cut_half_way();
// The server is not asked.
[[nodiscard]] Fault answering(int status);
[[nodiscard]] Fault with_flipped_bits();
// The answer says that it is shorter than it is.
[[nodiscard]] Fault with_half_its_length();
// Something else with status 200.
[[nodiscard]] Fault with_body(std::span<const std::byte> body);
// An answer that was given before.
[[nodiscard]] Fault replaying(std::string answer);
// The fault, in so many of 100 requests, as the seed has it.
[[nodiscard]] Fault sometimes(unsigned percent, std::uint64_t seed, Fault fault);

}  // namespace faults

class FaultProxy {
 public:
  // `upstream` is "http://127.0.0.1:PORT". Throws std::system_error.
  explicit FaultProxy(const std::string& upstream);

  [[nodiscard]] std::string url() const { return url_; }
  // From the next request on.
  void play(Fault fault);
  void heal() { play(nullptr); }
  // Closes the port, for good.
  void refuse();

  // That came here so far.
  [[nodiscard]] std::vector<ReceivedRequest> requests() const;
  // The statuses with which the server answered, in order: what it was not asked is not among them.
  [[nodiscard]] std::vector<int> statuses() const;
  // The server's last answer, whatever was made of it.
  [[nodiscard]] std::string last_answer() const;

 private:
  [[nodiscard]] Reply reply_to(const ReceivedRequest& request);
  [[nodiscard]] std::string forward(const ReceivedRequest& request);

  std::uint16_t upstream_;
  mutable std::mutex mutex_;  // guards what follows
  Fault fault_;
  std::vector<ReceivedRequest> requests_;
  std::vector<int> statuses_;
  std::string last_answer_;
  std::optional<HttpServer> server_;  // its threads use all of the above
  std::string url_;
};

}  // namespace almanac::support
