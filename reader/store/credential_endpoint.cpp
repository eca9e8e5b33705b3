#include "credential_endpoint.h"

#include <almanac/error.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ascii.h"
#include "aws_profile.h"
#include "bytes.h"
#include "http.h"
#include "http_status.h"
#include "percent_encoding.h"
#include "retry.h"
#include "rfc3339.h"
#include "url.h"

namespace almanac::internal {

namespace {

using std::chrono::milliseconds;

constexpr std::string_view kRelativeUri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr std::string_view kFullUri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr std::string_view kTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr std::string_view kToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr std::string_view kContainerHost = "http://169.254.170.2";
constexpr std::string_view kInstanceEndpoint = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
constexpr std::string_view kInstanceHost = "http://169.254.169.254";
constexpr std::string_view kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr milliseconds kConnectTimeout(1000);
constexpr milliseconds kTotalTimeout(2000);
constexpr std::uint64_t kMostBytesOfAnswer = 64 * 1024;

// One endpoint during one search. `name` stands for it in messages: its address may be a secret of its own.
class Endpoint {
 public:
  Endpoint(std::string name, const Environment& environment, Deadline deadline)
      : name_(std::move(name)), deadline_(earlier(deadline, kTotalTimeout)), client_(settings(environment)) {}

  [[nodiscard]] HttpResponse send(std::string method, std::string url, HttpHeaders headers) {
    const HttpRequest request{.method = std::move(method),
                              .url = std::move(url),
                              .object = name_,
                              .headers = std::move(headers),
                              .max_size = kMostBytesOfAnswer,
                              .deadline = deadline_};
    HttpResponse response = send_with_retries({}, deadline_, [&] { return client_.send(request); });
    if (response.status == http_status::kOk) return response;
    throw Error(is_client_error(response.status) ? ErrorCode::kPermissionDenied : ErrorCode::kInputOutput, name_,
                "answered with status " + std::to_string(response.status) + reason_of(response));
  }

  // Of a document as all these endpoints give it.
  [[nodiscard]] Credentials credentials_of(const HttpResponse& response) const {
    const nlohmann::json document = nlohmann::json::parse(as_text(response.body), nullptr, false);
    const std::string code = text_of(document, "Code");
    if (!code.empty() && code != "Success") throw Error(ErrorCode::kPermissionDenied, name_, "answered " + code);
    Credentials credentials{{text_of(document, "AccessKeyId"), text_of(document, "SecretAccessKey"), text_of(document, "Token")}, {}};
    if (credentials.key.id.empty() || credentials.key.secret.empty()) {
      throw Error(ErrorCode::kInputOutput, name_, "answered something else than JSON with AccessKeyId and SecretAccessKey");
    }
    const std::string expiration = text_of(document, "Expiration");
    if (expiration.empty()) return credentials;
    const std::optional<Moment> moment = parse_rfc3339(expiration);
    if (!moment) throw Error(ErrorCode::kInputOutput, name_, "answered with an Expiration that is no time: " + expiration);
    credentials.expiration = time_of(moment);
    return credentials;
  }

 private:
  // Empty when there is none, or it is no text.
  static std::string text_of(const nlohmann::json& document, const char* field) {
    if (!document.is_object()) return {};
    const auto found = document.find(field);
    return found != document.end() && found->is_string() ? found->get<std::string>() : std::string();
  }

  static std::string reason_of(const HttpResponse& response) {
    constexpr std::size_t kMostLetters = 200;
    const nlohmann::json document = nlohmann::json::parse(as_text(response.body), nullptr, false);
    const std::string message = text_of(document, "message").substr(0, kMostLetters);
    return message.empty() ? message : ": " + message;
  }

  static HttpSettings settings(const Environment& environment) {
    HttpSettings settings{.options = {}, .bypass_proxy = true, .environment = environment};
    settings.options.connect_timeout = kConnectTimeout;
    settings.options.first_byte_timeout = kTotalTimeout;
    settings.options.total_timeout = kTotalTimeout;
    return settings;
  }

  std::string name_;
  Deadline deadline_;
  HttpClient client_;
};

// The Authorization header's value; empty when none is set.
std::string authorization_token(const Environment& environment) {
  const std::string file(environment.get(kTokenFile));
  std::string token = file.empty() ? std::string(environment.get(kToken)) : std::string(trimmed(read_small_file(file)));
  if (token.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    throw Error(ErrorCode::kInvalidArgument, file.empty() ? std::string(kToken) : file, "must be a single line");
  }
  return token;
}

std::string container_url(const Environment& environment) {
  const std::string relative(environment.get(kRelativeUri));
  if (!relative.empty()) {
    std::string url = std::string(kContainerHost) + relative;
    if (relative.front() == '/' && parse_url(url)) return url;
    throw Error(ErrorCode::kInvalidArgument, std::string(kRelativeUri), "must be a path that begins with \"/\"");
  }
  std::string url(environment.get(kFullUri));
  if (url.empty()) return url;
  const std::optional<Url> parts = parse_url(url);
  if (!parts) throw Error(ErrorCode::kInvalidArgument, std::string(kFullUri), "is no http or https address");
  if (parts->scheme == "http" && !is_own_machine(parts->host)) {
    throw Error(ErrorCode::kInvalidArgument, std::string(kFullUri),
                "would fetch credentials over plain http from \"" + parts->host + "\"; use https, or an address of this machine");
  }
  return url;
}

}  // namespace

std::optional<Credentials> container_credentials(const Environment& environment, Deadline deadline) {
  const std::string url = container_url(environment);
  if (url.empty()) return std::nullopt;
  HttpHeaders headers{{"accept", "application/json"}};
  if (std::string token = authorization_token(environment); !token.empty()) headers.emplace_back("authorization", std::move(token));
  Endpoint endpoint(std::string(environment.get(kRelativeUri).empty() ? kFullUri : kRelativeUri), environment, deadline);
  return endpoint.credentials_of(endpoint.send("GET", url, std::move(headers)));
}

Credentials instance_credentials(const Environment& environment, Deadline deadline) {
  std::string base(environment.get(kInstanceEndpoint));
  if (base.empty()) base = kInstanceHost;
  while (base.ends_with('/')) base.pop_back();
  const std::optional<Url> parts = parse_url(base);
  if (!parts || !parts->query.empty())
    throw Error(ErrorCode::kInvalidArgument, std::string(kInstanceEndpoint), "is no http or https address");

  Endpoint endpoint("the instance metadata service at " + base, environment, deadline);
  const HttpResponse session = endpoint.send("PUT", base + "/latest/api/token", {{"x-aws-ec2-metadata-token-ttl-seconds", "60"}});
  const HttpHeaders headers{{"x-aws-ec2-metadata-token", std::string(trimmed(as_text(session.body)))}};
  const HttpResponse roles = endpoint.send("GET", base + std::string(kRolePath), headers);
  const std::string_view list = as_text(roles.body);
  const std::string_view role = trimmed(list.substr(0, list.find('\n')));
  return endpoint.credentials_of(endpoint.send("GET", base + std::string(kRolePath) + percent_encode(role), headers));
}

}  // namespace almanac::internal
