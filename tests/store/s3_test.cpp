// What is S3's own, on a real server (see with_radosgw.py).
#include "store/s3.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "bytes.h"
#include "support/error_matchers.h"
#include "support/store_keys.h"
#include "test_buckets.h"

namespace almanac::internal {
namespace {

using support::dotted_bucket;
using support::error_from;
using support::IsError;
using support::keys_of;
using support::kNowhere;
using support::plain_bucket;
using support::s3_address_of_this_test;
using support::words_of_variable;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// The server's address, and a key.
Environment environment_with(std::string id, std::string secret, std::string token = {}) {
  return Environment({{"AWS_ENDPOINT_URL_S3", words_of_variable("AWS_ENDPOINT_URL_S3").at(0)},
                      {"AWS_ACCESS_KEY_ID", std::move(id)},
                      {"AWS_SECRET_ACCESS_KEY", std::move(secret)},
                      {"AWS_SESSION_TOKEN", std::move(token)}});
}

std::string key_id() { return words_of_variable("AWS_ACCESS_KEY_ID").at(0); }
std::string secret() { return words_of_variable("AWS_SECRET_ACCESS_KEY").at(0); }

TEST(S3Test, a_store_sees_what_is_below_its_prefix) {
  const std::string address = s3_address_of_this_test();
  const auto outer = open_store(address);
  const auto inner = open_store(address + "/in ner/a+b/");
  EXPECT_TRUE(inner->put("current", as_bytes("inside"), {}));
  EXPECT_TRUE(outer->put("current", as_bytes("outside"), {}));
  EXPECT_THAT(keys_of(*inner, ""), ElementsAre("current"));
  EXPECT_THAT(keys_of(*outer, ""), ElementsAre("current", "in ner/a+b/current"));
  EXPECT_EQ(as_text(outer->get("in ner/a+b/current").bytes), "inside");
  EXPECT_EQ(inner->name(), address + "/in ner/a+b");

  const auto whole_bucket = open_store("s3://" + plain_bucket());
  const std::string key = address.substr(("s3://" + plain_bucket() + "/").size()) + "/current";
  EXPECT_EQ(as_text(whole_bucket->get(key).bytes), "outside");
  EXPECT_THAT(keys_of(*whole_bucket, key), ElementsAre(key));
}

TEST(S3Test, a_bucket_may_have_dots) {
  const auto store = open_store(s3_address_of_this_test(dotted_bucket()));
  EXPECT_TRUE(store->put("current", as_bytes("one"), PutCondition::if_absent()));
  EXPECT_THAT(keys_of(*store, ""), ElementsAre("current"));
}

TEST(S3Test, the_path_of_a_key_is_never_tidied_up) {
  const auto store = open_store(s3_address_of_this_test());
  const std::vector<std::string> keys = {"./a", "a/../b", "a/./b", "a//b", "b/"};
  for (const std::string& key : keys) {
    EXPECT_TRUE(store->put(key, as_bytes(key), {})) << key;
    EXPECT_EQ(as_text(store->get(key).bytes), key);
  }
  EXPECT_EQ(keys_of(*store, ""), keys);
}

TEST(S3Test, a_key_that_is_too_long_is_not_sent) {
  const auto store = open_store(s3_address_of_this_test());
  const std::string key(1024, 'k');
  EXPECT_THAT(error_from([&] { (void)store->get(key); }),
              IsError(ErrorCode::kInvalidArgument, s3_address_of_this_test() + "/" + key, kNowhere, "at most 1,024 bytes"));
  EXPECT_EQ(store->traffic().requests, 0U);
}

TEST(S3Test, a_session_token_is_a_key) {
  const auto session = words_of_variable("ALMANAC_TEST_SESSION");
  const auto store = open_s3_store(s3_address_of_this_test(), {}, environment_with(session.at(0), session.at(1), session.at(2)));
  EXPECT_TRUE(store->put("a key/+", as_bytes("one"), PutCondition::if_absent()));
  EXPECT_EQ(as_text(store->get("a key/+").bytes), "one");
  EXPECT_THAT(keys_of(*store, ""), ElementsAre("a key/+"));
  store->remove("a key/+");
  EXPECT_THAT(keys_of(*store, ""), ElementsAre());
}

TEST(S3Test, a_session_without_its_token_is_refused) {
  const auto session = words_of_variable("ALMANAC_TEST_SESSION");
  const auto store = open_s3_store(s3_address_of_this_test(), {}, environment_with(session.at(0), session.at(1)));
  EXPECT_EQ(error_from([&] { (void)store->list(""); }).code(), ErrorCode::kPermissionDenied);
}

TEST(S3Test, a_wrong_secret_is_refused_and_not_told) {
  const auto store = open_s3_store(s3_address_of_this_test(), {}, environment_with(key_id(), "not-the-secret"));
  const auto actions = {std::function<void()>([&] { (void)store->get("current"); }), std::function<void()>([&] { (void)store->list(""); }),
                        std::function<void()>([&] { (void)store->put("current", {}, PutCondition::if_absent()); }),
                        std::function<void()>([&] { store->remove("current"); })};
  for (const auto& action : actions) {
    const Error error = error_from(action);
    EXPECT_EQ(error.code(), ErrorCode::kPermissionDenied);
    EXPECT_THAT(error.what(), HasSubstr("the store refused: status 403: "));
    EXPECT_THAT(error.what(), HasSubstr("(request tx"));
    EXPECT_THAT(error.what(), Not(HasSubstr("not-the-secret")));
  }
}

TEST(S3Test, an_unknown_key_is_refused) {
  const auto store = open_s3_store(s3_address_of_this_test(), {}, environment_with("AKIDUNKNOWN", secret()));
  EXPECT_THAT(error_from([&] { (void)store->get("current"); }),
              IsError(ErrorCode::kPermissionDenied, s3_address_of_this_test() + "/current", kNowhere, "the store refused: status 403: "));
}

TEST(S3Test, a_missing_bucket_is_named) {
  const auto store = open_store("s3://no-such-bucket/live");
  const auto actions = {std::function<void()>([&] { (void)store->get("current"); }),
                        std::function<void()>([&] { (void)store->list(""); }),
                        std::function<void()>([&] { (void)store->put("current", {}, {}); }),
                        std::function<void()>([&] { (void)store->put("current", {}, PutCondition::if_absent()); }),
                        std::function<void()>([&] { (void)store->put("current", {}, PutCondition::if_match("\"1\"")); }),
                        std::function<void()>([&] { store->remove("current"); })};
  for (const auto& action : actions) {
    EXPECT_THAT(error_from(action),
                IsError(ErrorCode::kNotFound, "s3://no-such-bucket", kNowhere, "there is no such bucket: NoSuchBucket"));
  }
}

TEST(S3Test, a_get_is_one_request) {
  const auto store = open_store(s3_address_of_this_test());
  EXPECT_TRUE(store->put("current", as_bytes("one"), {}));
  EXPECT_EQ(store->traffic().requests, 1U);
  GetOptions options;
  options.if_none_match = store->get("current").etag;
  EXPECT_EQ(store->traffic().requests, 2U);
  EXPECT_EQ(store->get("current", options), std::nullopt);
  EXPECT_EQ(store->traffic().requests, 3U);
}

TEST(S3Test, nothing_is_asked_beyond_the_deadline) {
  const auto store = open_store(s3_address_of_this_test());
  GetOptions options;
  options.deadline = std::chrono::steady_clock::now();
  EXPECT_EQ(error_from([&] { (void)store->get("current", options); }).code(), ErrorCode::kTimedOut);
}

}  // namespace
}  // namespace almanac::internal
