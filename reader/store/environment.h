// Environment variables as they were when a store was opened: to read them later would race with setenv().
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace almanac::internal {

class Environment {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  explicit Environment(Variables variables) : variables_(std::move(variables)) {}
  [[nodiscard]] static Environment of_process();

  // Empty when it is not set: the AWS tools, too, take an empty variable for none.
  [[nodiscard]] std::string_view get(std::string_view name) const noexcept;

 private:
  Variables variables_;
};

}  // namespace almanac::internal
