// From bytes in memory to the first answer, beside what inflating the same bytes takes at least.
//
//   bench-opening SNAPSHOT CACHE_DIRECTORY
//   bench-opening SNAPSHOT CACHE_DIRECTORY --count-inflated
//
// subject.h says what open, zstd and open again are; with 100 names, or each, so many are looked up after opening. Each gives back the
// memory that it took within its time. The second form prints how many frames opening again inflates.
#include <benchmark/benchmark.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "subject.h"

namespace {

template <class Work>
void time(const char* name, Work work) {
  benchmark::RegisterBenchmark(name, [work](benchmark::State& state) {
    for (auto step : state) {
      if (!work()) {
        state.SkipWithError("wrong answer");
        break;
      }
    }
  });
}

void run(const bench::OpeningSubject& subject, bool count_inflated) {
  if (!subject.open_again()) throw std::runtime_error("nothing is found");  // from here on the cache directory has it
  if (count_inflated) {
    std::printf("%d\n", static_cast<int>(subject.inflates_again()));
    return;
  }
  time("open/almanac", [&] { return subject.open(); });
  time("open/zstd", [&] { return subject.inflate(); });
  time("open again/almanac", [&] { return subject.open_again(); });
  const std::size_t all = subject.lookups().names().size();
  time("open, 100 names/almanac", [&] { return subject.open_and_ask(std::min<std::size_t>(all, 100)); });
  time("open, each name/almanac", [&] { return subject.open_and_ask(all); });
  benchmark::RunSpecifiedBenchmarks();
  benchmark::ClearRegisteredBenchmarks();
}

}  // namespace

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  std::string snapshot;
  std::string cache_directory;
  bool count_inflated = false;
  CLI::App app("Times the opening of the largest namespace of a snapshot; takes Google Benchmark's options too");
  app.add_option("snapshot", snapshot)->required()->check(CLI::ExistingFile);
  app.add_option("cache-directory", cache_directory)->required();
  app.add_flag("--count-inflated", count_inflated, "print how many frames opening again inflates, and time nothing");
  CLI11_PARSE(app, argc, argv);
  run(bench::OpeningSubject(snapshot, cache_directory), count_inflated);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-opening: %s\n", error.what());
  return 2;
}
