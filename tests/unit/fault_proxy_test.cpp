#include "support/fault_proxy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "bytes.h"
#include "store/http.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/nginx.h"

namespace almanac::support {
namespace {

using internal::HttpClient;
using internal::HttpResponse;
using support::error_from;
using testing::ElementsAre;
using namespace std::chrono_literals;

constexpr std::string_view kContent = "what the server has";

class FaultProxyTest : public testing::Test {
 protected:
  FaultProxyTest() { write_bytes(folder_ / "file", internal::as_bytes(kContent)); }

  [[nodiscard]] HttpResponse get(const std::string& key = "file", std::chrono::milliseconds patience = 10s) {
    internal::HttpRequest request;
    request.url = proxy_.url() + "/" + key;
    request.object = key;
    request.deadline = std::chrono::steady_clock::now() + patience;
    return client_.send(request);
  }
  [[nodiscard]] static std::string body(const HttpResponse& response) { return std::string(internal::as_text(response.body)); }

  TemporaryDirectory folder_;
  Nginx server_{folder_.path()};
  FaultProxy proxy_{server_.http()};
  HttpClient client_{{.options = {}, .bypass_proxy = true, .environment = internal::Environment({})}};
};

TEST_F(FaultProxyTest, passes_on_what_the_server_says) {
  const HttpResponse response = get();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(body(response), kContent);
  EXPECT_NE(response.header("etag"), "");
  EXPECT_EQ(get("none").status, 404);
  EXPECT_THAT(proxy_.statuses(), ElementsAre(200, 404));
  ASSERT_EQ(proxy_.requests().size(), 2U);
  EXPECT_EQ(proxy_.requests()[0].target, "/file");
  EXPECT_EQ("http://" + proxy_.requests()[0].header("host"), proxy_.url());
}

TEST_F(FaultProxyTest, says_nothing_or_says_it_late) {
  proxy_.play(faults::silent());
  EXPECT_EQ(error_from([&] { (void)get("file", 50ms); }).code(), ErrorCode::kTimedOut);
  proxy_.play(faults::late(10s));
  EXPECT_EQ(error_from([&] { (void)get("file", 50ms); }).code(), ErrorCode::kTimedOut);
  proxy_.play(faults::dripping(1, 20ms));
  EXPECT_EQ(error_from([&] { (void)get("file", 100ms); }).code(), ErrorCode::kTimedOut);
  proxy_.play(faults::dripping(100, 1ms));
  EXPECT_EQ(body(get()), kContent);
}

TEST_F(FaultProxyTest, breaks_off) {
  for (const Fault& fault : {faults::reset_half_way(), faults::cut_half_way()}) {
    proxy_.play(fault);
    EXPECT_EQ(error_from([&] { (void)get(); }).code(), ErrorCode::kInputOutput);
  }
  EXPECT_THAT(proxy_.statuses(), ElementsAre(200, 200));
}

TEST_F(FaultProxyTest, answers_by_itself) {
  proxy_.play(faults::answering(503));
  EXPECT_EQ(get().status, 503);
  EXPECT_TRUE(proxy_.statuses().empty());
  EXPECT_EQ(proxy_.requests().size(), 1U);
  proxy_.heal();
  EXPECT_EQ(get().status, 200);
}

TEST_F(FaultProxyTest, changes_what_the_server_says) {
  proxy_.play(faults::with_flipped_bits());
  const HttpResponse flipped = get();
  EXPECT_EQ(flipped.body.size(), kContent.size());
  EXPECT_EQ(static_cast<char>(flipped.body.front()), kContent.front() ^ 1);
  proxy_.play(faults::with_half_its_length());
  EXPECT_EQ(body(get()), kContent.substr(0, kContent.size() / 2));
  proxy_.play(faults::with_body(internal::as_bytes("foreign")));
  EXPECT_EQ(body(get()), "foreign");
}

TEST_F(FaultProxyTest, replays_what_the_server_said) {
  (void)get();
  const std::string old = proxy_.last_answer();
  write_bytes(folder_ / "file", internal::as_bytes("something else"));
  EXPECT_EQ(body(get()), "something else");
  proxy_.play(faults::replaying(old));
  EXPECT_EQ(body(get()), kContent);
}

TEST_F(FaultProxyTest, fails_now_and_then_as_the_seed_has_it) {
  const auto failures = [&](std::uint64_t seed) {
    proxy_.play(faults::sometimes(50, seed, faults::answering(503)));
    std::string marks;
    for (int i = 0; i < 40; ++i) marks += get().status == 503 ? 'x' : '.';
    return marks;
  };
  const std::string first = failures(1);
  EXPECT_EQ(failures(1), first);
  EXPECT_NE(failures(2), first);
  EXPECT_NE(first.find('x'), std::string::npos);
  EXPECT_NE(first.find('.'), std::string::npos);
}

TEST_F(FaultProxyTest, refuses) {
  EXPECT_EQ(get().status, 200);
  proxy_.refuse();
  EXPECT_EQ(error_from([&] { (void)get(); }).code(), ErrorCode::kInputOutput);
}

TEST_F(FaultProxyTest, a_server_that_is_gone_is_a_bad_gateway) {
  FaultProxy nowhere(url_of_nobody());
  internal::HttpRequest request;
  request.url = nowhere.url() + "/file";
  EXPECT_EQ(client_.send(request).status, 502);
}

}  // namespace
}  // namespace almanac::support
