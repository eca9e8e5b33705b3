// bench-compile: how long the parts of a compilation take, each by itself and in one process.
//
//   make-synthetic-registry 100000 > registry.jsonl
//   bench-compile registry.jsonl                            reading, and encoding frames, on one thread
//   bench-compile registry.jsonl --frames FOLDER            the same, and keeps the encoded frames, a file each
//   bench-compile registry.jsonl --level 19 --threads 2     also a whole compilation in memory, as build does it
//
// Reading is what `generate-snapshot check` does: parsing, judging and resolving, until there is a model. Encoding is all that a
// compilation does from there on but compressing: columns, text and perfect hashes. Prints one JSON object; times are nanoseconds.
#include <almanac/snapshot.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "compile/frame_encoder.h"
#include "compile/frame_planner.h"
#include "compile/snapshot_writer.h"
#include "source/load.h"
#include "whole_file.h"

namespace {

using Clock = std::chrono::steady_clock;
namespace fs = std::filesystem;

std::int64_t nanoseconds_since(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
}

almanac::model::Registry load(const std::string& source) {
  almanac::progress::Progress silent;
  almanac::source::LoadResult loaded = almanac::source::load_registry(std::span(&source, 1), silent);
  if (loaded.problems.empty()) return std::move(loaded.registry);
  almanac::source::print_problems(std::cerr, loaded);
  throw std::runtime_error(source + " has problems");
}

struct Encoded {
  std::int64_t time = 0;
  std::uint64_t bytes = 0;
  std::size_t frames = 0;
};

// One frame after another, none kept; each goes to a file of `folder`, outside of the time, unless that is empty.
Encoded encode(const almanac::model::Registry& registry, const fs::path& folder) {
  Encoded encoded;
  const auto begin = Clock::now();
  const auto plan = almanac::compile::plan_frames(registry);
  encoded.time = nanoseconds_since(begin);
  for (const almanac::compile::FramePlan& part : plan) {
    const auto start = Clock::now();
    const auto frame = almanac::compile::encode_frame(std::span(registry.namespaces).subspan(part.first, part.namespaces));
    encoded.time += nanoseconds_since(start);
    encoded.bytes += frame.size();
    if (!folder.empty()) {
      almanac::internal::write_whole_file(folder / fmt::format("{:06}", encoded.frames),
                                          std::as_bytes(std::span(frame.data(), frame.size())));
    }
    ++encoded.frames;
  }
  return encoded;
}

std::uint64_t stored_frame_bytes(std::span<const std::byte> bytes) {
  const auto snapshot = almanac::Snapshot::from_bytes(bytes, "the compiled snapshot");
  std::uint64_t stored = 0;
  for (std::size_t i = 0; i < snapshot.frame_count(); ++i) stored += snapshot.frame_info(i).stored_size;
  return stored;
}

std::string measure(const std::string& source, const fs::path& folder, const almanac::compile::CompileOptions& options) {
  auto begin = Clock::now();
  const almanac::model::Registry registry = load(source);
  const std::int64_t read = nanoseconds_since(begin);
  std::size_t services = 0;
  for (const auto& name_space : registry.namespaces) services += name_space.services.size();
  const Encoded encoded = encode(registry, folder);
  std::string json = fmt::format(R"({{"services":{},"read_ns":{},"encode_ns":{},"frames":{},"frame_bytes":{})", services, read,
                                 encoded.time, encoded.frames, encoded.bytes);
  if (options.level != 0) {
    almanac::progress::Progress silent;
    begin = Clock::now();
    const auto snapshot = almanac::compile::compile_snapshot(registry, options, silent);
    json += fmt::format(R"(,"compile_ns":{},"stored_frame_bytes":{})", nanoseconds_since(begin), stored_frame_bytes(snapshot));
  }
  return json + "}\n";
}

}  // namespace

int main(int argc, char** argv) try {
  std::string source;
  std::string folder;
  almanac::compile::CompileOptions options{.level = 0, .threads = 1};
  CLI::App app("Times the parts of a compilation: bench-compile registry.jsonl --level 19");
  app.add_option("SOURCE", source, "a file or folder of documents")->required();
  app.add_option("--frames", folder, "folder to write the encoded frames to")->check(CLI::ExistingDirectory);
  app.add_option("--level", options.level, "also compile the whole, at this level of zstd")
      ->check(CLI::Range(1, almanac::compile::kMaxLevel));
  app.add_option("--threads", options.threads, "threads of that")->capture_default_str()->check(CLI::Range(1U, 1024U));
  CLI11_PARSE(app, argc, argv);
  fmt::print("{}", measure(source, folder, options));
  return std::fflush(stdout) == 0 ? 0 : 2;
} catch (const std::exception& error) {
  std::cerr << "bench-compile: " << error.what() << '\n';
  return 2;
}
