#include "store/sigv4.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bytes.h"
#include "store/percent_encoding.h"

namespace almanac::internal {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string header(const HttpHeaders& headers, std::string_view name) {
  for (const auto& [present, value] : headers) {
    if (present == name) return value;
  }
  return {};
}

std::string signature_of(const nlohmann::json& group, const nlohmann::json& vector) {
  UnsignedRequest request;
  request.method = vector.at("method");
  request.path = percent_encode(vector.at("path").get<std::string>(), "/");
  request.query = canonical_query(vector.at("query"));
  request.headers = vector.at("headers");
  request.payload_hash = payload_hash(as_bytes(vector.at("payload").get_ref<const std::string&>()));
  const SigningScope scope{group.at("region"), group.at("service"),
                           std::chrono::system_clock::time_point(std::chrono::seconds(group.at("seconds").get<std::int64_t>()))};
  const AccessKey key{group.at("access_key"), group.at("secret_key"), {}};
  if (!group.at("adds_headers")) return authorization(request, scope, key);
  sign(request, scope, key);
  return header(request.headers, "authorization");
}

TEST(Sigv4Test, the_published_signatures_come_out) {
  std::ifstream file(ALMANAC_SOURCE_DIRECTORY "/tests/unit/sigv4_vectors.json");
  const nlohmann::json vectors = nlohmann::json::parse(file);
  std::size_t checked = 0;
  for (const nlohmann::json& group : vectors.at("groups")) {
    const std::string start = "AWS4-HMAC-SHA256 Credential=" + group.at("access_key").get<std::string>() + "/";
    for (const nlohmann::json& vector : group.at("vectors")) {
      const std::string value = signature_of(group, vector);
      EXPECT_THAT(value, StartsWith(start)) << vector.at("name");
      EXPECT_THAT(value, EndsWith(", Signature=" + vector.at("signature").get<std::string>())) << vector.at("name");
      ++checked;
    }
  }
  EXPECT_EQ(checked, 20U);
}

TEST(Sigv4Test, a_session_token_is_sent_and_signed) {
  const SigningScope scope{"eu-west-1", "s3", std::chrono::system_clock::time_point(std::chrono::seconds(1'440'938'160))};
  UnsignedRequest request{"GET", "/key", "", {{"host", "bucket.s3.eu-west-1.amazonaws.com"}}, payload_hash({})};
  UnsignedRequest lasting = request;
  sign(request, scope, {"AKIDEXAMPLE", "secret", "token"});
  sign(lasting, scope, {"AKIDEXAMPLE", "secret", {}});
  EXPECT_EQ(header(request.headers, "x-amz-security-token"), "token");
  EXPECT_EQ(header(request.headers, "x-amz-date"), "20150830T123600Z");
  EXPECT_THAT(header(request.headers, "authorization"), HasSubstr("host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"));
  EXPECT_EQ(header(lasting.headers, "x-amz-security-token"), "");
  EXPECT_THAT(header(lasting.headers, "authorization"), HasSubstr("SignedHeaders=host;x-amz-content-sha256;x-amz-date,"));
}

TEST(Sigv4Test, equal_names_are_ordered_by_their_values) {
  EXPECT_EQ(canonical_query({{"b", "2"}, {"b", "1"}, {"a-1", "x"}, {"a", "y z"}}), "a=y%20z&a-1=x&b=1&b=2");
  EXPECT_EQ(canonical_query({}), "");
}

}  // namespace
}  // namespace almanac::internal
