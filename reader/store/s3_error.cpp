#include "s3_error.h"

#include <curl/curl.h>

#include <cstdlib>
#include <ctime>
#include <pugixml.hpp>
#include <string_view>

#include "http_status.h"
#include "object_response.h"

namespace almanac::internal {

namespace {

// The code, the words and the request's number, or what the body begins with.
std::string detail_of(const HttpResponse& response, const S3Problem& problem) {
  if (problem.code.empty()) return excerpt(response.body);
  std::string detail = problem.code;
  if (!problem.message.empty()) detail += ": " + problem.message;
  if (!problem.request_id.empty()) detail += " (request " + problem.request_id + ")";
  return detail;
}

// How far this machine's clock is from the server's, in words; empty when that is not known.
std::string clock_error(const HttpResponse& response, std::chrono::system_clock::time_point now) {
  const std::time_t server = curl_getdate(std::string(response.header("date")).c_str(), nullptr);
  if (server < 0) return {};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now) - server;
  return std::to_string(std::abs(seconds) / 60) + " minutes " + (seconds < 0 ? "slow" : "fast");
}

// What to do, where the words of the server leave that open.
std::string_view advice_on(const std::string& code) {
  if (code == "AccessDenied") return "; check the key's rights (without s3:ListBucket, S3 says this of what is not there, too)";
  if (code == "SignatureDoesNotMatch") return "; is the secret access key the one that belongs to this access key id?";
  if (code == "InvalidAccessKeyId") return "; is this the right account or endpoint?";
  if (code == "ExpiredToken" || code == "InvalidToken" || code == "TokenRefreshRequired") return "; get new credentials";
  return {};
}

}  // namespace

S3Problem s3_problem(const HttpResponse& response) {
  S3Problem problem;
  pugi::xml_document document;
  if (document.load_buffer(response.body.data(), response.body.size())) {
    const pugi::xml_node error = document.child("Error");
    problem.code = error.child_value("Code");
    problem.message = error.child_value("Message");
    problem.region = error.child_value("Region");
    problem.request_id = error.child_value("RequestId");
  }
  if (const std::string_view region = response.header("x-amz-bucket-region"); !region.empty()) problem.region = region;
  if (const std::string_view id = response.header("x-amz-request-id"); !id.empty()) problem.request_id = id;
  return problem;
}

Error s3_error(const HttpResponse& response, const std::string& object, const std::string& bucket, const std::string& region,
               std::chrono::system_clock::time_point now) {
  const S3Problem problem = s3_problem(response);
  const std::string detail = detail_of(response, problem);
  const bool elsewhere = response.status == http_status::kMovedPermanently || response.status == http_status::kTemporaryRedirect ||
                         problem.code == "AuthorizationHeaderMalformed";
  if (elsewhere && !problem.region.empty() && problem.region != region) {
    return {ErrorCode::kInputOutput, bucket, "the bucket is in " + problem.region + "; set AWS_REGION=" + problem.region};
  }
  if (problem.code == "NoSuchBucket") return {ErrorCode::kNotFound, bucket, "there is no such bucket: " + detail};
  if (response.status == http_status::kNotImplemented || problem.code == "NotImplemented") {
    return {ErrorCode::kUnsupported, object, "the store cannot do that: " + detail};
  }
  if (problem.code == "RequestTimeTooSkewed") {
    const std::string off = clock_error(response, now);
    return {ErrorCode::kPermissionDenied, object,
            (off.empty() ? "the clock of this machine is wrong" : "the clock of this machine is " + off) + "; set it: " + detail};
  }
  const bool refused = response.status == http_status::kUnauthorized || response.status == http_status::kForbidden ||
                       problem.code == "ExpiredToken" || problem.code == "InvalidToken";
  if (refused) {
    return {ErrorCode::kPermissionDenied, object,
            "the store refused: status " + std::to_string(response.status) + (detail.empty() ? "" : ": " + detail) +
                std::string(advice_on(problem.code))};
  }
  return refusal(response.status, object, detail);
}

}  // namespace almanac::internal
