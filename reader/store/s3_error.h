// What S3 means by a response that is not what was asked for: the code and the words of its XML, and what to do about them.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
#pragma once

#include <almanac/error.h>

#include <chrono>
#include <string>

#include "http.h"

namespace almanac::internal {

struct S3Problem {
  std::string code;        // "NoSuchKey", …; empty when the body has none
  std::string message;     // of the server
  std::string region;      // where the bucket is, when the server said so
  std::string request_id;  // by which the owner of the server finds it in the logs
};

// Anything may be in the body: what cannot be read is left empty.
[[nodiscard]] S3Problem s3_problem(const HttpResponse& response);

// `object` is what was asked for, `bucket` the bucket it is in, as s3://bucket, `region` the one it was signed for; `now` is the
// time of this machine.
[[nodiscard]] Error s3_error(const HttpResponse& response, const std::string& object, const std::string& bucket, const std::string& region,
                             std::chrono::system_clock::time_point now);

}  // namespace almanac::internal
