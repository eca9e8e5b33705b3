#include "commands/compile_sources.h"

#include <almanac/snapshot.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <iostream>
#include <stdexcept>

#include "compile/snapshot_writer.h"
#include "inspect/quantity.h"
#include "publish/guard.h"
#include "source/load.h"

namespace almanac::commands {

void expect_valid(const char* option, const std::string& text, model::Fault (*fault_of)(std::string_view)) {
  if (text.empty()) return;
  if (const model::Fault fault = fault_of(text)) throw std::invalid_argument(std::string(option) + ": " + *fault);
}

std::shared_ptr<SourceOptions> add_source_options(CLI::App& command) {
  auto options = std::make_shared<SourceOptions>();
  options->level = compile::kDefaultLevel;
  command.add_option("SOURCE", options->sources, "Files (.yaml .yml .json .jsonl .ndjson) and folders of them");
  command.add_option("--registry", options->registry, "Name of the registry, instead of what the documents say")->type_name("NAME");
  command.add_option("--revision", options->revision, "Revision of the documents, such as a commit: kept in the snapshot")
      ->type_name("TEXT");
  command.add_option("--level", options->level, "Level of zstd, 1 (fast) to 22 (small)")
      ->check(CLI::Range(1, compile::kMaxLevel))
      ->capture_default_str();
  command.add_option("--threads", options->threads, "Threads that compress; 0: one a core")
      ->check(CLI::Range(0U, 1024U))
      ->capture_default_str();
  return options;
}

std::optional<std::vector<std::byte>> compile_sources(const SourceOptions& options) {
  expect_valid("--registry", options.registry, model::registry_name_fault);
  expect_valid("--revision", options.revision, model::revision_fault);
  progress::ProgressLine progress(stderr);
  std::vector<std::byte> snapshot;
  {
    const source::LoadResult loaded = source::load_registry(options.sources, progress, {options.registry, options.revision});
    if (!loaded.problems.empty()) {
      source::print_problems(std::cerr, loaded);
      std::cerr << source::count_problems(loaded) << "; nothing was written\n";
      return std::nullopt;
    }
    snapshot = compile::compile_snapshot(loaded.registry, {options.level, options.threads}, progress);
  }
  Snapshot::from_bytes(snapshot, "the compiled snapshot").verify();
  return snapshot;
}

std::string describe_snapshot(const std::vector<std::byte>& bytes) {
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the compiled snapshot");
  return "snapshot " + snapshot.id() + ": " + inspect::counted(publish::services_of(snapshot), "service") + " in " +
         inspect::counted(snapshot.namespace_count(), "namespace") + ", " + inspect::counted(snapshot.size(), "byte");
}

}  // namespace almanac::commands
