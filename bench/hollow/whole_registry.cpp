// bench-whole-registry: the twin of bench/hollow's Consumer, for questions about a registry with all its namespaces.
//
//   bench-whole-registry SNAPSHOT NAMESPACE NAME     prints the uri of that service and ends: a cold start
//   bench-whole-registry SNAPSHOT KEYS               opens every namespace, then looks up the "namespace TAB name" of each line of KEYS
//                                                    in random order, round after round; prints times and memory as JSON,
//                                                    and how long it takes to open the same again
//
// Each lookup names its namespace, as a key of Hollow's does, rather than keeping a Namespace from one to the next.
#include <almanac/snapshot.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int kWarmUpRounds = 2;
constexpr int kRounds = 9;
constexpr int kOpenings = 3;  // after the first one

struct Key {
  std::string name_space;
  std::string name;
};

std::int64_t nanoseconds_since(Clock::time_point begin) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
}

std::vector<Key> read_keys(const char* path) {
  std::ifstream file(path);
  std::vector<Key> keys;
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string::npos) throw std::runtime_error(std::string(path) + ": a line without a tab");
    keys.push_back({line.substr(0, tab), line.substr(tab + 1)});
  }
  std::shuffle(keys.begin(), keys.end(), std::mt19937_64(1));
  return keys;
}

std::uint64_t resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6)) * 1024;
  }
  throw std::runtime_error("/proc/self/status has no VmRSS");
}

std::string_view uri_of(const almanac::Snapshot& snapshot, std::string_view name_space, std::string_view name) {
  const auto service = snapshot.in(name_space).find(name);
  if (!service) throw std::runtime_error(fmt::format("{} has no {}", name_space, name));
  return service->uri();
}

almanac::Snapshot open_all(const char* file) {
  auto snapshot = almanac::Snapshot::open(file);
  for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) (void)snapshot.in(snapshot.namespace_info(i).name);
  return snapshot;
}

int measure(const char* file, const char* keys_file) {
  const auto begin = Clock::now();
  const auto snapshot = open_all(file);
  const std::int64_t open = nanoseconds_since(begin);
  const std::uint64_t resident = resident_bytes();
  std::vector<std::int64_t> openings;
  for (int i = 0; i < kOpenings; ++i) {
    const auto start = Clock::now();
    const auto again = open_all(file);
    openings.push_back(nanoseconds_since(start));
  }
  const std::vector<Key> keys = read_keys(keys_file);
  std::vector<std::int64_t> rounds;
  std::uint64_t characters = 0;
  for (int round = -kWarmUpRounds; round < kRounds; ++round) {
    characters = 0;
    const auto start = Clock::now();
    for (const Key& key : keys) characters += uri_of(snapshot, key.name_space, key.name).size();
    if (round >= 0) rounds.push_back(nanoseconds_since(start));
  }
  fmt::print(R"({{"open_ns":{},"open_again_ns":[{}],"resident_bytes":{},"lookups":{},"uri_characters":{},"round_ns":[{}]}})", open,
             fmt::join(openings, ","), resident, keys.size(), characters, fmt::join(rounds, ","));
  fmt::print("\n");
  return std::fflush(stdout) == 0 ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc == 3) return measure(argv[1], argv[2]);
  if (argc == 4) {
    fmt::print("{}\n", uri_of(almanac::Snapshot::open(argv[1]), argv[2], argv[3]));
    return 0;
  }
  std::fputs("usage: bench-whole-registry SNAPSHOT NAMESPACE NAME | SNAPSHOT KEYS\n", stderr);
  return 2;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-whole-registry: %s\n", error.what());
  return 2;
}
