#include "store/s3_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

#include "bytes.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;

S3Location located(std::string_view address, Environment::Variables variables) {
  return locate(parse_s3_address(address), Environment(std::move(variables)));
}

TEST(S3AddressTest, is_a_bucket_and_a_prefix) {
  EXPECT_EQ(parse_s3_address("s3://acme").bucket, "acme");
  EXPECT_EQ(parse_s3_address("s3://acme").prefix, "");
  EXPECT_EQ(parse_s3_address("s3://acme/").prefix, "");
  EXPECT_EQ(parse_s3_address("s3://acme/live").prefix, "live/");
  EXPECT_EQ(parse_s3_address("s3://acme/live/").prefix, "live/");
  EXPECT_EQ(parse_s3_address("s3://acme/a b/%20/ü?#").prefix, "a b/%20/ü?#/");
  EXPECT_EQ(parse_s3_address("s3://a.b-c.1/x").bucket, "a.b-c.1");
}

TEST(S3AddressTest, a_bucket_that_cannot_be_is_told_the_rule) {
  const auto problem_of = [](const std::string& address) { return error_from([&] { (void)parse_s3_address(address); }); };
  for (const auto& [address, words] : {std::pair("s3://", "3 to 63"),
                                       {"s3:///key", "3 to 63"},
                                       {"s3://ab", "3 to 63"},
                                       {"s3://Acme", "lower-case"},
                                       {"s3://a_b", "lower-case"},
                                       {"s3://acme:80/x", "lower-case"},
                                       {"s3://acmé", "lower-case"},
                                       {"s3://-acme", "begins and ends"},
                                       {"s3://acme.", "begins and ends"},
                                       {"s3://a..b", "two dots"},
                                       {"s3://10.0.0.1/x", "no IP address"}}) {
    EXPECT_THAT(problem_of(address), IsError(ErrorCode::kInvalidArgument, address, kNowhere, words));
  }
  EXPECT_THAT(problem_of("s3://ID:hidden@acme/x"), IsError(ErrorCode::kInvalidArgument, "s3://acme/x", kNowhere, "lower-case"));
  EXPECT_EQ(problem_of("s3://" + std::string(64, 'a')).code(), ErrorCode::kInvalidArgument);
}

TEST(S3AddressTest, aws_is_reached_by_the_buckets_own_host) {
  const S3Location location = located("s3://acme/live", {{"AWS_REGION", "eu-west-1"}});
  EXPECT_EQ(location.origin, "https://acme.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(location.host, "acme.s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(location.base_path, "");
  EXPECT_EQ(location.region, "eu-west-1");
  EXPECT_EQ(location.bucket, "https://s3.eu-west-1.amazonaws.com/acme");
  EXPECT_EQ(located("s3://acme", {{"AWS_REGION", "cn-north-1"}}).origin, "https://acme.s3.cn-north-1.amazonaws.com.cn");
}

TEST(S3AddressTest, a_bucket_with_dots_is_in_the_path) {
  const S3Location location = located("s3://a.b.c", {{"AWS_REGION", "eu-west-1"}});
  EXPECT_EQ(location.origin, "https://s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(location.host, "s3.eu-west-1.amazonaws.com");
  EXPECT_EQ(location.base_path, "/a.b.c");
  EXPECT_EQ(location.bucket, "https://s3.eu-west-1.amazonaws.com/a.b.c");
}

TEST(S3AddressTest, an_endpoint_has_the_bucket_in_the_path) {
  const S3Location location = located("s3://acme", {{"AWS_ENDPOINT_URL", "http://127.0.0.1:9000/base/"}});
  EXPECT_EQ(location.origin, "http://127.0.0.1:9000");
  EXPECT_EQ(location.host, "127.0.0.1:9000");
  EXPECT_EQ(location.base_path, "/base/acme");
  EXPECT_EQ(location.bucket, "http://127.0.0.1:9000/base/acme");
  EXPECT_EQ(location.region, "us-east-1");
  const Environment::Variables both = {
      {"AWS_ENDPOINT_URL", "http://other"}, {"AWS_ENDPOINT_URL_S3", "https://s3.example.com:443"}, {"AWS_REGION", "eu-west-1"}};
  EXPECT_EQ(located("s3://acme", both).origin, "https://s3.example.com");
  EXPECT_EQ(located("s3://acme", both).region, "eu-west-1");
  for (const auto& [url, told] : {std::pair("s3.example.com", "\"s3.example.com\""),
                                  {"ftp://s3.example.com", "\"ftp://s3.example.com\""},
                                  {"https://bob:hunter2@s3.example.com", "\"https://s3.example.com\""},
                                  {"https://s3.example.com/?x=1", "\"https://s3.example.com/\""}}) {
    EXPECT_THAT(error_from([&] {
                  (void)located("s3://acme", {{"AWS_ENDPOINT_URL_S3", url}});
                }),
                IsError(ErrorCode::kInvalidArgument, "AWS_ENDPOINT_URL_S3", kNowhere, told));
  }
}

TEST(S3AddressTest, the_region_comes_from_the_environment_or_the_profile) {
  const support::TemporaryDirectory folder;
  const std::string file = folder / "config";
  support::write_bytes(file, as_bytes("[default]\nregion = eu-west-2\n[profile dev]\nregion = eu-west-3\n[profile none]\noutput = json\n"));
  const auto region = [&](Environment::Variables variables) {
    variables.emplace("AWS_CONFIG_FILE", file);
    return located("s3://acme", std::move(variables)).region;
  };
  EXPECT_EQ(region({{"AWS_REGION", "eu-west-1"}, {"AWS_DEFAULT_REGION", "us-west-1"}}), "eu-west-1");
  EXPECT_EQ(region({{"AWS_DEFAULT_REGION", "us-west-1"}}), "us-west-1");
  EXPECT_EQ(region({}), "eu-west-2");
  EXPECT_EQ(region({{"AWS_PROFILE", "dev"}}), "eu-west-3");
  EXPECT_EQ(region({{"AWS_PROFILE", "none"}, {"AWS_ENDPOINT_URL", "http://localhost"}}), "us-east-1");
  EXPECT_THAT(error_from([&] {
                (void)region({{"AWS_PROFILE", "none"}});
              }),
              IsError(ErrorCode::kInvalidArgument, "AWS_REGION", kNowhere, "is not set"));
  EXPECT_THAT(error_from([&] {
                (void)region({{"AWS_REGION", "eu-west-1.evil.example/"}});
              }),
              IsError(ErrorCode::kInvalidArgument, "AWS_REGION", kNowhere, "is no region"));
}

}  // namespace
}  // namespace almanac::internal
