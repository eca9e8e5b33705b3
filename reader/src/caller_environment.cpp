#include "caller_environment.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <span>
#include <string>
#include <string_view>

namespace almanac {

namespace internal {

namespace {

// Of the value of a variable.
using Excerpt = std::string_view (*)(std::string_view text) noexcept;

std::string_view whole(std::string_view text) noexcept { return text; }
std::string_view behind_last_slash(std::string_view text) noexcept { return text.substr(text.rfind('/') + 1); }
std::string_view before_plus(std::string_view text) noexcept { return text.substr(0, text.find('+')); }

// arn:partition:service:region:account:resource
std::string_view account_of_arn(std::string_view arn) noexcept {
  if (!arn.starts_with("arn:")) return {};
  constexpr int kFieldsBefore = 4;
  for (int field = 0; field < kFieldsBefore; ++field) {
    const std::size_t colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    arn.remove_prefix(colon + 1);
  }
  return arn.substr(0, arn.find(':'));
}

struct Source {
  std::string_view property;
  const char* variable;
  Excerpt part = whole;
  const char* and_variable = nullptr;  // whose value follows behind a slash; without it there is none
};

// Which page says what each variable is: reader/CALLERS.md. Of several sources of a property the first that has a value counts.

constexpr std::array kVercel = {
    Source{"function", "VERCEL_PROJECT_ID"}, Source{"version", "VERCEL_DEPLOYMENT_ID"},
    Source{"region", "VERCEL_REGION"},       Source{"stage", "VERCEL_TARGET_ENV"},
    Source{"stage", "VERCEL_ENV"},           Source{"instance", "AWS_LAMBDA_LOG_STREAM_NAME"},
};

constexpr std::array kLambda = {
    Source{"function", "AWS_LAMBDA_FUNCTION_NAME"},
    Source{"version", "AWS_LAMBDA_FUNCTION_VERSION"},
    Source{"region", "AWS_REGION"},
    Source{"instance", "AWS_LAMBDA_LOG_STREAM_NAME"},
};

constexpr std::array kEcs = {
    Source{"region", "AWS_REGION"},
    Source{"region", "AWS_DEFAULT_REGION"},
    Source{"instance", "ECS_CONTAINER_METADATA_URI_V4", behind_last_slash},
};

constexpr std::array kKubernetes = {
    Source{"function", "K_SERVICE"},
    Source{"version", "K_REVISION"},
    Source{"role", "AWS_ROLE_ARN"},
    Source{"account", "AWS_ROLE_ARN", account_of_arn},
    Source{"region", "AWS_REGION"},
    Source{"service_account", "POD_SERVICE_ACCOUNT"},
    Source{"kubernetes_namespace", "POD_NAMESPACE"},
    Source{"instance", "POD_UID"},
    Source{"instance", "POD_NAME"},
};

constexpr std::array kCloudRunJob = {
    Source{"function", "CLOUD_RUN_JOB"},
    Source{"instance", "CLOUD_RUN_EXECUTION", whole, "CLOUD_RUN_TASK_INDEX"},
};

constexpr std::array kCloudRun = {
    Source{"function", "K_SERVICE"},
    Source{"version", "K_REVISION"},
};

constexpr std::array kAzure = {
    Source{"function", "WEBSITE_SITE_NAME"},   Source{"account", "WEBSITE_OWNER_NAME", before_plus},
    Source{"region", "REGION_NAME"},           Source{"stage", "WEBSITE_SLOT_NAME"},
    Source{"instance", "WEBSITE_INSTANCE_ID"},
};

struct Platform {
  std::string_view name;
  const char* recognised_by;  // a variable
  std::span<const Source> sources;
};

// The first that is recognised counts: Vercel's functions run on Lambda, and Knative runs on Kubernetes as on Cloud Run.
constexpr std::array kPlatforms = {
    Platform{"vercel", "VERCEL", kVercel},
    Platform{"aws-lambda", "AWS_LAMBDA_FUNCTION_NAME", kLambda},
    Platform{"aws-ecs", "ECS_CONTAINER_METADATA_URI_V4", kEcs},
    Platform{"kubernetes", "KUBERNETES_SERVICE_HOST", kKubernetes},
    Platform{"google-cloud-run-job", "CLOUD_RUN_JOB", kCloudRunJob},
    Platform{"google-cloud-functions", "FUNCTION_TARGET", kCloudRun},
    Platform{"google-cloud-run", "K_SERVICE", kCloudRun},
    Platform{"azure-functions", "FUNCTIONS_EXTENSION_VERSION", kAzure},
    Platform{"azure-functions", "FUNCTIONS_CUSTOMHANDLER_PORT", kAzure},
    Platform{"azure-app-service", "WEBSITE_SITE_NAME", kAzure},
};

// Empty: not set.
std::string_view variable(const char* name) noexcept {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

std::string value_of(const Source& source) {
  std::string value(source.part(variable(source.variable)));
  if (value.empty() || source.and_variable == nullptr) return value;
  const std::string_view more = variable(source.and_variable);
  return more.empty() ? std::string() : value.append(1, '/').append(more);
}

// The name in a file that holds nothing else; empty when there is none.
std::string name_in(const char* file) {
  std::array<char, 256> bytes{};  // a Kubernetes name has at most 253
  std::ifstream stream(file, std::ios::binary);
  stream.read(bytes.data(), bytes.size());
  const std::string_view text(bytes.data(), static_cast<std::size_t>(stream.gcount()));
  return std::string(text.substr(0, text.find_first_of(std::string_view("\0\r\n ", 4))));
}

// In Kubernetes the name of the pod, unless the pod is told another one or has the node's.
std::string host_name() {
  std::array<char, 256> name{};  // Linux has 64
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

}  // namespace

Caller caller_of_platform(const char* namespace_file) {
  Caller caller;
  const auto* platform =
      std::ranges::find_if(kPlatforms, [](const Platform& candidate) { return !variable(candidate.recognised_by).empty(); });
  if (platform == kPlatforms.end()) return caller;
  caller.set("platform", platform->name);
  for (const Source& source : platform->sources) {
    if (caller.get(source.property).empty()) caller.set(source.property, value_of(source));
  }
  if (platform->name == "kubernetes") {
    if (caller.get("instance").empty()) caller.set("instance", host_name());
    if (caller.get("kubernetes_namespace").empty()) caller.set("kubernetes_namespace", name_in(namespace_file));
  }
  return caller;
}

}  // namespace internal

Caller Caller::from_environment() {
  Caller caller = internal::caller_of_platform();
  if (const char* text = std::getenv("ALMANAC_CALLER")) caller.set(parse(text, "ALMANAC_CALLER"));
  return caller;
}

}  // namespace almanac
