#include "store/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "file_descriptor.h"
#include "http_requests.h"
#include "support/error_matchers.h"
#include "support/http_server.h"
#include "support/loopback.h"

namespace almanac::internal {
namespace {

using std::chrono::milliseconds;
using support::body_of;
using support::error_from;
using support::failure_of;
using support::get;
using support::HttpServer;
using support::IsError;
using support::kNowhere;
using support::put;
using support::ReceivedRequest;
using support::Reply;
using support::response;
using support::settings;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr milliseconds kShort{150};

TEST(HttpClient, sends_what_it_is_told_and_nothing_that_it_is_not) {
  HttpServer server({Reply{response(200, "content", {{"ETag", "\"1\""}, {"X-Empty", ""}})}});
  HttpClient client(settings());
  HttpRequest request = get(server.url() + "/a/../b/./%2E%2e/c%20d?list-type=2&prefix=%2B");
  request.headers = {{"X-One", "1"}, {"If-None-Match", "\"0\""}};
  const HttpResponse answer = client.send(request);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body_of(answer), "content");
  EXPECT_EQ(answer.size, 7U);
  EXPECT_THAT(answer.headers, ElementsAre(Pair("etag", "\"1\""), Pair("x-empty", ""), Pair("content-length", "7")));
  EXPECT_EQ(answer.header("etag"), "\"1\"");
  EXPECT_EQ(answer.header("etag2"), "");
  const ReceivedRequest received = server.requests().at(0);
  EXPECT_EQ(received.method, "GET");
  EXPECT_EQ(received.target, "/a/../b/./%2E%2e/c%20d?list-type=2&prefix=%2B");
  EXPECT_EQ(received.header("x-one"), "1");
  EXPECT_EQ(received.header("if-none-match"), "\"0\"");
  EXPECT_EQ(received.header("accept-encoding"), "identity");
  EXPECT_EQ(received.header("user-agent"), std::string("almanac/") + library_version());
  EXPECT_EQ(client.traffic().requests, 1U);
  EXPECT_EQ(client.traffic().bytes, 7U);
}

TEST(HttpClient, puts_at_once_whatever_the_size) {
  HttpServer server({Reply{response(200)}});
  HttpClient client(settings());
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{3'000'000}}) {
    const std::string body(size, 'x');
    EXPECT_EQ(client.send(put(server.url() + "/key", body)).status, 200);
    const ReceivedRequest received = server.requests().back();
    EXPECT_EQ(received.method, "PUT");
    EXPECT_EQ(received.body, body);
    EXPECT_EQ(received.header("content-length"), std::to_string(size));
    EXPECT_EQ(received.header("expect") + received.header("content-type"), "");
  }
}

TEST(HttpClient, sends_other_methods) {
  HttpServer server({Reply{response(204)}, Reply{"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"}});
  HttpClient client(settings());
  EXPECT_EQ(client.send({.method = "DELETE", .url = server.url(), .object = "x"}).status, 204);
  const HttpResponse head = client.send({.method = "HEAD", .url = server.url(), .object = "x"});
  EXPECT_EQ(head.size, 1000U);
  EXPECT_THAT(head.body, IsEmpty());
  EXPECT_EQ(server.requests().at(0).method, "DELETE");
  EXPECT_EQ(server.requests().at(1).method, "HEAD");
}

TEST(HttpClient, a_header_cannot_bring_another_along) {
  HttpServer server({Reply{response(200)}});
  HttpClient client(settings());
  HttpRequest request = get(server.url());
  request.headers = {{"If-Match", "\"1\"\r\nX-Evil: 1"}};
  EXPECT_THAT(error_from([&] { (void)client.send(request); }),
              IsError(ErrorCode::kInvalidArgument, "an object", kNowhere, "control characters in the header If-Match"));
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(HttpClient, any_status_is_an_answer) {
  for (const int status : {201, 304, 403, 404, 412, 416, 500, 503}) {
    HttpServer server({Reply{response(status, status == 304 ? "" : "why", {{"X-Why", "because"}})}});
    HttpClient client(settings());
    const HttpResponse answer = client.send(get(server.url()));
    EXPECT_EQ(answer.status, status);
    EXPECT_EQ(body_of(answer), status == 304 ? "" : "why");
    EXPECT_EQ(answer.header("x-why"), "because");
  }
}

TEST(HttpClient, connections_are_kept) {
  HttpServer server({Reply{response(200, "x")}});
  HttpClient client(settings());
  for (int i = 0; i < 5; ++i) (void)client.send(get(server.url()));
  EXPECT_EQ(server.connections(), 1U);
  EXPECT_EQ(client.traffic().requests, 5U);
}

TEST(HttpClient, calls_at_once_do_not_mix) {
  constexpr int kThreads = 8;
  constexpr int kRequests = 50;
  HttpServer server([](const ReceivedRequest& request) { return Reply{response(200, request.target + request.body)}; });
  HttpClient client(settings());
  std::vector<int> wrong(kThreads, 0);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kRequests; ++i) {
        const std::string target = "/" + std::to_string(thread) + "/" + std::to_string(i);
        auto& count = wrong[static_cast<std::size_t>(thread)];
        try {
          const bool is_put = i % 2 != 0;
          const HttpResponse answer = client.send(is_put ? put(server.url() + target, target) : get(server.url() + target));
          count += body_of(answer) == (is_put ? target + target : target) ? 0 : 1;
        } catch (const Error&) {
          ++count;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(wrong, testing::Each(0));
  EXPECT_LE(server.connections(), static_cast<std::size_t>(kThreads));
  EXPECT_EQ(client.traffic().requests, static_cast<std::uint64_t>(kThreads) * kRequests);
}

TEST(HttpClient, a_connection_that_does_not_come_about_is_no_arrival) {
  HttpClient client(settings());
  const HttpFailure refused = failure_of(client, put(support::url_of_nobody() + "/key", "x"));
  EXPECT_THAT(refused, IsError(ErrorCode::kInputOutput, "an object", kNowhere, "cannot be reached: Failed to connect to 127.0.0.1"));
  EXPECT_FALSE(refused.may_have_arrived());
  EXPECT_TRUE(refused.may_help_to_repeat());
  const HttpFailure unknown = failure_of(client, get("http://no-such-host.invalid/"));
  EXPECT_THAT(unknown.what(), HasSubstr("no-such-host.invalid"));
  EXPECT_FALSE(unknown.may_have_arrived());
  const HttpFailure wrong = failure_of(client, get("ftp://127.0.0.1/"));
  EXPECT_THAT(wrong.what(), HasSubstr("rotocol"));
  EXPECT_FALSE(wrong.may_help_to_repeat());
  EXPECT_EQ(client.traffic().requests, 3U);
}

// A listener whose queue is full: the kernel lets further connections wait.
TEST(HttpClient, waits_for_a_connection_no_longer_than_allowed) {
  std::uint16_t port = 0;
  const FileDescriptor listener = support::bound_socket(port);
  ASSERT_EQ(::listen(listener.get(), 0), 0);
  std::vector<FileDescriptor> waiting;
  for (int i = 0; i < 4; ++i) {
    waiting.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    (void)support::connect_to(port, waiting.back());
  }
  HttpSettings impatient = settings();
  impatient.options.connect_timeout = kShort;
  HttpClient client(impatient);
  const HttpFailure failure = failure_of(client, put("http://127.0.0.1:" + std::to_string(port), "x"));
  EXPECT_EQ(failure.code(), ErrorCode::kTimedOut);
  EXPECT_FALSE(failure.may_have_arrived());
  EXPECT_TRUE(failure.may_help_to_repeat());
}

TEST(HttpClient, an_answer_that_is_not_whole_is_none) {
  using Then = Reply::Then;
  for (const Reply& reply :
       {Reply{.then = Then::kClose}, Reply{.then = Then::kReset}, Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Le", .then = Then::kReset},
        Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd", .then = Then::kClose},
        Reply{.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcd", .then = Then::kClose},
        Reply{.bytes = "SSH-2.0-OpenSSH_9.2\r\n", .then = Then::kClose}}) {
    HttpServer server({reply});
    HttpClient client(settings());
    const HttpFailure failure = failure_of(client, put(server.url(), "x"));
    EXPECT_THAT(failure, IsError(ErrorCode::kInputOutput, "an object", kNowhere, "no whole answer: ")) << reply.bytes;
    EXPECT_TRUE(failure.may_have_arrived()) << reply.bytes;
  }
}

TEST(HttpClient, waits_until_the_deadline) {
  HttpServer server({Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd", .then = Reply::Then::kHang}});
  HttpClient client(settings());
  HttpRequest request = get(server.url());
  request.deadline = std::chrono::steady_clock::now() + milliseconds(400);
  const HttpFailure failure = failure_of(client, request);
  EXPECT_EQ(failure.code(), ErrorCode::kTimedOut);
  EXPECT_THAT(failure.what(), HasSubstr("4 out of 5 bytes"));
  EXPECT_TRUE(failure.may_have_arrived());
  EXPECT_TRUE(failure.may_help_to_repeat());
  std::this_thread::sleep_until(request.deadline);
  const HttpFailure late = failure_of(client, request);
  EXPECT_EQ(late.code(), ErrorCode::kTimedOut);
  EXPECT_FALSE(late.may_have_arrived());
  EXPECT_FALSE(late.may_help_to_repeat());
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(HttpClient, waits_for_a_byte_no_longer_than_allowed) {
  for (const std::string bytes : {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabcd"}) {
    HttpServer server({Reply{.bytes = bytes, .then = Reply::Then::kHang}});
    HttpSettings impatient = settings();
    impatient.options.first_byte_timeout = kShort;
    HttpClient client(impatient);
    const HttpFailure failure = failure_of(client, get(server.url()));
    EXPECT_THAT(failure, IsError(ErrorCode::kTimedOut, "an object", kNowhere, "nothing came for 150 ms"));
    EXPECT_TRUE(failure.may_have_arrived());
    EXPECT_TRUE(failure.may_help_to_repeat());
  }
}

TEST(HttpClient, an_answer_begins_in_time_or_is_none) {
  for (const std::string bytes :
       {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"}) {
    HttpServer server({Reply{.bytes = bytes, .then = Reply::Then::kHang}});
    HttpSettings following = settings();
    following.follow_redirects = true;
    HttpClient client(following);
    HttpRequest request = get(server.url());
    request.answer_by = request.since + kShort;
    const HttpFailure failure = failure_of(client, request);
    EXPECT_THAT(failure, IsError(ErrorCode::kTimedOut, "an object", kNowhere, "no answer within 150 ms")) << bytes;
    EXPECT_TRUE(failure.may_have_arrived());
    const std::size_t requests = server.requests().size();
    const HttpFailure late = failure_of(client, request);
    EXPECT_THAT(late, IsError(ErrorCode::kTimedOut, "an object", kNowhere, "no answer within 150 ms"));
    EXPECT_FALSE(late.may_have_arrived());
    EXPECT_FALSE(late.may_help_to_repeat());
    EXPECT_EQ(server.requests().size(), requests);
  }
}

TEST(HttpClient, an_answer_that_has_begun_may_go_on) {
  HttpServer server({Reply{.bytes = response(200, std::string(500, 'x')), .piece = 300, .pause = milliseconds(400)}});
  HttpClient client(settings());
  HttpRequest request = get(server.url());
  request.answer_by = request.since + milliseconds(300);
  EXPECT_EQ(client.send(request).body.size(), 500U);
  EXPECT_GE(std::chrono::steady_clock::now(), request.answer_by);
}

TEST(HttpClient, what_comes_slowly_comes_in_time) {
  HttpSettings impatient = settings();
  impatient.options.first_byte_timeout = std::chrono::seconds(1);
  HttpServer server(
      {Reply{.bytes = response(200, std::string(500, 'x')), .wait = milliseconds(150), .piece = 80, .pause = milliseconds(150)}});
  HttpClient client(impatient);
  EXPECT_EQ(client.send(get(server.url())).body.size(), 500U);
}

// The server takes the request of a kept-alive connection and ends without an answer.
TEST(HttpClient, repeats_by_itself_only_what_changes_nothing) {
  const std::vector<Reply> replies = {Reply{response(200, "one")}, Reply{.then = Reply::Then::kClose}, Reply{response(200, "two")}};
  {
    HttpServer server(replies);
    HttpClient client(settings());
    (void)client.send(get(server.url()));
    EXPECT_EQ(body_of(client.send(get(server.url()))), "two");
    EXPECT_EQ(server.requests().size(), 3U);
    EXPECT_EQ(client.traffic().requests, 3U);
  }
  for (const std::string method : {"PUT", "DELETE", "POST"}) {
    HttpServer server(replies);
    HttpClient client(settings());
    (void)client.send(get(server.url()));
    HttpRequest request = put(server.url(), "x");
    request.method = method;
    const HttpFailure failure = failure_of(client, request);
    EXPECT_THAT(failure, IsError(ErrorCode::kInputOutput, "an object", kNowhere, "the connection ended before the answer"));
    EXPECT_TRUE(failure.may_have_arrived());
    EXPECT_EQ(server.requests().size(), 2U);
    EXPECT_EQ(client.traffic().requests, 2U);
  }
}

TEST(HttpClient, follows_redirects_when_asked_to) {
  HttpServer target([](const ReceivedRequest& request) { return Reply{response(206, request.target, {{"ETag", "\"t\""}})}; });
  HttpServer server({Reply{response(302, "moved", {{"Location", target.url() + "/moved"}, {"ETag", "\"r\""}, {"X-Redirect", "1"}})}});
  HttpRequest request = get(server.url());
  request.headers = {{"If-Match", "\"t\""}};
  request.range = ByteRange{.offset = 1, .size = 5};
  HttpClient plain(settings());
  EXPECT_EQ(plain.send(request).status, 302);
  HttpSettings following = settings();
  following.follow_redirects = true;
  HttpClient client(following);
  const HttpResponse answer = client.send(request);
  EXPECT_EQ(answer.status, 206);
  EXPECT_EQ(body_of(answer), "/moved");
  EXPECT_THAT(answer.headers, ElementsAre(Pair("etag", "\"t\""), Pair("content-length", "6")));
  EXPECT_EQ(target.requests().at(0).header("if-match"), "\"t\"");
  EXPECT_EQ(target.requests().at(0).header("range"), "bytes=1-5");
  EXPECT_EQ(client.traffic().requests, 2U);
  EXPECT_EQ(client.send(put(server.url(), "x")).status, 302);
  EXPECT_EQ(target.requests().size(), 1U);
}

TEST(HttpClient, follows_no_more_than_three_redirects_and_none_to_elsewhere) {
  HttpServer server([](const ReceivedRequest& request) {
    if (request.target == "/file") return Reply{response(302, "", {{"Location", "file:///etc/hostname"}})};
    return Reply{response(302, "", {{"Location", "/again"}})};
  });
  HttpSettings following = settings();
  following.follow_redirects = true;
  HttpClient client(following);
  const HttpFailure failure = failure_of(client, get(server.url()));
  EXPECT_THAT(failure.what(), HasSubstr("Maximum (3) redirects followed"));
  EXPECT_FALSE(failure.may_help_to_repeat());
  EXPECT_EQ(server.requests().size(), 4U);
  const HttpFailure file = failure_of(client, get(server.url() + "/file"));
  EXPECT_FALSE(file.may_help_to_repeat());
  EXPECT_THAT(file.what(), HasSubstr("\"file\""));
}

}  // namespace
}  // namespace almanac::internal
