#include "store/https.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "bytes.h"
#include "support/error_matchers.h"
#include "support/http_server.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::HttpServer;
using support::IsError;
using support::kNowhere;
using support::ReceivedRequest;
using support::Reply;
using support::response;
using testing::IsEmpty;

std::unique_ptr<Store> open(std::string_view address, const StoreOptions& options = {}) {
  return open_https_store(address, options, Environment({}));
}

StoreOptions eager() {
  StoreOptions options;
  options.first_byte_timeout = std::chrono::milliseconds(200);
  return options;
}

TEST(HttpsStore, asks_below_its_address) {
  HttpServer server([](const ReceivedRequest& request) { return Reply{response(200, request.target, {{"ETag", "\"1\""}})}; });
  for (const char* slashes : {"", "/", "//"}) {
    const std::string root = server.url() + "/a%20b/./c";
    const auto store = open(root + slashes);
    EXPECT_EQ(store->name(), root);
    EXPECT_EQ(store->identity(), root);
    const Object object = store->get("snapshots/ü ?#%+&.almanac");
    EXPECT_EQ(as_text(object.bytes), "/a%20b/./c/snapshots/%C3%BC%20%3F%23%25%2B%26.almanac");
    EXPECT_EQ(object.etag, "\"1\"");
    EXPECT_EQ(store->traffic().requests, 1U);
    EXPECT_EQ(store->traffic().bytes, object.bytes.size());
  }
  const auto root = open(server.url());
  EXPECT_EQ(as_text(root->get("current").bytes), "/current");
}

TEST(HttpsStore, refuses_addresses_that_cannot_be) {
  for (const auto& [address, told] : {std::pair<std::string, std::string>("https://", "https://"),
                                      {"http://host/path?query", "http://host/path"},
                                      {"https://host/x?X-Amz-Signature=SECRET", "https://host/x"},
                                      {"https://host?", "https://host"},
                                      {"https://host/path#part", "https://host/path"},
                                      {"https://host/#", "https://host/"},
                                      {"https://user@host/", "https://host/"},
                                      {"https://bob:hunter2@host/x", "https://host/x"},
                                      {"http://ho st/", "http://ho st/"},
                                      {"https://host:99999/", "https://host:99999/"},
                                      {"http://[::1/", "http://[::1/"}}) {
    EXPECT_THAT(error_from([&] { (void)open(address); }), IsError(ErrorCode::kInvalidArgument, told, kNowhere, "is no address of a store"))
        << address;
  }
}

TEST(HttpsStore, keys_stay_inside_it) {
  HttpServer server({Reply{response(200)}});
  const auto store = open(server.url() + "/root");
  for (const std::string_view key : {"", "/", "/current", "..", "../x", "a/../b", "a/./b", "a//b", "a/", "."}) {
    EXPECT_THAT(error_from([&] { (void)store->get(key); }), IsError(ErrorCode::kInvalidArgument, store->name(), kNowhere, "is no key"));
  }
  EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(HttpsStore, conditions_and_ranges_travel) {
  HttpServer server({Reply{response(206, "234", {{"Content-Range", "bytes 2-4/10"}, {"ETag", "\"1\""}})}, Reply{response(304)}});
  const auto store = open(server.url());
  GetOptions part;
  part.offset = 2;
  part.size = 3;
  part.if_match = "\"1\"";
  const Object object = store->get("current", part).value();
  EXPECT_EQ(as_text(object.bytes), "234");
  EXPECT_EQ(object.size, 10U);
  GetOptions unless;
  unless.if_none_match = "\"1\"";
  EXPECT_FALSE(store->get("current", unless));
  EXPECT_EQ(server.requests().at(0).header("range"), "bytes=2-4");
  EXPECT_EQ(server.requests().at(0).header("if-match"), "\"1\"");
  EXPECT_EQ(server.requests().at(1).header("if-none-match"), "\"1\"");
}

TEST(HttpsStore, a_range_of_a_server_that_knows_none) {
  HttpServer server({Reply{response(200, "0123456789")}});
  const auto store = open(server.url());
  GetOptions part;
  part.offset = 2;
  part.size = 3;
  part.max_size = 3;
  EXPECT_EQ(as_text(store->get("current", part).value().bytes), "234");
  part.offset = 10;
  const Object behind = store->get("current", part).value();
  EXPECT_THAT(behind.bytes, IsEmpty());
  EXPECT_EQ(behind.size, 10U);
}

TEST(HttpsStore, what_the_server_refuses) {
  const std::tuple<int, ErrorCode, const char*> refusals[] = {{404, ErrorCode::kNotFound, "has no such object"},
                                                              {410, ErrorCode::kNotFound, "has no such object"},
                                                              {412, ErrorCode::kConflict, "has changed"},
                                                              {401, ErrorCode::kPermissionDenied, "status 401: <b>Sorry</b> no"},
                                                              {403, ErrorCode::kPermissionDenied, "status 403: <b>Sorry</b> no"},
                                                              {400, ErrorCode::kInputOutput, "status 400: <b>Sorry</b> no"}};
  for (const auto& [status, code, words] : refusals) {
    HttpServer server({Reply{response(status, "<b>Sorry</b>\nno")}});
    const auto store = open(server.url());
    EXPECT_THAT(error_from([&] { (void)store->get("current"); }), IsError(code, server.url() + "/current", kNowhere, words));
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST(HttpsStore, asks_again_for_what_passes) {
  const Reply later{response(503, "later")};
  HttpServer server({later, Reply{.then = Reply::Then::kReset}, Reply{response(200, "here")}});
  EXPECT_EQ(as_text(open(server.url())->get("current").bytes), "here");
  EXPECT_EQ(server.requests().size(), 3U);
  HttpServer busy({later});
  StoreOptions twice;
  twice.max_attempts = 2;
  EXPECT_THAT(error_from([&] { (void)open(busy.url(), twice)->get("current"); }),
              IsError(ErrorCode::kInputOutput, busy.url() + "/current", kNowhere, "status 503: later"));
  EXPECT_EQ(busy.requests().size(), 2U);
}

TEST(HttpsStore, a_silent_server_is_asked_again) {
  HttpServer server({Reply{.then = Reply::Then::kHang}, Reply{response(200, "here")}});
  EXPECT_EQ(as_text(open(server.url(), eager())->get("current").bytes), "here");
}

TEST(HttpsStore, ends_at_the_earlier_deadline) {
  HttpServer server({Reply{.then = Reply::Then::kHang}});
  GetOptions soon;
  soon.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
  EXPECT_EQ(error_from([&] { (void)open(server.url())->get("current", soon); }).code(), ErrorCode::kTimedOut);
  StoreOptions options;
  options.total_timeout = std::chrono::milliseconds(100);
  EXPECT_EQ(error_from([&] { (void)open(server.url(), options)->get("current"); }).code(), ErrorCode::kTimedOut);
}

TEST(HttpsStore, no_attempt_begins_when_the_answer_is_late) {
  HttpServer server({Reply{.bytes = response(503, "later"), .wait = std::chrono::milliseconds(150)}, Reply{.then = Reply::Then::kHang}});
  const auto store = open(server.url());
  GetOptions options;
  options.answer_by = std::chrono::steady_clock::now() + std::chrono::milliseconds(600);
  const Error late = error_from([&] { (void)store->get("current", options); });
  EXPECT_EQ(late.code(), ErrorCode::kTimedOut);
  // What the second attempt waited in vain for, counted from the first.
  EXPECT_THAT(late.what(), testing::ContainsRegex("no answer within (4[5-9][0-9]|5[0-9][0-9]|600) ms"));
  EXPECT_EQ(server.requests().size(), 2U);
  HttpServer busy({Reply{response(503, "later", {{"Retry-After", "1"}})}});
  options.answer_by = std::chrono::steady_clock::now() + std::chrono::milliseconds(900);
  EXPECT_THAT(error_from([&] { (void)open(busy.url())->get("current", options); }),
              IsError(ErrorCode::kInputOutput, busy.url() + "/current", kNowhere, "status 503: later"));
  EXPECT_EQ(busy.requests().size(), 1U);
}

TEST(HttpsStore, takes_no_more_than_is_meant) {
  HttpServer server({Reply{response(200, "0123456789")}});
  GetOptions options;
  options.max_size = 9;
  EXPECT_THAT(error_from([&] { (void)open(server.url())->get("current", options); }),
              IsError(ErrorCode::kLimitExceeded, server.url() + "/current", kNowhere, "10 bytes"));
}

TEST(HttpsStore, is_only_read) {
  HttpServer server({Reply{response(200)}});
  const auto store = open(server.url());
  EXPECT_THAT(error_from([&] { (void)store->put("current", {}, {}); }),
              IsError(ErrorCode::kUnsupported, server.url(), kNowhere, "is read-only: publish to s3://… or a directory"));
  EXPECT_EQ(error_from([&] { store->remove("current"); }).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(error_from([&] { (void)store->list(""); }).code(), ErrorCode::kUnsupported);
  EXPECT_THAT(server.requests(), IsEmpty());
}

}  // namespace
}  // namespace almanac::internal
