// The environment without any setting of a reader's and of no platform, whatever it is outside of a test.
#pragma once

#include <map>
#include <string>

#include "support/environment_variable.h"

namespace almanac::support {

class CleanEnvironment {
 public:
  CleanEnvironment() {
    for (const char* name : {"ALMANAC_URL", "ALMANAC_NAMESPACE", "ALMANAC_CACHE_DIR", "ALMANAC_MAX_AGE", "ALMANAC_BUNDLED",
                             "ALMANAC_MIN_GENERATION", "ALMANAC_CALLER"})
      variables_.try_emplace(name, name);
    // By these a platform is recognised.
    for (const char* name :
         {"VERCEL", "AWS_LAMBDA_FUNCTION_NAME", "ECS_CONTAINER_METADATA_URI_V4", "KUBERNETES_SERVICE_HOST", "CLOUD_RUN_JOB",
          "FUNCTION_TARGET", "K_SERVICE", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_CUSTOMHANDLER_PORT", "WEBSITE_SITE_NAME"})
      variables_.try_emplace(name, name);
  }

  // Until this object is gone. `name` is one of those settings.
  void set(const std::string& name, const std::string& value) const { variables_.at(name).set(value); }

 private:
  std::map<std::string, EnvironmentVariable> variables_;
};

}  // namespace almanac::support
