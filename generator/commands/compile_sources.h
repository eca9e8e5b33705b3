// What all that compile share: from the SOURCE arguments to the bytes of a snapshot.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compile/snapshot_writer.h"
#include "model/field_rules.h"
#include "progress/progress.h"
#include "source/load.h"

namespace CLI {
class App;
}

namespace almanac::commands {

inline constexpr const char* kSourceHelp = "Files (.yaml .yml .json .jsonl .ndjson) and folders of them; -: JSON Lines on standard input";

struct SourceOptions {
  std::vector<std::string> sources;
  std::string registry;
  std::string revision;
  int level = compile::kDefaultLevel;
  unsigned threads = 0;
};

// --level and --threads.
void add_compile_options(CLI::App& command, SourceOptions& options);
// SOURCE..., --registry, --revision, and those.
[[nodiscard]] std::shared_ptr<SourceOptions> add_source_options(CLI::App& command);

// Throws std::invalid_argument for what `fault_of` finds in the option's text; empty: it was not given.
void expect_valid(const char* option, const std::string& text, model::Fault (*fault_of)(std::string_view));

// Without problems: the snapshot, read back and verified. Throws as compile_snapshot().
[[nodiscard]] std::vector<std::byte> compile_loaded(source::LoadResult loaded, const SourceOptions& options, progress::Progress& progress);

// The same of options.sources; or nothing when the documents have problems, which are then
// on stderr. Throws as load_registry() and compile_snapshot() do.
[[nodiscard]] std::optional<std::vector<std::byte>> compile_sources(const SourceOptions& options);

// "snapshot 0123…: 43 services in 4 namespaces, 3,456 bytes".
[[nodiscard]] std::string describe_snapshot(const std::vector<std::byte>& snapshot);

}  // namespace almanac::commands
