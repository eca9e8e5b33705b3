// What the memory that a namespace lies in does to lookups.
//
//   bench-lookup-effects SNAPSHOT CACHE_DIRECTORY [--no-huge-pages]
//
// The largest namespace of the snapshot is either inflated into memory or mapped from the cache directory.
//   warm          names in random order, all of the namespace having been touched before
//   first touch   the first 1,000 lookups after opening
//   cold caches   10 lookups after other work has been through 128 MiB of other memory
#include <benchmark/benchmark.h>
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "lookup_subject.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 1'000;
constexpr std::size_t kColdBatch = 10;
constexpr std::size_t kOtherMemory = std::size_t{128} << 20U;

void ask(benchmark::State& state, const bench::Almanac& asked, std::span<const std::string_view> names) {
  std::size_t found = 0;
  for (const std::string_view name : names) found += bench::answered(asked.find(name));
  if (found != names.size()) state.SkipWithError("wrong answers");
}

void ask_and_time(benchmark::State& state, const bench::Almanac& asked, std::span<const std::string_view> names) {
  const auto begin = Clock::now();
  ask(state, asked, names);
  state.SetIterationTime(std::chrono::duration<double>(Clock::now() - begin).count());
}

void warm(benchmark::State& state, const bench::LookupSubject& subject) {
  const bench::Almanac asked(subject.services());
  bench::Walk walk(subject.names().all(), 0);
  std::int64_t names = 0;
  for (auto step : state) {
    const auto batch = walk.take(kBatch);
    ask(state, asked, batch);
    names += static_cast<std::int64_t>(batch.size());
  }
  state.SetItemsProcessed(names);
}

void first_touch(benchmark::State& state, const bench::LookupSubject& subject, const std::string& file,
                 const almanac::OpenOptions& options) {
  bench::Walk walk(subject.names().all(), 0);
  std::int64_t names = 0;
  for (auto step : state) {
    const auto snapshot = almanac::Snapshot::open(file, options);
    const auto batch = walk.take(kBatch);
    ask_and_time(state, bench::Almanac(snapshot.in(subject.namespace_name())), batch);
    names += static_cast<std::int64_t>(batch.size());
  }
  state.SetItemsProcessed(names);
}

void cold_caches(benchmark::State& state, const bench::LookupSubject& subject) {
  const bench::Almanac asked(subject.services());
  bench::Walk walk(subject.names().all(), 0);
  std::vector<std::uint64_t> other(kOtherMemory / sizeof(std::uint64_t));
  std::int64_t names = 0;
  for (auto step : state) {
    for (std::uint64_t& word : other) ++word;
    benchmark::ClobberMemory();
    const auto batch = walk.take(kColdBatch);
    ask_and_time(state, asked, batch);
    names += static_cast<std::int64_t>(batch.size());
  }
  state.SetItemsProcessed(names);
}

void register_all(const std::string& where, const bench::LookupSubject& subject, const std::string& file,
                  const almanac::OpenOptions& options) {
  benchmark::RegisterBenchmark(("warm/" + where).c_str(), [&](benchmark::State& state) { warm(state, subject); })->UseRealTime();
  benchmark::RegisterBenchmark(("first touch/" + where).c_str(),
                               [&](benchmark::State& state) { first_touch(state, subject, file, options); })
      ->UseManualTime()
      ->Iterations(5);
  benchmark::RegisterBenchmark(("cold caches/" + where).c_str(), [&](benchmark::State& state) { cold_caches(state, subject); })
      ->UseManualTime()
      ->Iterations(10);
}

void run(const std::string& file, const std::string& cache_directory) {
  const almanac::OpenOptions in_memory;
  const almanac::OpenOptions cached{.cache_directory = cache_directory};
  const bench::LookupSubject inflated(file, in_memory);
  const bench::LookupSubject mapped(file, cached);
  register_all("inflated into memory", inflated, file, in_memory);
  register_all("from the cache directory", mapped, file, cached);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::ClearRegisteredBenchmarks();
}

}  // namespace

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  std::string snapshot;
  std::string cache_directory;
  bool no_huge_pages = false;
  CLI::App app("Times lookups in memory of several kinds; takes Google Benchmark's options too");
  app.add_option("snapshot", snapshot)->required()->check(CLI::ExistingFile);
  app.add_option("cache-directory", cache_directory)->required();
  app.add_flag("--no-huge-pages", no_huge_pages, "refuse them to this process, whatever it asks for");
  CLI11_PARSE(app, argc, argv);
  if (no_huge_pages && ::prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0) != 0) throw std::runtime_error("PR_SET_THP_DISABLE failed");
  run(snapshot, cache_directory);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-lookup-effects: %s\n", error.what());
  return 2;
}
