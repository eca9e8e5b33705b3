// What build and publish share: from the SOURCE arguments to the bytes of a snapshot.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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

// The snapshot, read back and verified; or nothing when the documents have problems, which are then
// on stderr. Throws as load_registry() and compile_snapshot() do.
[[nodiscard]] std::optional<std::vector<std::byte>> compile_sources(const SourceOptions& options);

// "snapshot 0123…: 43 services in 4 namespaces, 3456 bytes".
[[nodiscard]] std::string describe_snapshot(const std::vector<std::byte>& snapshot);

}  // namespace almanac::commands
