#include "store/http_exchange.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "http_requests.h"
#include "support/error_matchers.h"
#include "support/http_server.h"

namespace almanac::internal {
namespace {

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
using testing::Not;
using testing::Pair;

TEST(HttpExchange, takes_the_last_headers_only) {
  HttpServer server(
      {Reply{"HTTP/1.1 103 Early Hints\r\nETag: \"early\"\r\n\r\n"
             "HTTP/1.1 200 OK\r\nETag: \"1\"\r\nTransfer-Encoding: chunked\r\n\r\n"
             "3\r\nabc\r\n0\r\nETag: \"late\"\r\nX-Late: 1\r\n\r\n"}});
  HttpClient client(settings());
  const HttpResponse answer = client.send(get(server.url()));
  EXPECT_EQ(body_of(answer), "abc");
  EXPECT_EQ(answer.size, 3U);
  EXPECT_THAT(answer.headers, ElementsAre(Pair("etag", "\"1\""), Pair("transfer-encoding", "chunked")));
}

TEST(HttpExchange, takes_no_more_than_is_meant) {
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x') + "\r\n0\r\n\r\n";
  // The length alone is enough: no byte of the body ever comes of the first.
  for (const Reply& reply : {Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\nx", .then = Reply::Then::kHang},
                             Reply{.bytes = "HTTP/1.1 206 Part\r\nContent-Length: 101\r\n\r\nx", .then = Reply::Then::kHang},
                             Reply{response(200, std::string(101, 'x'))}, Reply{chunked}}) {
    HttpServer server({reply});
    HttpClient client(settings());
    HttpRequest request = get(server.url());
    request.max_size = 100;
    EXPECT_THAT(error_from([&] { (void)client.send(request); }),
                IsError(ErrorCode::kLimitExceeded, "an object", kNowhere, "101 bytes or more where at most 100"));
  }
  HttpServer server({Reply{response(200, std::string(100, 'x'))}, Reply{response(404, std::string(101, 'x'))}});
  HttpClient client(settings());
  HttpRequest request = get(server.url());
  request.max_size = 100;
  EXPECT_EQ(client.send(request).body.size(), 100U);
  EXPECT_EQ(client.send(request).status, 404);
}

TEST(HttpExchange, puts_a_body_where_there_is_room_for_it) {
  for (const Reply& reply : {Reply{response(200, "0123456789")}, Reply{.bytes = response(206, "2345"), .piece = 1}}) {
    HttpServer server({reply});
    HttpClient client(settings());
    std::vector<std::byte> memory(4);
    HttpRequest request = get(server.url());
    request.range = ByteRange{.offset = 2, .size = 4};
    request.into = memory;
    request.max_size = 4;
    const HttpResponse put = client.send(request);
    EXPECT_EQ(put.body_put, 4U);
    EXPECT_EQ(as_text(memory), "2345");
    EXPECT_THAT(put.body, IsEmpty());
    request.max_size = 5;
    const HttpResponse not_put = client.send(request);
    EXPECT_EQ(not_put.body_put, 0U);
    EXPECT_EQ(body_of(not_put), "2345");
  }
}

TEST(HttpExchange, puts_nothing_of_an_error_or_of_too_much) {
  HttpServer server({Reply{response(404, "0123456789")}, Reply{response(200, "0123456789")}});
  HttpClient client(settings());
  std::vector<std::byte> memory(9, std::byte{'x'});
  HttpRequest request = get(server.url());
  request.into = memory;
  request.max_size = 9;
  const HttpResponse error = client.send(request);
  EXPECT_EQ(body_of(error), "0123456789");
  EXPECT_EQ(error.body_put, 0U);
  EXPECT_EQ(error_from([&] { (void)client.send(request); }).code(), ErrorCode::kLimitExceeded);
  EXPECT_EQ(as_text(memory), "xxxxxxxxx");
}

TEST(HttpExchange, a_head_takes_nothing_in) {
  HttpServer server({Reply{"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"}});
  HttpClient client(settings());
  EXPECT_EQ(client.send({.method = "HEAD", .url = server.url(), .object = "x", .max_size = 1}).size, 1000U);
}

TEST(HttpExchange, an_error_may_be_of_any_length) {
  const std::string long_text(1'000'000, 'x');
  for (const std::string& bytes :
       {response(500, long_text), "HTTP/1.1 500 Chunked\r\nTransfer-Encoding: chunked\r\n\r\nf4240\r\n" + long_text + "\r\n"}) {
    HttpServer server({Reply{.bytes = bytes, .then = Reply::Then::kHang}});
    HttpClient client(settings());
    const HttpResponse answer = client.send(get(server.url()));
    EXPECT_EQ(answer.status, 500);
    EXPECT_EQ(answer.body.size(), 64U * 1024);
  }
}

TEST(HttpExchange, a_length_that_was_only_announced_is_not_allocated) {
  HttpServer server({Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 4611686018427387904\r\n\r\nx", .then = Reply::Then::kClose}});
  HttpClient client(settings());
  EXPECT_THAT(failure_of(client, get(server.url())).what(), HasSubstr("no whole answer: transfer closed"));
}

TEST(HttpExchange, headers_without_end_are_refused) {
  HttpServer server({Reply{"HTTP/1.1 200 OK\r\n" + [] {
    std::string lines;
    for (int i = 0; i < 300; ++i) lines += "X-" + std::to_string(i) + ": " + std::string(1000, 'x') + "\r\n";
    return lines;
  }()}});
  HttpClient client(settings());
  EXPECT_THAT(error_from([&] { (void)client.send(get(server.url())); }),
              IsError(ErrorCode::kLimitExceeded, "an object", kNowhere, "256 KiB of headers"));
}

TEST(HttpExchange, asks_for_a_range) {
  HttpServer server({Reply{response(206, "2345")}});
  HttpClient client(settings());
  HttpRequest request = get(server.url());
  request.range = ByteRange{.offset = 2, .size = 4};
  EXPECT_EQ(body_of(client.send(request)), "2345");
  request.range = ByteRange{.offset = 7, .size = {}};
  (void)client.send(request);
  request.range = ByteRange{.offset = 1, .size = UINT64_MAX};
  (void)client.send(request);
  EXPECT_EQ(server.requests().at(0).header("range"), "bytes=2-5");
  EXPECT_EQ(server.requests().at(1).header("range"), "bytes=7-");
  EXPECT_EQ(server.requests().at(2).header("range"), "bytes=1-");
}

TEST(HttpExchange, cuts_a_range_out_of_the_whole) {
  const std::string whole = "0123456789";
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n6\r\n456789\r\n0\r\n\r\n";
  for (const std::string& bytes : {response(200, whole), chunked}) {
    for (const std::size_t piece : {std::size_t{1000}, std::size_t{1}}) {
      HttpServer server({Reply{.bytes = bytes, .piece = piece}});
      HttpClient client(settings());
      for (const auto& [offset, size] : {std::pair{0U, 10U}, {0U, 3U}, {2U, 4U}, {9U, 1U}, {9U, 5U}, {10U, 1U}, {50U, 1U}, {0U, 99U}}) {
        HttpRequest request = get(server.url());
        request.range = ByteRange{.offset = offset, .size = size};
        request.max_size = 10;
        const HttpResponse answer = client.send(request);
        EXPECT_EQ(body_of(answer), offset < 10 ? whole.substr(offset, size) : "") << offset << " " << size;
        EXPECT_EQ(answer.size, 10U);
      }
    }
  }
}

TEST(HttpExchange, does_not_wait_for_what_lies_behind_the_range) {
  HttpServer server({Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n0123456789", .then = Reply::Then::kHang}});
  HttpClient client(settings());
  HttpRequest request = get(server.url());
  request.range = ByteRange{.offset = 2, .size = 4};
  request.max_size = 4;
  const HttpResponse answer = client.send(request);
  EXPECT_EQ(body_of(answer), "2345");
  EXPECT_EQ(answer.size, 1'000'000'000U);
}

TEST(HttpExchange, tells_how_far_it_is) {
  using Steps = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  Steps steps;
  HttpSettings watched = settings();
  watched.options.on_progress = [&](std::uint64_t done, std::uint64_t total) { steps.emplace_back(done, total); };
  HttpServer server(
      [](const ReceivedRequest& request) { return Reply{response(request.target == "/no" ? 404 : 200, std::string(300'000, 'x'))}; });
  HttpClient client(watched);
  (void)client.send(get(server.url()));
  ASSERT_THAT(steps, Not(IsEmpty()));
  EXPECT_TRUE(std::ranges::is_sorted(steps));
  EXPECT_THAT(steps, testing::Each(Pair(testing::Le(300'000U), 300'000U)));
  EXPECT_EQ(steps.back().first, 300'000U);
  steps.clear();
  (void)client.send(put(server.url(), std::string(3'000'000, 'x')));
  ASSERT_THAT(steps, Not(IsEmpty()));
  EXPECT_EQ(steps.back(), (std::pair<std::uint64_t, std::uint64_t>(3'000'000, 3'000'000)));
  steps.clear();
  (void)client.send(get(server.url() + "/no"));
  EXPECT_THAT(steps, IsEmpty());
}

TEST(HttpExchange, what_the_callers_function_throws_comes_out) {
  HttpServer server({Reply{response(200, std::string(300'000, 'x'))}});
  HttpSettings watched = settings();
  watched.options.on_progress = [](std::uint64_t, std::uint64_t) { throw std::domain_error("enough"); };
  HttpClient client(watched);
  EXPECT_THROW((void)client.send(get(server.url())), std::domain_error);
}

}  // namespace
}  // namespace almanac::internal
