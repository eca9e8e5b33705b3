#include "commands/compile_sources.h"

#include <almanac/snapshot.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <utility>

#include "inspect/quantity.h"
#include "publish/guard.h"

namespace almanac::commands {

void expect_valid(const char* option, const std::string& text, model::Fault (*fault_of)(std::string_view)) {
  if (text.empty()) return;
  if (const model::Fault fault = fault_of(text)) throw std::invalid_argument(std::string(option) + ": " + *fault);
}

void add_compile_options(CLI::App& command, SourceOptions& options) {
  command.add_option("--level", options.level, "Level of zstd, 1 (fast) to 22 (small)")
      ->check(CLI::Range(1, compile::kMaxLevel))
      ->capture_default_str();
  command.add_option("--threads", options.threads, "Threads that compress; 0: one a core")
      ->check(CLI::Range(0U, 1024U))
      ->capture_default_str();
}

std::shared_ptr<SourceOptions> add_source_options(CLI::App& command) {
  auto options = std::make_shared<SourceOptions>();
  command.add_option("SOURCE", options->sources, kSourceHelp);
  command.add_option("--registry", options->registry, "Name of the registry, instead of what the documents say")->type_name("NAME");
  command.add_option("--revision", options->revision, "Revision of the documents, such as a commit: kept in the snapshot")
      ->type_name("TEXT");
  add_compile_options(command, *options);
  return options;
}

std::vector<std::byte> compile_loaded(source::LoadResult loaded, const SourceOptions& options, progress::Progress& progress) {
  std::vector<std::byte> snapshot = compile::compile_snapshot(loaded.registry, {options.level, options.threads}, progress);
  loaded = {};  // a large registry and what it takes to verify it are more memory than either
  Snapshot::from_bytes(snapshot, "the compiled snapshot").verify();
  return snapshot;
}

std::optional<std::vector<std::byte>> compile_sources(const SourceOptions& options) {
  expect_valid("--registry", options.registry, model::registry_name_fault);
  expect_valid("--revision", options.revision, model::revision_fault);
  progress::ProgressLine progress(stderr);
  source::LoadResult loaded = source::load_registry(options.sources, progress, {options.registry, options.revision});
  if (loaded.problems.empty()) return compile_loaded(std::move(loaded), options, progress);
  source::print_problems(std::cerr, loaded);
  std::cerr << source::count_problems(loaded) << "; nothing was written\n";
  return std::nullopt;
}

std::string describe_snapshot(const std::vector<std::byte>& bytes) {
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the compiled snapshot");
  return "snapshot " + snapshot.id() + ": " + inspect::counted(publish::services_of(snapshot), "service") + " in " +
         inspect::counted(snapshot.namespace_count(), "namespace") + ", " + inspect::counted(snapshot.size(), "byte");
}

}  // namespace almanac::commands
