// An environment variable that has another value, or none, for a while. Not to be used while there are other threads.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

namespace almanac::support {

class EnvironmentVariable {
 public:
  explicit EnvironmentVariable(std::string name, const std::optional<std::string>& value = std::nullopt) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    set(value);
  }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;
  ~EnvironmentVariable() { set(before_); }

  void set(const std::optional<std::string>& value) const {
    (void)(value ? ::setenv(name_.c_str(), value->c_str(), 1) : ::unsetenv(name_.c_str()));
  }

 private:
  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace almanac::support
