// The environment without any setting of ours, and what a test sets in it gone with its end.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace almanac::support {

class CleanEnvironment {
 public:
  CleanEnvironment() { clear(); }
  CleanEnvironment(const CleanEnvironment&) = delete;
  CleanEnvironment& operator=(const CleanEnvironment&) = delete;
  ~CleanEnvironment() { clear(); }

  void set(const std::string& name, const std::string& value) { ::setenv(name.c_str(), value.c_str(), 1); }

 private:
  static void clear() {
    std::vector<std::string> ours;
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string text = *entry;
      if (text.starts_with("ALMANAC_")) ours.push_back(text.substr(0, text.find('=')));
    }
    for (const std::string& name : ours) ::unsetenv(name.c_str());
  }
};

}  // namespace almanac::support
