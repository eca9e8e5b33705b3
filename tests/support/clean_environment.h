// The environment without any setting of a reader's, whatever it is outside of a test.
#pragma once

#include <map>
#include <string>

#include "support/environment_variable.h"

namespace almanac::support {

class CleanEnvironment {
 public:
  CleanEnvironment() {
    for (const char* name :
         {"ALMANAC_URL", "ALMANAC_NAMESPACE", "ALMANAC_CACHE_DIR", "ALMANAC_MAX_AGE", "ALMANAC_BUNDLED", "ALMANAC_MIN_GENERATION"})
      variables_.try_emplace(name, name);
  }

  // Until this object is gone. `name` is one of those settings.
  void set(const std::string& name, const std::string& value) const { variables_.at(name).set(value); }

 private:
  std::map<std::string, EnvironmentVariable> variables_;
};

}  // namespace almanac::support
