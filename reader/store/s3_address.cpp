#include "s3_address.h"

#include <almanac/error.h>
#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "aws_profile.h"
#include "url.h"

namespace almanac::internal {

namespace {

constexpr std::string_view kScheme = "s3://";
constexpr std::string_view kDefaultRegion = "us-east-1";

bool is_lower_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// Empty when the name is as S3 wants it.
std::string_view problem_of_bucket(const std::string& bucket) {
  constexpr std::size_t kShortest = 3;
  constexpr std::size_t kLongest = 63;
  if (bucket.size() < kShortest || bucket.size() > kLongest) return "a bucket's name has 3 to 63 characters";
  if (!std::ranges::all_of(bucket, [](char c) { return is_lower_letter_or_digit(c) || c == '-' || c == '.'; })) {
    return "a bucket's name has only lower-case letters, digits, \"-\" and \".\"";
  }
  if (!is_lower_letter_or_digit(bucket.front()) || !is_lower_letter_or_digit(bucket.back())) {
    return "a bucket's name begins and ends with a letter or a digit";
  }
  if (bucket.find("..") != std::string::npos) return "a bucket's name has no two dots in a row";
  std::array<unsigned char, 4> ip{};
  if (::inet_pton(AF_INET, bucket.c_str(), ip.data()) == 1) return "a bucket's name is no IP address";
  return {};
}

// It becomes part of a host's name.
std::string checked_region(std::string_view region, std::string_view source) {
  const auto is_allowed = [](char c) { return is_lower_letter_or_digit(c) || c == '-'; };
  if (std::ranges::all_of(region, is_allowed)) return std::string(region);
  throw Error(ErrorCode::kInvalidArgument, std::string(source), "is no region, such as eu-west-1: \"" + std::string(region) + "\"");
}

std::string region_of(const Environment& environment, bool has_endpoint) {
  for (const std::string_view variable : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (const std::string_view region = environment.get(variable); !region.empty()) return checked_region(region, variable);
  }
  const std::string path = config_path(environment);
  const Profiles profiles = read_profiles(path);
  const auto profile = profiles.find(config_section(profile_name(environment)));
  if (profile != profiles.end()) {
    const auto region = profile->second.find("region");
    if (region != profile->second.end() && !region->second.empty()) return checked_region(region->second, path + ": region");
  }
  if (has_endpoint) return std::string(kDefaultRegion);
  throw Error(ErrorCode::kInvalidArgument, "AWS_REGION", "is not set, and nothing else says in which region the bucket is; set it");
}

struct EndpointSetting {
  std::string_view variable;
  std::string url;  // empty: AWS itself
};

EndpointSetting endpoint_of(const Environment& environment) {
  for (const std::string_view variable : {"AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"}) {
    if (const std::string_view url = environment.get(variable); !url.empty()) return {variable, std::string(url)};
  }
  return {};
}

S3Location location_at_endpoint(const S3Address& address, const EndpointSetting& endpoint, const std::string& region) {
  const std::optional<Url> url = parse_url(endpoint.url);
  if (!url || !url->query.empty()) {
    throw Error(ErrorCode::kInvalidArgument, std::string(endpoint.variable),
                "is no http or https address, such as https://objects.example.com: \"" + without_secrets(endpoint.url) +
                    "\"; it has no user, no query and no fragment");
  }
  std::string base = url->path;
  while (base.ends_with('/')) base.pop_back();
  base += '/' + address.bucket;
  const std::string origin = url->scheme + "://" + url->authority;
  return {.region = region, .origin = origin, .host = url->authority, .base_path = base, .bucket = origin + base};
}

S3Location location_at_aws(const S3Address& address, const std::string& region) {
  const std::string service = "s3." + region + (region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
  const std::string bucket = "https://" + service + '/' + address.bucket;
  if (address.bucket.find('.') != std::string::npos) {
    return {.region = region, .origin = "https://" + service, .host = service, .base_path = '/' + address.bucket, .bucket = bucket};
  }
  const std::string host = address.bucket + '.' + service;
  return {.region = region, .origin = "https://" + host, .host = host, .base_path = {}, .bucket = bucket};
}

}  // namespace

S3Address parse_s3_address(std::string_view address) {
  std::string_view rest = address;
  if (rest.starts_with(kScheme)) rest.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  S3Address parts{std::string(rest.substr(0, slash)), std::string(rest.substr(std::min(slash + 1, rest.size())))};
  if (const std::string_view problem = problem_of_bucket(parts.bucket); !problem.empty()) {
    throw Error(ErrorCode::kInvalidArgument, without_secrets(address), std::string(problem) + "; give s3://bucket or s3://bucket/prefix");
  }
  if (!parts.prefix.empty() && !parts.prefix.ends_with('/')) parts.prefix += '/';
  return parts;
}

S3Location locate(const S3Address& address, const Environment& environment) {
  const EndpointSetting endpoint = endpoint_of(environment);
  const std::string region = region_of(environment, !endpoint.url.empty());
  return endpoint.url.empty() ? location_at_aws(address, region) : location_at_endpoint(address, endpoint, region);
}

}  // namespace almanac::internal
