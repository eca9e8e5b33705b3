// AWS Signature Version 4 in the Authorization header, by S3's rules: the path is signed as it is sent.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
//
//   UnsignedRequest request{.method = "GET", .path = "/a%20key", .headers = {{"host", "bucket.s3.eu-west-1.amazonaws.com"}}};
//   sign(request, {.region = "eu-west-1", .time = std::chrono::system_clock::now()}, credentials);   // request.headers is complete
//
// Pure functions; nothing is kept.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access_key.h"
#include "http.h"

namespace almanac::internal {

struct UnsignedRequest {
  std::string method;
  std::string path;          // percent-encoded, from the first "/" on
  std::string query;         // as canonical_query() makes it
  HttpHeaders headers;       // all of them are signed; "host" must be among them, and no name twice
  std::string payload_hash;  // as payload_hash() makes it
};

struct SigningScope {
  std::string region;
  std::string service = "s3";
  std::chrono::system_clock::time_point time;
};

// Sorted and encoded, as it is both signed and sent behind "?". Takes plain names and values.
[[nodiscard]] std::string canonical_query(const std::vector<std::pair<std::string, std::string>>& parameters);

// SHA-256 in hexadecimal.
[[nodiscard]] std::string payload_hash(std::span<const std::byte> payload);

// The value of the Authorization header for the request's headers as they are.
[[nodiscard]] std::string authorization(const UnsignedRequest& request, const SigningScope& scope, const AccessKey& key);

// Adds x-amz-date, x-amz-content-sha256, x-amz-security-token where the key has one, and authorization.
void sign(UnsignedRequest& request, const SigningScope& scope, const AccessKey& key);

}  // namespace almanac::internal
