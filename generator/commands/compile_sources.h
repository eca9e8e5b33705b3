// What build and publish share: from the SOURCE arguments to the bytes of a snapshot.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/field_rules.h"

namespace CLI {
class App;
}

namespace almanac::commands {

struct SourceOptions {
  std::vector<std::string> sources;
  std::string registry;
  std::string revision;
  int level = 0;
  unsigned threads = 0;
};

// Adds SOURCE..., --registry, --revision, --level and --threads.
[[nodiscard]] std::shared_ptr<SourceOptions> add_source_options(CLI::App& command);

// Throws std::invalid_argument for what `fault_of` finds in the option's text; empty: it was not given.
void expect_valid(const char* option, const std::string& text, model::Fault (*fault_of)(std::string_view));

// The snapshot, read back and verified; or nothing when the documents have problems, which are then
// on stderr. Throws as load_registry() and compile_snapshot() do.
[[nodiscard]] std::optional<std::vector<std::byte>> compile_sources(const SourceOptions& options);

// "snapshot 0123…: 43 services in 4 namespaces, 3,456 bytes".
[[nodiscard]] std::string describe_snapshot(const std::vector<std::byte>& snapshot);

}  // namespace almanac::commands
