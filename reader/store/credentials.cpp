#include "credentials.h"

#include <almanac/error.h>

#include <algorithm>
#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws_profile.h"
#include "credential_endpoint.h"

namespace almanac::internal {

namespace {

using std::chrono::system_clock;

constexpr std::string_view kKeyId = "AWS_ACCESS_KEY_ID";
constexpr std::string_view kSecret = "AWS_SECRET_ACCESS_KEY";
constexpr const char* kObject = "AWS credentials";
// So early that a request on its way is not overtaken, as the AWS SDKs have it.
constexpr std::chrono::minutes kBeforeExpiration(5);
// Between renewals, also those that failed: an endpoint may go on giving the old key until it expires.
constexpr std::chrono::seconds kBetweenRenewals(30);

// What goes into a header must not end it. `source` gave the key; what a server gives is no mistake of the caller's.
void check_characters(const AccessKey& key, std::string_view source, ErrorCode code) {
  const auto is_visible = [](char c) { return c > ' ' && c <= '~'; };
  for (const auto& [value, what] : {std::pair(&key.id, "access key id"), {&key.secret, "secret"}, {&key.session_token, "session token"}}) {
    if (!std::ranges::all_of(*value, is_visible)) {
      throw Error(
          code, kObject,
          "the " + std::string(what) + " from " + std::string(source) + " has a space, a line's end or another character that none has");
    }
  }
}

std::optional<Credentials> environment_credentials(const Environment& environment) {
  const std::string_view id = environment.get(kKeyId);
  const std::string_view secret = environment.get(kSecret);
  if (id.empty() && secret.empty()) return std::nullopt;
  if (id.empty() || secret.empty()) {
    throw Error(ErrorCode::kInvalidArgument, std::string(id.empty() ? kKeyId : kSecret),
                "is not set, though " + std::string(id.empty() ? kSecret : kKeyId) + " is");
  }
  return Credentials{{std::string(id), std::string(secret), std::string(environment.get("AWS_SESSION_TOKEN"))}, {}};
}

// Or why there are none, in `reason`.
std::optional<Credentials> file_credentials(const Environment& environment, std::string& reason) {
  const std::string path = credentials_path(environment);
  const std::string profile(profile_name(environment));
  const Profiles profiles = read_profiles(path);
  const auto found = profiles.find(profile);
  if (found == profiles.end()) {
    reason = path.empty() ? "HOME and AWS_SHARED_CREDENTIALS_FILE are not set" : path + " has no profile \"" + profile + "\"";
    if (!environment.get("AWS_PROFILE").empty() && !read_profiles(config_path(environment)).contains(config_section(profile))) {
      throw Error(ErrorCode::kInvalidArgument, "AWS_PROFILE", "names a profile that is not there: " + reason);
    }
    return std::nullopt;
  }
  const std::string object = path + ": profile \"" + profile + "\"";
  const auto setting = [&](const char* name) {
    const auto entry = found->second.find(name);
    return entry == found->second.end() ? std::string() : entry->second;
  };
  AccessKey key{setting("aws_access_key_id"), setting("aws_secret_access_key"), setting("aws_session_token")};
  if (key.id.empty() && key.secret.empty()) {
    reason = object + " has no aws_access_key_id (role_arn, sso_session and credential_process are not followed)";
    return std::nullopt;
  }
  if (key.id.empty()) throw Error(ErrorCode::kInvalidArgument, object, "has no aws_access_key_id beside its secret");
  if (key.secret.empty()) throw Error(ErrorCode::kInvalidArgument, object, "has no aws_secret_access_key beside its aws_access_key_id");
  return Credentials{std::move(key), {}};
}

}  // namespace

CredentialChain::CredentialChain(Environment environment, bool ask_instance, Clock clock)
    : environment_(std::move(environment)),
      ask_instance_(ask_instance || environment_.get("ALMANAC_INSTANCE_CREDENTIALS") == "1"),
      clock_(std::move(clock)) {}

AccessKey CredentialChain::key(Deadline deadline) {
  std::unique_lock lock(mutex_);
  const system_clock::time_point now = clock_();
  const bool usable = current_ && (!current_->expiration || now < *current_->expiration);
  if (usable && (!current_->expiration || now < renew_from_ || being_renewed_)) return current_->key;
  if (being_renewed_) {
    const std::shared_future<Credentials> result = *being_renewed_;
    lock.unlock();
    if (result.wait_until(deadline) != std::future_status::ready) {
      throw Error(ErrorCode::kTimedOut, kObject, "did not come before the deadline");
    }
    return result.get().key;
  }
  std::promise<Credentials> result;
  being_renewed_ = result.get_future().share();
  lock.unlock();
  return renew(deadline, std::move(result));
}

AccessKey CredentialChain::renew(Deadline deadline, std::promise<Credentials> result) {
  try {
    Credentials found = find(deadline);
    if (found.expiration && *found.expiration <= clock_()) {
      throw Error(ErrorCode::kPermissionDenied, kObject, "those that were given have expired already; is the clock of this machine right?");
    }
    {
      const std::lock_guard lock(mutex_);
      current_ = found;
      renew_from_ = clock_() + kBetweenRenewals;
      if (found.expiration) renew_from_ = std::max(renew_from_, *found.expiration - kBeforeExpiration);
      being_renewed_.reset();
    }
    result.set_value(found);
    return found.key;
  } catch (...) {
    std::optional<Credentials> old;
    {
      const std::lock_guard lock(mutex_);
      renew_from_ = clock_() + kBetweenRenewals;
      being_renewed_.reset();
      old = current_;
    }
    result.set_exception(std::current_exception());
    if (old && old->expiration && clock_() < *old->expiration) return old->key;
    throw;
  }
}

void CredentialChain::forget(const AccessKey& refused) {
  const std::lock_guard lock(mutex_);
  if (current_ && current_->key == refused) current_.reset();
}

Credentials CredentialChain::find(Deadline deadline) const {
  std::vector<std::string> reasons;
  const auto checked = [](std::optional<Credentials> found, std::string_view source, ErrorCode code) {
    if (found) check_characters(found->key, source, code);
    return found;
  };
  if (auto found = checked(environment_credentials(environment_), "the environment", ErrorCode::kInvalidArgument)) return *std::move(found);
  reasons.push_back(std::string(kKeyId) + " is not set");

  std::string reason;
  if (auto found = checked(file_credentials(environment_, reason), "the credentials file", ErrorCode::kInvalidArgument))
    return *std::move(found);
  reasons.push_back(std::move(reason));

  if (auto found = checked(container_credentials(environment_, deadline), "the container's endpoint", ErrorCode::kInputOutput))
    return *std::move(found);
  reasons.emplace_back("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set");

  ErrorCode code = ErrorCode::kPermissionDenied;
  if (!ask_instance_) {
    reasons.emplace_back("the instance metadata service is asked only where ALMANAC_INSTANCE_CREDENTIALS is 1");
  } else if (environment_.get("AWS_EC2_METADATA_DISABLED") == "true") {
    reasons.emplace_back("AWS_EC2_METADATA_DISABLED is true");
  } else {
    try {
      return *checked(instance_credentials(environment_, deadline), "the instance metadata service", ErrorCode::kInputOutput);
    } catch (const Error& error) {
      code = error.code();
      reasons.emplace_back(error.what());
    }
  }
  std::string problem = "none were found";
  for (const std::string& each : reasons) problem += (&each == &reasons.front() ? ": " : "; ") + each;
  throw Error(code, kObject, problem);
}

}  // namespace almanac::internal
