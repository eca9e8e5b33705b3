// One service said in options, and judged as one in a document is.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/problem.h"
#include "model/registry.h"

namespace CLI {
class App;
}

namespace almanac::commands {

struct ServiceOptions {
  std::string namespace_name;
  std::string name;
  std::vector<std::string> uris;
  std::optional<std::string> version;  // this and what follows is of each endpoint
  std::optional<std::string> weight;
  std::optional<std::string> zone;
  std::optional<std::string> value;
  std::vector<std::string> tags;
  std::vector<std::string> attributes;  // KEY=VALUE
  std::optional<std::string> description;
};

// Adds NAME, --namespace and all the others. NAME and --namespace belong together.
void add_service_options(CLI::App& command, ServiceOptions& options);

struct DescribedService {
  model::Registry registry;  // with this service alone
  model::Problems problems;  // whose places mean nothing
};

// Throws std::invalid_argument for what can be said in options only: an attribute without "=", a tag that is given twice.
[[nodiscard]] DescribedService describe_service(const ServiceOptions& options);

}  // namespace almanac::commands
