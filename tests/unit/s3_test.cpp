// What the store makes of answers that a healthy server does not give; for the healthy one see tests/store.
#include "store/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bytes.h"
#include "support/error_matchers.h"
#include "support/http_server.h"
#include "support/store_keys.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::HttpServer;
using support::IsError;
using support::keys_of;
using support::kNowhere;
using support::ReceivedRequest;
using support::Reply;
using support::response;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kObject = "s3://acme/live/current";
constexpr const char* kMark = "x-amz-meta-almanac-put";

Reply problem(int status, const std::string& code) {
  return {response(status, "<Error><Code>" + code + "</Code><Message>words</Message></Error>")};
}

Reply reset() {
  Reply reply;
  reply.then = Reply::Then::kReset;
  return reply;
}

// The first byte of an object, which is all that the store asks for to see whose it is.
Reply first_byte_of(const std::string& object, const std::string& etag, const std::string& mark) {
  return {
      response(206, object.substr(0, 1), {{"Content-Range", "bytes 0-0/" + std::to_string(object.size())}, {"ETag", etag}, {kMark, mark}})};
}

// A server that answers PUT and GET as a test says; `number` counts the requests of each, from 1 on.
class S3StoreTest : public testing::Test {
 protected:
  using Answer = std::function<Reply(int number, const ReceivedRequest& request)>;

  S3StoreTest()
      : server_([this](const ReceivedRequest& request) {
          if (request.target.starts_with("/keys")) return keys_(++key_requests_, request);
          if (request.method != "PUT") return get_(++gets_, request);
          mark_ = request.header(kMark);
          return put_(++puts_, request);
        }) {}

  std::unique_ptr<Store> open(StoreOptions options = {}) {
    return open_s3_store(
        "s3://acme/live", options,
        Environment({{"AWS_ENDPOINT_URL", server_.url()}, {"AWS_ACCESS_KEY_ID", "ID"}, {"AWS_SECRET_ACCESS_KEY", "hidden"}}));
  }
  bool put(Store& store, const PutCondition& condition) { return store.put("current", as_bytes("ours"), condition); }

  Answer put_ = [](int, const ReceivedRequest&) { return Reply{response(200)}; };
  Answer get_ = [](int, const ReceivedRequest&) { return problem(404, "NoSuchKey"); };
  Answer keys_ = [](int, const ReceivedRequest&) { return Reply{response(404)}; };
  std::string mark_;  // of the last PUT; read by the server alone
  std::atomic<int> puts_ = 0;
  std::atomic<int> gets_ = 0;
  std::atomic<int> key_requests_ = 0;
  HttpServer server_;
};

TEST_F(S3StoreTest, sends_what_it_signed) {
  const auto store = open();
  EXPECT_TRUE(store->put("a b+ü", as_bytes("ours"), PutCondition::if_absent()));
  const ReceivedRequest request = server_.requests().at(0);
  EXPECT_EQ(request.target, "/acme/live/a%20b%2B%C3%BC");
  EXPECT_EQ(request.body, "ours");
  EXPECT_EQ(request.header("if-none-match"), "*");
  EXPECT_EQ(request.header("host"), server_.url().substr(std::string("http://").size()));
  EXPECT_EQ(request.header("expect"), "");
  EXPECT_THAT(request.header("authorization"), StartsWith("AWS4-HMAC-SHA256 Credential=ID/"));
  EXPECT_THAT(request.header("authorization"),
              HasSubstr("/us-east-1/s3/aws4_request, SignedHeaders=host;if-none-match;x-amz-content-sha256;"));
}

TEST_F(S3StoreTest, the_loser_of_a_race_is_told) {
  put_ = [](int, const ReceivedRequest&) { return problem(412, "PreconditionFailed"); };
  get_ = [](int, const ReceivedRequest&) { return first_byte_of("theirs", "\"2\"", "another mark"); };
  EXPECT_FALSE(put(*open(), PutCondition::if_absent()));
  EXPECT_FALSE(put(*open(), PutCondition::if_match("\"1\"")));
  EXPECT_EQ(puts_, 2);
  EXPECT_EQ(gets_, 2);
}

TEST_F(S3StoreTest, the_same_bytes_of_another_are_not_ours) {
  put_ = [](int, const ReceivedRequest&) { return problem(412, "PreconditionFailed"); };
  get_ = [](int, const ReceivedRequest&) { return first_byte_of("ours", "\"2\"", "another mark"); };
  EXPECT_FALSE(put(*open(), PutCondition::if_absent()));
}

TEST_F(S3StoreTest, what_was_written_though_the_answer_was_lost_is_ours) {
  const std::vector<Reply> lost = {reset(), problem(500, "InternalError"), problem(409, "ConditionalRequestConflict"), problem(412, ""),
                                   Reply{"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx", {}, SIZE_MAX, {}, Reply::Then::kClose}};
  for (const Reply& reply : lost) {
    put_ = [&](int, const ReceivedRequest&) { return reply; };
    get_ = [&](int, const ReceivedRequest&) { return first_byte_of("ours", "\"2\"", mark_); };
    puts_ = 0;
    EXPECT_TRUE(put(*open(), PutCondition::if_absent()));
    EXPECT_TRUE(put(*open(), PutCondition::if_match("\"1\"")));
    EXPECT_EQ(puts_, 2);
  }
}

TEST_F(S3StoreTest, what_was_not_written_is_sent_again) {
  for (const Reply& reply :
       {reset(), problem(503, "SlowDown"), problem(409, "ConditionalRequestConflict"), problem(412, "PreconditionFailed")}) {
    put_ = [&](int number, const ReceivedRequest&) { return number < 3 ? reply : Reply{response(200)}; };
    get_ = [](int, const ReceivedRequest&) { return problem(404, "NoSuchKey"); };
    puts_ = 0;
    EXPECT_TRUE(put(*open(), PutCondition::if_absent()));
    EXPECT_EQ(puts_, 3);
    get_ = [](int, const ReceivedRequest&) { return first_byte_of("before", "1", "another mark"); };
    puts_ = 0;
    EXPECT_TRUE(put(*open(), PutCondition::if_match("1")));
    EXPECT_EQ(puts_, 3);
  }
}

TEST_F(S3StoreTest, what_cannot_be_written_is_an_error) {
  put_ = [](int, const ReceivedRequest&) { return problem(503, "SlowDown"); };
  EXPECT_THAT(error_from([&] { (void)put(*open(), PutCondition::if_absent()); }),
              IsError(ErrorCode::kInputOutput, kObject, kNowhere, "status 503: SlowDown: words"));
  EXPECT_EQ(puts_, 3);
  put_ = [](int, const ReceivedRequest&) { return problem(412, "PreconditionFailed"); };
  EXPECT_THAT(error_from([&] { (void)put(*open(), PutCondition::if_absent()); }),
              IsError(ErrorCode::kConflict, kObject, kNowhere, "refused each time, though its condition held"));
  put_ = [](int, const ReceivedRequest&) { return reset(); };
  EXPECT_THAT(error_from([&] { (void)put(*open(), PutCondition::if_absent()); }),
              IsError(ErrorCode::kInputOutput, kObject, kNowhere, "; whether it was written is not known"));
}

// The first attempt may have been written, and another may have replaced that before it was looked for.
TEST_F(S3StoreTest, what_another_may_have_replaced_is_not_known) {
  const auto theirs = [](int, const ReceivedRequest&) { return first_byte_of("theirs", "\"2\"", "another mark"); };
  const auto unknown = IsError(ErrorCode::kInputOutput, kObject, kNowhere, "has changed meanwhile; whether it was written is not known");
  for (const Reply& reply : {reset(), problem(500, "InternalError"), problem(503, "SlowDown")}) {
    put_ = [&](int, const ReceivedRequest&) { return reply; };
    get_ = theirs;
    EXPECT_THAT(error_from([&] { (void)put(*open(), PutCondition::if_match("\"1\"")); }), unknown);
    // What is only ever created is not replaced.
    EXPECT_FALSE(put(*open(), PutCondition::if_absent()));
    // The second answer is clear, and says nothing about the first.
    put_ = [&](int number, const ReceivedRequest&) { return number == 1 ? reply : problem(412, "PreconditionFailed"); };
    get_ = [&](int number, const ReceivedRequest& request) {
      return number == 1 ? first_byte_of("before", "1", "old mark") : theirs(number, request);
    };
    puts_ = gets_ = 0;
    EXPECT_THAT(error_from([&] { (void)put(*open(), PutCondition::if_match("1")); }), unknown);
    EXPECT_EQ(puts_, 2);
  }
}

TEST_F(S3StoreTest, what_nobody_can_look_at_is_not_known) {
  put_ = [](int, const ReceivedRequest&) { return problem(500, "InternalError"); };
  get_ = [](int, const ReceivedRequest&) { return problem(403, "AccessDenied"); };
  EXPECT_THAT(error_from([&] { (void)put(*open(), PutCondition::if_absent()); }),
              IsError(ErrorCode::kPermissionDenied, kObject, kNowhere, "; whether it was written is not known"));
  EXPECT_EQ(puts_, 1);
}

TEST_F(S3StoreTest, a_server_that_drops_marks_is_asked_for_the_bytes) {
  put_ = [](int, const ReceivedRequest&) { return problem(412, "PreconditionFailed"); };
  for (const auto& [there, is_ours] : {std::pair("ours", true), {"them", false}, {"others", false}}) {
    get_ = [&, there = std::string(there)](int, const ReceivedRequest& request) {
      if (request.header("range").empty()) return Reply{response(200, there, {{"ETag", "\"2\""}})};
      return Reply{response(206, there.substr(0, 1), {{"Content-Range", "bytes 0-0/" + std::to_string(there.size())}, {"ETag", "\"2\""}})};
    };
    EXPECT_EQ(put(*open(), PutCondition::if_absent()), is_ours) << there;
    EXPECT_EQ(put(*open(), PutCondition::if_match("\"1\"")), is_ours) << there;
  }
}

TEST_F(S3StoreTest, the_same_bytes_of_another_are_not_ours_when_they_come_between_two_looks) {
  put_ = [](int, const ReceivedRequest&) { return problem(412, "PreconditionFailed"); };
  get_ = [](int, const ReceivedRequest& request) {
    if (!request.header("range").empty()) return first_byte_of("them", "\"1\"", "");
    return Reply{response(200, "ours", {{"ETag", "\"2\""}, {kMark, "another mark"}})};
  };
  EXPECT_FALSE(put(*open(), PutCondition::if_match("\"1\"")));
  EXPECT_FALSE(put(*open(), PutCondition::if_absent()));
}

TEST_F(S3StoreTest, an_object_of_no_bytes_is_looked_at_whole) {
  put_ = [](int, const ReceivedRequest&) { return problem(500, "InternalError"); };
  get_ = [&](int, const ReceivedRequest& request) {
    if (!request.header("range").empty()) return problem(416, "InvalidRange");
    return Reply{response(200, "", {{"ETag", "\"0\""}, {kMark, mark_}})};
  };
  EXPECT_TRUE(open()->put("current", {}, PutCondition::if_absent()));
}

TEST_F(S3StoreTest, the_servers_form_of_an_etag_is_found_out_once) {
  put_ = [](int, const ReceivedRequest& request) {
    return request.header("if-match") == "1" ? Reply{response(200)} : problem(412, "PreconditionFailed");
  };
  get_ = [](int, const ReceivedRequest&) { return first_byte_of("before", "\"1\"", "mark"); };
  const auto store = open();
  EXPECT_TRUE(put(*store, PutCondition::if_match("\"1\"")));
  EXPECT_EQ(puts_, 2);
  EXPECT_TRUE(put(*store, PutCondition::if_match("\"1\"")));
  EXPECT_EQ(puts_, 3);
  EXPECT_FALSE(put(*store, PutCondition::if_match("\"0\"")));
  EXPECT_EQ(puts_, 4);
}

TEST_F(S3StoreTest, a_put_that_cannot_be_conditional_is_not_sent) {
  EXPECT_THAT(error_from([&] { (void)put(*open(), PutCondition::if_match("")); }),
              IsError(ErrorCode::kUnsupported, kObject, kNowhere, "has no etag"));
  EXPECT_EQ(puts_, 0);
  put_ = [](int, const ReceivedRequest&) { return problem(501, "NotImplemented"); };
  EXPECT_EQ(error_from([&] { (void)put(*open(), PutCondition::if_absent()); }).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(puts_, 1);
  EXPECT_EQ(gets_, 0);
}

TEST_F(S3StoreTest, removes_on_a_condition) {
  const auto remove = [](Store& store) { return store.remove("current", PutCondition::if_match("\"1\"")); };
  get_ = [](int, const ReceivedRequest&) { return Reply{response(204)}; };
  EXPECT_TRUE(remove(*open()));
  const ReceivedRequest request = server_.requests().at(0);
  EXPECT_EQ(request.method, "DELETE");
  EXPECT_EQ(request.header("if-match"), "\"1\"");
  EXPECT_THAT(request.header("authorization"), HasSubstr("SignedHeaders=host;if-match;"));
  get_ = [](int, const ReceivedRequest&) { return problem(412, "PreconditionFailed"); };
  EXPECT_FALSE(remove(*open()));
  get_ = [](int, const ReceivedRequest&) { return problem(404, "NoSuchKey"); };
  EXPECT_TRUE(remove(*open())) << "gone is gone";
  get_ = [](int, const ReceivedRequest& received) {
    return received.header("if-match") == "1" ? Reply{response(204)} : problem(412, "PreconditionFailed");
  };
  EXPECT_TRUE(remove(*open())) << "where etags are known without their quotes alone";
}

TEST_F(S3StoreTest, a_removal_that_meets_something_else_is_repeated) {
  for (const Reply& reply : {problem(409, "ConditionalRequestConflict"), problem(503, "SlowDown"), reset()}) {
    get_ = [&](int number, const ReceivedRequest&) { return number < 3 ? reply : Reply{response(204)}; };
    gets_ = 0;
    EXPECT_TRUE(open()->remove("current", PutCondition::if_match("1")));
    EXPECT_EQ(gets_, 3);
    get_ = [&](int, const ReceivedRequest&) { return reply; };
    EXPECT_EQ(error_from([&] { (void)open()->remove("current", PutCondition::if_match("1")); }).code(), ErrorCode::kInputOutput);
  }
  gets_ = 0;
  EXPECT_EQ(error_from([&] { (void)open()->remove("current", PutCondition::if_match("")); }).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(error_from([&] { (void)open()->remove("current", PutCondition::if_absent()); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(gets_, 0);
}

TEST_F(S3StoreTest, more_than_s3_takes_is_not_sent) {
  const std::span<const std::byte> large(as_bytes("x").data(), std::size_t{5} * 1024 * 1024 * 1024 + 1);
  EXPECT_EQ(error_from([&] { (void)open()->put("current", large, {}); }).code(), ErrorCode::kLimitExceeded);
  EXPECT_EQ(puts_, 0);
}

TEST_F(S3StoreTest, what_is_safe_is_repeated) {
  put_ = [](int number, const ReceivedRequest&) { return number < 3 ? problem(503, "SlowDown") : Reply{response(200)}; };
  EXPECT_TRUE(put(*open(), {}));
  EXPECT_EQ(puts_, 3);
  get_ = [](int number, const ReceivedRequest&) { return number < 3 ? reset() : Reply{response(200, "text")}; };
  EXPECT_EQ(as_text(open()->get("current").bytes), "text");
  EXPECT_EQ(gets_, 3);
  get_ = [](int, const ReceivedRequest&) { return problem(503, "SlowDown"); };
  gets_ = 0;
  StoreOptions options;
  options.max_attempts = 1;
  EXPECT_EQ(error_from([&] { open(options)->remove("current"); }).code(), ErrorCode::kInputOutput);
  EXPECT_EQ(gets_, 1);
}

TEST_F(S3StoreTest, a_silent_server_is_given_up) {
  Reply silence;
  silence.then = Reply::Then::kHang;
  put_ = [&](int, const ReceivedRequest&) { return silence; };
  get_ = put_;
  StoreOptions options;
  options.total_timeout = std::chrono::milliseconds(100);
  EXPECT_THAT(error_from([&] { (void)put(*open(options), PutCondition::if_absent()); }),
              IsError(ErrorCode::kTimedOut, kObject, kNowhere, "whether it was written is not known"));
  EXPECT_EQ(error_from([&] { (void)open(options)->list(""); }).code(), ErrorCode::kTimedOut);
  GetOptions get;
  get.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
  EXPECT_EQ(error_from([&] { (void)open()->get("current", get); }).code(), ErrorCode::kTimedOut);
}

TEST_F(S3StoreTest, an_answer_begins_in_time_or_is_none) {
  GetOptions options;
  get_ = [](int, const ReceivedRequest&) {
    return Reply{.bytes = response(200, std::string(500, 'x')), .piece = 300, .pause = std::chrono::milliseconds(400)};
  };
  options.answer_by = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
  EXPECT_EQ(open()->get("current", options).value().bytes.size(), 500U);
  get_ = [](int, const ReceivedRequest&) { return Reply{.then = Reply::Then::kHang}; };
  options.answer_by = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
  EXPECT_THAT(error_from([&] { (void)open()->get("current", options); }),
              IsError(ErrorCode::kTimedOut, kObject, kNowhere, "no answer within "));
  // The key that it is to be signed with is part of the wait.
  keys_ = get_;
  const auto keyless =
      open_s3_store("s3://acme/live", {},
                    Environment({{"AWS_ENDPOINT_URL", server_.url()}, {"AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url() + "/keys"}}));
  gets_ = 0;
  options.answer_by = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
  EXPECT_EQ(error_from([&] { (void)keyless->get("current", options); }).code(), ErrorCode::kTimedOut);
  EXPECT_EQ(gets_, 0);
}

TEST_F(S3StoreTest, is_told_from_every_other_store) {
  EXPECT_EQ(open()->name(), "s3://acme/live");
  EXPECT_EQ(open()->identity(), server_.url() + "/acme/live/");
  const auto identity = [](const char* address, Environment::Variables variables) {
    return open_s3_store(address, {}, Environment(std::move(variables)))->identity();
  };
  EXPECT_EQ(identity("s3://acme/live/", {{"AWS_REGION", "eu-west-1"}}), "https://s3.eu-west-1.amazonaws.com/acme/live/");
  EXPECT_EQ(identity("s3://acme", {{"AWS_REGION", "eu-west-1"}}), "https://s3.eu-west-1.amazonaws.com/acme/");
}

TEST_F(S3StoreTest, the_environment_names_the_roots_of_trust) {
  const auto store = open_s3_store("s3://acme/live", {},
                                   Environment({{"AWS_ENDPOINT_URL", "https://127.0.0.1:1"},
                                                {"AWS_ACCESS_KEY_ID", "ID"},
                                                {"AWS_SECRET_ACCESS_KEY", "hidden"},
                                                {"AWS_CA_BUNDLE", "/no/such.pem"}}));
  EXPECT_THAT(error_from([&] { (void)store->get("current"); }),
              IsError(ErrorCode::kInvalidArgument, "/no/such.pem", kNowhere, "named by AWS_CA_BUNDLE"));
}

TEST_F(S3StoreTest, a_bucket_elsewhere_is_no_mistake_of_the_caller) {
  get_ = [](int, const ReceivedRequest&) { return Reply{response(301, "", {{"x-amz-bucket-region", "eu-west-1"}})}; };
  EXPECT_THAT(error_from([&] { (void)open()->get("current"); }),
              IsError(ErrorCode::kInputOutput, "s3://acme", kNowhere, "set AWS_REGION=eu-west-1"));
  get_ = [](int, const ReceivedRequest&) { return Reply{response(307, "", {{"x-amz-bucket-region", "us-east-1"}})}; };
  EXPECT_THAT(error_from([&] { (void)open()->get("current"); }), IsError(ErrorCode::kInputOutput, kObject, kNowhere, "status 307"));
}

TEST_F(S3StoreTest, an_expired_key_is_renewed_once) {
  keys_ = [](int number, const ReceivedRequest&) {
    return Reply{response(200, R"({"AccessKeyId":"KEY)" + std::to_string(number) + R"(","SecretAccessKey":"hidden","Token":"t"})")};
  };
  std::string last_good = "KEY2";
  get_ = [&](int, const ReceivedRequest& request) {
    return request.header("authorization").find("=" + last_good + "/") == std::string::npos ? problem(400, "ExpiredToken")
                                                                                            : Reply{response(200, "text")};
  };
  const auto store =
      open_s3_store("s3://acme/live", {},
                    Environment({{"AWS_ENDPOINT_URL", server_.url()}, {"AWS_CONTAINER_CREDENTIALS_FULL_URI", server_.url() + "/keys"}}));
  EXPECT_EQ(as_text(store->get("current").bytes), "text");
  EXPECT_EQ(key_requests_, 2);
  EXPECT_EQ(gets_, 2);
  last_good = "none";
  EXPECT_THAT(error_from([&] { (void)store->get("current"); }),
              IsError(ErrorCode::kPermissionDenied, kObject, kNowhere, "ExpiredToken: words; get new credentials"));
  EXPECT_EQ(key_requests_, 3);
  // One that cannot change is not tried again.
  gets_ = 0;
  EXPECT_EQ(error_from([&] { (void)open()->get("current"); }).code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(gets_, 1);
}

std::string page_of(const std::string& key, const std::string& next) {
  return "<ListBucketResult><IsTruncated>" + std::string(next.empty() ? "false" : "true") + "</IsTruncated><NextContinuationToken>" + next +
         "</NextContinuationToken><Contents><Key>" + key +
         "</Key><LastModified>2026-11-20T10:00:00Z</LastModified><Size>1</Size></Contents></ListBucketResult>";
}

TEST_F(S3StoreTest, follows_a_list_to_its_end) {
  get_ = [](int number, const ReceivedRequest&) {
    return Reply{response(200, number == 1 ? page_of("live/x yb", "a+/=") : page_of("live/x ya", ""))};
  };
  EXPECT_THAT(keys_of(*open(), "x y"), ElementsAre("x ya", "x yb"));
  EXPECT_EQ(server_.requests().at(0).target, "/acme?encoding-type=url&list-type=2&prefix=live%2Fx%20y");
  EXPECT_EQ(server_.requests().at(1).target, "/acme?continuation-token=a%2B%2F%3D&encoding-type=url&list-type=2&prefix=live%2Fx%20y");
}

TEST_F(S3StoreTest, a_list_that_cannot_be_is_an_error) {
  get_ = [](int, const ReceivedRequest&) { return Reply{response(200, page_of("live/a", "same"))}; };
  EXPECT_THAT(error_from([&] { (void)open()->list(""); }), IsError(ErrorCode::kInputOutput, "s3://acme/live/", kNowhere, "in a circle"));
  get_ = [](int, const ReceivedRequest&) { return Reply{response(200, page_of("elsewhere/a", ""))}; };
  EXPECT_THAT(error_from([&] { (void)open()->list(""); }),
              IsError(ErrorCode::kInputOutput, "s3://acme/live/", kNowhere, "was not asked for: elsewhere/a"));
  get_ = [](int, const ReceivedRequest&) { return Reply{response(200, page_of("live/current", ""))}; };
  EXPECT_THAT(error_from([&] { (void)open()->list("snapshots/"); }),
              IsError(ErrorCode::kInputOutput, "s3://acme/live/snapshots/", kNowhere, "was not asked for: live/current"));
}

TEST_F(S3StoreTest, a_folder_that_a_console_made_is_no_object_of_the_store) {
  get_ = [](int number, const ReceivedRequest&) {
    return Reply{response(200, number == 1 ? page_of("live/", "next") : page_of("live/a", ""))};
  };
  EXPECT_THAT(keys_of(*open(), ""), ElementsAre("a"));
}

TEST_F(S3StoreTest, a_range_behind_the_end_needs_the_head) {
  get_ = [](int, const ReceivedRequest& request) {
    if (request.method != "HEAD") return problem(416, "InvalidRange");
    return Reply{response(200, "", {{"Content-Length", "10"}, {"ETag", "\"1\""}})};
  };
  GetOptions options;
  options.offset = 10;
  options.max_size = 5;
  const Object object = open()->get("current", options).value();
  EXPECT_TRUE(object.bytes.empty());
  EXPECT_EQ(object.size, 10U);
  EXPECT_EQ(object.etag, "\"1\"");
  options.offset = 9;
  EXPECT_THAT(error_from([&] { (void)open()->get("current", options); }),
              IsError(ErrorCode::kConflict, kObject, kNowhere, "changed while it was read"));
}

TEST_F(S3StoreTest, no_key_no_request) {
  const auto store = open_s3_store("s3://acme/live", {}, Environment({{"AWS_ENDPOINT_URL", server_.url()}, {"HOME", "/nowhere"}}));
  EXPECT_THAT(error_from([&] { (void)store->get("current"); }),
              IsError(ErrorCode::kPermissionDenied, "AWS credentials", kNowhere, "none were found"));
  EXPECT_EQ(server_.requests().size(), 0U);
}

}  // namespace
}  // namespace almanac::internal
