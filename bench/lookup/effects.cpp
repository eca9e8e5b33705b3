// What the memory that a namespace lies in does to lookups.
//
//   bench-lookup-effects SNAPSHOT CACHE_DIRECTORY [--no-huge-pages]
//
// The largest namespace of the snapshot is either inflated into memory or mapped from the cache directory.
//   warm          names in random order, all of the namespace having been touched before
//   first touch   the first 1,000 lookups after opening
//   cold caches   10 lookups after other work has been through 128 MiB of other memory
// Names are looked up one by one, or, where it says so, 50 or 10 at once, which the reader prefetches for.
#include <benchmark/benchmark.h>
#include <sys/prctl.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "subject.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 1'000;
constexpr std::size_t kAtOnce = 50;
constexpr std::size_t kColdBatch = 10;
constexpr std::size_t kOtherMemory = std::size_t{128} << 20U;

// How many of the names have an answer.
using Find = std::size_t (*)(const almanac::Namespace& services, std::span<const std::string_view> names);

std::size_t one_by_one(const almanac::Namespace& services, std::span<const std::string_view> names) {
  const bench::Almanac asked(services);
  std::size_t found = 0;
  for (const std::string_view name : names) found += bench::answered(asked.find(name));
  return found;
}

std::string_view uri(const std::optional<almanac::Service>& service) noexcept { return service ? service->uri() : std::string_view(); }

template <std::size_t kMany>
std::size_t at_once(const almanac::Namespace& services, std::span<const std::string_view> names) {
  std::array<std::optional<almanac::Service>, kMany> services_found;
  std::size_t found = 0;
  while (!names.empty()) {
    const std::size_t count = std::min(kMany, names.size());
    services.find(names.first(count), services_found);
    for (std::size_t i = 0; i < count; ++i) found += bench::answered(uri(services_found[i]));
    names = names.subspan(count);
  }
  return found;
}

// Throws std::runtime_error unless many at once are the same as each by itself.
void check_at_once(const bench::LookupSubject& subject) {
  for (const auto names : {subject.names().all(), subject.misses().all()}) {
    std::vector<std::optional<almanac::Service>> found(names.size());
    subject.services().find(names, found);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (uri(found[i]) != uri(subject.services().find(names[i]))) bench::wrong_answer("almanac, many at once,", names[i]);
    }
  }
}

void ask(benchmark::State& state, Find find, const almanac::Namespace& services, std::span<const std::string_view> names) {
  if (find(services, names) != names.size()) state.SkipWithError("wrong answers");
}

void ask_and_time(benchmark::State& state, Find find, const almanac::Namespace& services, std::span<const std::string_view> names) {
  const auto begin = Clock::now();
  ask(state, find, services, names);
  state.SetIterationTime(std::chrono::duration<double>(Clock::now() - begin).count());
}

void warm(benchmark::State& state, const bench::LookupSubject& subject, Find find) {
  bench::Walk walk(subject.names().all(), 0);
  std::int64_t names = 0;
  for (auto step : state) {
    const auto batch = walk.take(kBatch);
    ask(state, find, subject.services(), batch);
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
    ask_and_time(state, one_by_one, snapshot.in(subject.namespace_name()), batch);
    names += static_cast<std::int64_t>(batch.size());
  }
  state.SetItemsProcessed(names);
}

void cold_caches(benchmark::State& state, const bench::LookupSubject& subject, Find find) {
  bench::Walk walk(subject.names().all(), 0);
  std::vector<std::uint64_t> other(kOtherMemory / sizeof(std::uint64_t));
  std::int64_t names = 0;
  for (auto step : state) {
    for (std::uint64_t& word : other) ++word;
    benchmark::ClobberMemory();
    const auto batch = walk.take(kColdBatch);
    ask_and_time(state, find, subject.services(), batch);
    names += static_cast<std::int64_t>(batch.size());
  }
  state.SetItemsProcessed(names);
}

void register_warm(const std::string& how, const bench::LookupSubject& subject, Find find) {
  benchmark::RegisterBenchmark(("warm/" + how).c_str(), [&subject, find](benchmark::State& state) {
    warm(state, subject, find);
  })->UseRealTime();
}

void register_cold(const std::string& how, const bench::LookupSubject& subject, Find find) {
  benchmark::RegisterBenchmark(("cold caches/" + how).c_str(),
                               [&subject, find](benchmark::State& state) { cold_caches(state, subject, find); })
      ->UseManualTime()
      ->Iterations(10);
}

void register_all(const std::string& where, const bench::LookupSubject& subject, const std::string& file,
                  const almanac::OpenOptions& options) {
  register_warm(where, subject, one_by_one);
  benchmark::RegisterBenchmark(("first touch/" + where).c_str(),
                               [&](benchmark::State& state) { first_touch(state, subject, file, options); })
      ->UseManualTime()
      ->Iterations(5);
  register_cold(where, subject, one_by_one);
}

void run(const std::string& file, const std::string& cache_directory) {
  const almanac::OpenOptions in_memory;
  const almanac::OpenOptions cached{.cache_directory = cache_directory};
  (void)bench::LookupSubject(file, cached);  // makes the file that others map
  const bench::LookupSubject inflated(file, in_memory);
  const bench::LookupSubject mapped(file, cached);
  register_all("inflated into memory", inflated, file, in_memory);
  register_all("from the cache directory", mapped, file, cached);
  check_at_once(inflated);
  register_warm("50 at once", inflated, at_once<kAtOnce>);
  register_cold("10 at once", inflated, at_once<kColdBatch>);
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
