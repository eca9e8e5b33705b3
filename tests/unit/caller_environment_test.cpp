#include "caller_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/caller_property.h"
#include "support/clean_environment.h"
#include "support/environment_variable.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using Properties = std::map<std::string, std::string>;
using Variables = std::vector<std::pair<std::string, std::string>>;

const Variables kLambda = {{"AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"},
                           {"AWS_LAMBDA_FUNCTION_NAME", "checkout"},
                           {"AWS_LAMBDA_FUNCTION_VERSION", "42"},
                           {"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"},
                           {"AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"},
                           {"AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/checkout"},
                           {"AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/20/[42]f77ff5e4026c45bda9a9ebcec6bc9cad"},
                           {"AWS_REGION", "eu-central-1"},
                           {"AWS_DEFAULT_REGION", "eu-central-1"},
                           {"HOSTNAME", "169.254.1.2"}};

const Variables kCloudRun = {
    {"K_SERVICE", "checkout"}, {"K_REVISION", "checkout-00042-abc"}, {"K_CONFIGURATION", "checkout"}, {"PORT", "8080"}};

// The variable that many container runtimes set is not what Kubernetes promises.
const Variables kPod = {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}, {"HOSTNAME", "not-asked"}};

std::string host_name() {
  std::array<char, 256> name{};
  EXPECT_EQ(gethostname(name.data(), name.size() - 1), 0);
  return name.data();
}

// What the platform of these variables gives, whatever stands in the environment of the test.
class CallerEnvironment : public testing::Test {
 protected:
  CallerEnvironment() {
    for (const char* name : {"AWS_EXECUTION_ENV",
                             "AWS_LAMBDA_FUNCTION_VERSION",
                             "AWS_LAMBDA_LOG_STREAM_NAME",
                             "AWS_REGION",
                             "AWS_DEFAULT_REGION",
                             "AWS_ROLE_ARN",
                             "HOSTNAME",
                             "K_REVISION",
                             "POD_UID",
                             "POD_NAME",
                             "POD_NAMESPACE",
                             "POD_SERVICE_ACCOUNT",
                             "CLOUD_RUN_EXECUTION",
                             "CLOUD_RUN_TASK_INDEX",
                             "WEBSITE_OWNER_NAME",
                             "REGION_NAME",
                             "WEBSITE_SLOT_NAME",
                             "WEBSITE_INSTANCE_ID",
                             "VERCEL_PROJECT_ID",
                             "VERCEL_DEPLOYMENT_ID",
                             "VERCEL_REGION",
                             "VERCEL_TARGET_ENV",
                             "VERCEL_ENV"})
      variables_.try_emplace(name, name);
  }

  void set(const Variables& variables) {
    for (const auto& [name, value] : variables) variables_.try_emplace(name, name).first->second.set(value);
  }

  // Every variable that no platform is recognised by.
  void set_all(const std::string& value) const {
    for (const auto& [name, variable] : variables_) variable.set(value);
  }

  [[nodiscard]] Properties properties() const {
    const Caller caller = internal::caller_of_platform(namespace_file_.c_str());
    return {caller.properties().begin(), caller.properties().end()};
  }

  Properties properties_of(const Variables& variables) {
    set(variables);
    return properties();
  }

  void write_namespace_file(std::string_view text) const { support::write_bytes(namespace_file_, std::as_bytes(std::span(text))); }

 private:
  support::TemporaryDirectory folder_;
  std::string namespace_file_ = folder_ / "namespace";
  support::CleanEnvironment environment_;
  std::map<std::string, support::EnvironmentVariable> variables_;
};

TEST_F(CallerEnvironment, outside_of_a_platform_says_nothing) {
  EXPECT_EQ(properties_of({{"HOSTNAME", "laptop"}, {"AWS_REGION", "us-east-1"}, {"AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/me"}}),
            Properties());
  EXPECT_TRUE(Caller::from_environment().properties().empty());
}

TEST_F(CallerEnvironment, of_aws_lambda) {
  EXPECT_EQ(properties_of(kLambda), (Properties{{"platform", "aws-lambda"},
                                                {"function", "checkout"},
                                                {"version", "42"},
                                                {"region", "eu-central-1"},
                                                {"instance", "2026/11/20/[42]f77ff5e4026c45bda9a9ebcec6bc9cad"}}));
}

// Nothing is made up for a variable that is absent or empty.
TEST_F(CallerEnvironment, of_aws_lambda_without_the_rest) {
  EXPECT_EQ(properties_of({{"AWS_LAMBDA_FUNCTION_NAME", "checkout"}, {"AWS_REGION", ""}}),
            (Properties{{"platform", "aws-lambda"}, {"function", "checkout"}}));
}

TEST_F(CallerEnvironment, of_ecs_on_fargate) {
  EXPECT_EQ(properties_of({{"AWS_EXECUTION_ENV", "AWS_ECS_FARGATE"},
                           {"AWS_DEFAULT_REGION", "us-west-2"},
                           {"AWS_REGION", "us-west-2"},
                           {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/6f6b7e3a-5c0b-4a2e-9d42-7f0c6a1f2b3c"},
                           {"ECS_CONTAINER_METADATA_URI", "http://169.254.170.2/v3/cd189a933e5849daa93386466019ab50-2495160603"},
                           {"ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4/cd189a933e5849daa93386466019ab50-2495160603"},
                           {"HOSTNAME", "ip-10-0-1-2.us-west-2.compute.internal"}}),
            (Properties{{"platform", "aws-ecs"}, {"region", "us-west-2"}, {"instance", "cd189a933e5849daa93386466019ab50-2495160603"}}));
}

TEST_F(CallerEnvironment, of_ecs_on_ec2) {
  EXPECT_EQ(properties_of({{"AWS_EXECUTION_ENV", "AWS_ECS_EC2"},
                           {"AWS_DEFAULT_REGION", "us-west-2"},
                           {"ECS_CONTAINER_METADATA_URI_V4", "http://169.254.170.2/v4/8f4c1a5e-2b0d-4c3e-9f2a-1d7b6e5c4a3b"}}),
            (Properties{{"platform", "aws-ecs"}, {"region", "us-west-2"}, {"instance", "8f4c1a5e-2b0d-4c3e-9f2a-1d7b6e5c4a3b"}}));
}

// App Runner documents PORT and nothing else.
TEST_F(CallerEnvironment, of_app_runner) { EXPECT_EQ(properties_of({{"PORT", "8080"}}), Properties()); }

TEST_F(CallerEnvironment, of_a_cloud_run_service) {
  EXPECT_EQ(properties_of(kCloudRun),
            (Properties{{"platform", "google-cloud-run"}, {"function", "checkout"}, {"version", "checkout-00042-abc"}}));
}

TEST_F(CallerEnvironment, of_a_cloud_run_job) {
  EXPECT_EQ(properties_of({{"CLOUD_RUN_JOB", "settle"},
                           {"CLOUD_RUN_EXECUTION", "settle-x7x9z"},
                           {"CLOUD_RUN_TASK_INDEX", "3"},
                           {"CLOUD_RUN_TASK_ATTEMPT", "0"},
                           {"CLOUD_RUN_TASK_COUNT", "10"}}),
            (Properties{{"platform", "google-cloud-run-job"}, {"function", "settle"}, {"instance", "settle-x7x9z/3"}}));
}

// An execution is not an instance: its tasks are.
TEST_F(CallerEnvironment, of_a_cloud_run_job_without_a_task) {
  EXPECT_EQ(properties_of({{"CLOUD_RUN_JOB", "settle"}, {"CLOUD_RUN_EXECUTION", "settle-x7x9z"}}),
            (Properties{{"platform", "google-cloud-run-job"}, {"function", "settle"}}));
}

TEST_F(CallerEnvironment, of_a_cloud_run_function) {
  set(kCloudRun);
  EXPECT_EQ(properties_of({{"FUNCTION_TARGET", "handle"}, {"FUNCTION_SIGNATURE_TYPE", "http"}}),
            (Properties{{"platform", "google-cloud-functions"}, {"function", "checkout"}, {"version", "checkout-00042-abc"}}));
}

TEST_F(CallerEnvironment, of_azure_functions) {
  const Properties expected = {
      {"platform", "azure-functions"}, {"function", "acme-checkout"}, {"account", "5ffe82b8-1df8-4e3a-b6f4-0d2b8e5d8f1a"},
      {"region", "West Europe"},       {"stage", "staging"},          {"instance", "8a5e1b9c0d7f4e2a"}};
  set({{"WEBSITE_SITE_NAME", "acme-checkout"},
       {"WEBSITE_OWNER_NAME", "5ffe82b8-1df8-4e3a-b6f4-0d2b8e5d8f1a+acme-WestEuropewebspace"},
       {"WEBSITE_RESOURCE_GROUP", "acme"},
       {"REGION_NAME", "West Europe"},
       {"WEBSITE_SLOT_NAME", "staging"},
       {"WEBSITE_INSTANCE_ID", "8a5e1b9c0d7f4e2a"}});
  Properties app_service = expected;
  app_service["platform"] = "azure-app-service";
  EXPECT_EQ(properties(), app_service);
  EXPECT_EQ(properties_of({{"FUNCTIONS_CUSTOMHANDLER_PORT", "50051"}}), expected);
  EXPECT_EQ(properties_of({{"FUNCTIONS_CUSTOMHANDLER_PORT", ""}, {"FUNCTIONS_EXTENSION_VERSION", "~4"}}), expected);
}

TEST_F(CallerEnvironment, of_kubernetes_without_a_downward_api) {
  EXPECT_FALSE(host_name().empty());
  EXPECT_EQ(properties_of(kPod), (Properties{{"platform", "kubernetes"}, {"instance", host_name()}}));
}

TEST_F(CallerEnvironment, of_kubernetes_with_the_namespace_of_its_service_account) {
  write_namespace_file("payments");
  EXPECT_EQ(properties_of(kPod), (Properties{{"platform", "kubernetes"}, {"instance", host_name()}, {"kubernetes_namespace", "payments"}}));
  write_namespace_file("payments\n");
  EXPECT_EQ(properties().at("kubernetes_namespace"), "payments");
  write_namespace_file("");
  EXPECT_FALSE(properties().contains("kubernetes_namespace"));
}

TEST_F(CallerEnvironment, of_kubernetes_with_the_downward_api) {
  write_namespace_file("of the token");
  set(kPod);
  EXPECT_EQ(properties_of({{"POD_NAME", "checkout-7d4b9-x2x9z"}, {"POD_NAMESPACE", "payments"}, {"POD_SERVICE_ACCOUNT", "checkout"}}),
            (Properties{{"platform", "kubernetes"},
                        {"instance", "checkout-7d4b9-x2x9z"},
                        {"kubernetes_namespace", "payments"},
                        {"service_account", "checkout"}}));
  EXPECT_EQ(properties_of({{"POD_UID", "c4a1c7a0-51d5-4a5c-8f0e-2f9f3c1b7d11"}}).at("instance"), "c4a1c7a0-51d5-4a5c-8f0e-2f9f3c1b7d11");
}

TEST_F(CallerEnvironment, of_kubernetes_on_eks) {
  set(kPod);
  EXPECT_EQ(properties_of({{"AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/checkout"},
                           {"AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/secrets/eks.amazonaws.com/serviceaccount/token"},
                           {"AWS_REGION", "eu-west-1"}}),
            (Properties{{"platform", "kubernetes"},
                        {"instance", host_name()},
                        {"role", "arn:aws:iam::123456789012:role/checkout"},
                        {"account", "123456789012"},
                        {"region", "eu-west-1"}}));
  for (const char* no_arn : {"checkout", "arn:aws:iam", "arn:aws:s3:::bucket", "arn:"}) {
    EXPECT_FALSE(properties_of({{"AWS_ROLE_ARN", no_arn}}).contains("account")) << no_arn;
  }
}

TEST_F(CallerEnvironment, of_knative_on_kubernetes) {
  set(kPod);
  EXPECT_EQ(
      properties_of(kCloudRun),
      (Properties{{"platform", "kubernetes"}, {"function", "checkout"}, {"version", "checkout-00042-abc"}, {"instance", host_name()}}));
}

TEST_F(CallerEnvironment, of_vercel_which_runs_on_lambda) {
  set(kLambda);
  set({{"VERCEL", "1"},
       {"VERCEL_ENV", "preview"},
       {"VERCEL_REGION", "cdg1"},
       {"VERCEL_PROJECT_ID", "prj_Rej9WaMNRbffVm34MfDqa4daCEvZzzE"},
       {"VERCEL_DEPLOYMENT_ID", "dpl_7Gw5ZMBpQA8h9GF832KGp7nwbuh3"}});
  Properties expected = {{"platform", "vercel"},
                         {"function", "prj_Rej9WaMNRbffVm34MfDqa4daCEvZzzE"},
                         {"version", "dpl_7Gw5ZMBpQA8h9GF832KGp7nwbuh3"},
                         {"region", "cdg1"},
                         {"stage", "preview"},
                         {"instance", "2026/11/20/[42]f77ff5e4026c45bda9a9ebcec6bc9cad"}};
  EXPECT_EQ(properties(), expected);
  expected["stage"] = "load-tests";
  EXPECT_EQ(properties_of({{"VERCEL_TARGET_ENV", "load-tests"}}), expected);
}

// What a platform gives a caller must not look like a mistake when a rule is about it.
TEST_F(CallerEnvironment, gives_properties_that_documents_may_name) {
  set_all("arn:aws:iam::123456789012:role/r");
  write_namespace_file("payments");
  std::set<std::string> given;
  // Each takes over from those before it.
  for (const char* recognised_by :
       {"WEBSITE_SITE_NAME", "FUNCTIONS_CUSTOMHANDLER_PORT", "FUNCTIONS_EXTENSION_VERSION", "K_SERVICE", "FUNCTION_TARGET", "CLOUD_RUN_JOB",
        "KUBERNETES_SERVICE_HOST", "ECS_CONTAINER_METADATA_URI_V4", "AWS_LAMBDA_FUNCTION_NAME", "VERCEL"}) {
    for (const auto& [name, value] : properties_of({{recognised_by, "x"}})) given.insert(name);
  }
  for (const std::string& name : given) {
    EXPECT_TRUE(std::ranges::find(model::kCallerProperties, name) != model::kCallerProperties.end()) << name;
  }
  // All that are usual but the zone, which no platform tells.
  EXPECT_EQ(given.size(), model::kCallerProperties.size() - 1);
}

TEST_F(CallerEnvironment, what_almanac_caller_says_counts_more) {
  set(kLambda);
  set({{"ALMANAC_CALLER", "role=arn:aws:iam::123456789012:role/checkout,region=moon-1,tag.team=blue"}});
  const Caller caller = Caller::from_environment();
  EXPECT_EQ(caller.get("role"), "arn:aws:iam::123456789012:role/checkout");
  EXPECT_EQ(caller.get("region"), "moon-1");
  EXPECT_EQ(caller.get("tag.team"), "blue");
  EXPECT_EQ(caller.get("function"), "checkout");
  EXPECT_EQ(caller.properties().size(), 7U);
}

TEST_F(CallerEnvironment, almanac_caller_that_cannot_be_read_is_an_error) {
  set({{"ALMANAC_CALLER", "role"}});
  EXPECT_THAT(support::error_from([] { (void)Caller::from_environment(); }),
              support::IsError(ErrorCode::kInvalidArgument, "ALMANAC_CALLER", support::kNowhere, "\"role\" is no property"));
}

}  // namespace
}  // namespace almanac
