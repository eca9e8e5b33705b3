#include "store/s3_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "http_requests.h"
#include "support/error_matchers.h"

namespace almanac::internal {
namespace {

using support::answer;
using support::IsError;
using support::kNowhere;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kObject = "s3://acme/live/current";
constexpr const char* kBucket = "s3://acme";

HttpResponse answer_of_s3(int status, const std::string& code, HttpHeaders headers = {}) {
  return answer(
      status,
      "<?xml version=\"1.0\"?>\n<Error><Code>" + code + "</Code><Message>words &amp; more</Message><RequestId>R1</RequestId></Error>",
      std::move(headers));
}

// Fri, 20 Nov 2026 10:00:00 GMT.
const std::chrono::system_clock::time_point kNow(std::chrono::seconds(1'795'168'800));

Error error_of(const HttpResponse& response) { return s3_error(response, kObject, kBucket, "us-east-1", kNow); }

TEST(S3ErrorTest, tells_the_code_the_words_and_the_request) {
  EXPECT_THAT(error_of(answer_of_s3(500, "InternalError")),
              IsError(ErrorCode::kInputOutput, kObject, kNowhere, "InternalError: words & more (request R1)"));
  EXPECT_THAT(error_of(answer_of_s3(503, "SlowDown", {{"x-amz-request-id", "R2"}})),
              IsError(ErrorCode::kInputOutput, kObject, kNowhere, "SlowDown: words & more (request R2)"));
}

TEST(S3ErrorTest, what_is_not_there) {
  EXPECT_THAT(error_of(answer_of_s3(404, "NoSuchKey")), IsError(ErrorCode::kNotFound, kObject, kNowhere, "no such object"));
  EXPECT_THAT(error_of(answer(404, "")), IsError(ErrorCode::kNotFound, kObject, kNowhere, "no such object"));
  EXPECT_THAT(error_of(answer_of_s3(404, "NoSuchBucket")), IsError(ErrorCode::kNotFound, kBucket, kNowhere, "no such bucket"));
}

TEST(S3ErrorTest, a_bucket_elsewhere_names_its_region) {
  const HttpHeaders region = {{"x-amz-bucket-region", "eu-west-1"}};
  for (const HttpResponse& response : {answer_of_s3(301, "PermanentRedirect", region), answer(301, "", region), answer(307, "", region),
                                       answer_of_s3(400, "AuthorizationHeaderMalformed", region),
                                       answer(400, "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-1</Region></Error>")}) {
    EXPECT_THAT(error_of(response),
                IsError(ErrorCode::kInputOutput, kBucket, kNowhere, "the bucket is in eu-west-1; set AWS_REGION=eu-west-1"));
  }
}

TEST(S3ErrorTest, a_region_that_is_set_already_is_no_advice) {
  const HttpHeaders region = {{"x-amz-bucket-region", "us-east-1"}};
  for (const HttpResponse& response : {answer_of_s3(301, "PermanentRedirect", region), answer_of_s3(307, "TemporaryRedirect", region),
                                       answer_of_s3(400, "AuthorizationHeaderMalformed", region)}) {
    const Error error = error_of(response);
    EXPECT_EQ(error.code(), ErrorCode::kInputOutput);
    EXPECT_THAT(error.what(), HasSubstr("words & more"));
    EXPECT_THAT(error.what(), Not(HasSubstr("AWS_REGION")));
  }
}

TEST(S3ErrorTest, refusals_say_what_to_look_at) {
  for (const auto& [code, words] : {std::pair("AccessDenied", "s3:ListBucket"),
                                    {"SignatureDoesNotMatch", "secret access key"},
                                    {"InvalidAccessKeyId", "right account"},
                                    {"ExpiredToken", "new credentials"}}) {
    EXPECT_THAT(error_of(answer_of_s3(403, code)), IsError(ErrorCode::kPermissionDenied, kObject, kNowhere, words));
    EXPECT_THAT(error_of(answer_of_s3(403, code)).what(), HasSubstr(code));
  }
  EXPECT_EQ(error_of(answer_of_s3(400, "ExpiredToken")).code(), ErrorCode::kPermissionDenied);
  EXPECT_EQ(error_of(answer(403, "")).code(), ErrorCode::kPermissionDenied);
}

TEST(S3ErrorTest, a_wrong_clock_is_told_by_how_much) {
  EXPECT_THAT(error_of(answer_of_s3(403, "RequestTimeTooSkewed", {{"date", "Fri, 20 Nov 2026 10:42:10 GMT"}})),
              IsError(ErrorCode::kPermissionDenied, kObject, kNowhere, "the clock of this machine is 42 minutes slow; set it"));
  EXPECT_THAT(error_of(answer_of_s3(403, "RequestTimeTooSkewed", {{"date", "Fri, 20 Nov 2026 08:00:00 GMT"}})).what(),
              HasSubstr("120 minutes fast"));
  EXPECT_THAT(error_of(answer_of_s3(403, "RequestTimeTooSkewed")).what(), HasSubstr("the clock of this machine is wrong; set it"));
}

TEST(S3ErrorTest, what_a_server_cannot_do) {
  EXPECT_EQ(error_of(answer_of_s3(501, "NotImplemented")).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of(answer(501, "")).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of(answer_of_s3(400, "NotImplemented")).code(), ErrorCode::kUnsupported);
}

TEST(S3ErrorTest, anything_may_be_in_the_body) {
  EXPECT_THAT(error_of(answer(502, "<html>bad\x1b[31m\r\ngateway")).what(), HasSubstr("status 502: <html>bad"));
  EXPECT_THAT(error_of(answer(502, "<html>bad\x1b[31m\r\ngateway")).what(), Not(HasSubstr("\x1b")));
  EXPECT_EQ(error_of(answer(500, std::string_view("\0\0\xFF<Error><Code>", 16))).code(), ErrorCode::kInputOutput);
  EXPECT_THAT(error_of(answer(500, "<Error><Code>Evil\r\nInjected: x</Code></Error>")).what(), Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace almanac::internal
