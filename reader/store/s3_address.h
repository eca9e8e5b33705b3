// Where an S3 bucket is reached: from s3://bucket/prefix and the settings of the AWS tools.
//
// Virtual-hosted (https://bucket.s3.eu-west-1.amazonaws.com/key) for AWS; in the path (https://endpoint/bucket/key) for an
// endpoint of one's own, and for buckets with dots, which no wildcard certificate covers.
#pragma once

#include <string>
#include <string_view>

#include "environment.h"

namespace almanac::internal {

struct S3Address {
  std::string bucket;
  std::string prefix;  // empty, or with a "/" at its end
};

// Throws Error kInvalidArgument that tells the rule.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
[[nodiscard]] S3Address parse_s3_address(std::string_view address);

struct S3Location {
  std::string region;
  std::string origin;     // "https://bucket.s3.eu-west-1.amazonaws.com"
  std::string host;       // as the Host header has it
  std::string base_path;  // percent-encoded, without a "/" at its end: "", "/bucket", "/base/bucket"
  std::string bucket;     // in one form, however it is reached: "https://s3.eu-west-1.amazonaws.com/bucket"
};

// $AWS_ENDPOINT_URL_S3, $AWS_ENDPOINT_URL, $AWS_REGION, $AWS_DEFAULT_REGION and the profile's region.
// Throws Error kInvalidArgument for a setting that cannot be, or when nothing says the region.
[[nodiscard]] S3Location locate(const S3Address& address, const Environment& environment);

}  // namespace almanac::internal
