// How long it takes to choose one of 1, 4 and 64 endpoints, beside std::discrete_distribution over the same weights.
// bench/questions/pick.py makes its snapshot.
//
// The distribution is made once, and its generator is std::mt19937_64; pick() makes nothing beforehand.
#include <almanac/snapshot.h>
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using almanac::Endpoint;
using almanac::Service;

void walk(benchmark::State& state, const Service& service) {
  for (auto step : state) {
    for (const Endpoint& endpoint : service.endpoints()) benchmark::DoNotOptimize(endpoint.uri().data());
  }
}

void pick(benchmark::State& state, const Service& service) {
  for (auto step : state) benchmark::DoNotOptimize(service.pick()->uri().data());
}

void pick_with(benchmark::State& state, const Service& service) {
  std::mt19937_64 random(1);
  for (auto step : state) benchmark::DoNotOptimize(service.pick_with(random())->uri().data());
}

void pick_by_key(benchmark::State& state, const Service& service) {
  std::array<std::string, 64> keys;
  std::uint32_t number = 0;
  for (std::string& key : keys) key = "customer-" + std::to_string(number++ * 7919);
  for (auto step : state) benchmark::DoNotOptimize(service.pick(keys[++number % keys.size()])->uri().data());
}

void match(benchmark::State& state, const Service& service) {
  for (auto step : state) {
    for (const Endpoint& endpoint : service.matching({.version = "^1.0"})) benchmark::DoNotOptimize(endpoint.uri().data());
  }
}

void match_and_pick(benchmark::State& state, const Service& service) {
  for (auto step : state) benchmark::DoNotOptimize(service.matching({.version = "^1.0"}).pick()->uri().data());
}

void distribution(benchmark::State& state, const Service& service) {
  std::vector<std::uint16_t> weights;
  std::vector<std::string_view> uris;
  for (const Endpoint& endpoint : service.endpoints()) {
    weights.push_back(endpoint.weight());
    uris.push_back(endpoint.uri());
  }
  std::discrete_distribution<std::size_t> distribution(weights.begin(), weights.end());
  std::mt19937_64 random(1);
  for (auto step : state) benchmark::DoNotOptimize(uris[distribution(random)].data());
}

void register_all(const almanac::Namespace& services) {
  for (const Service& service : services) {
    const std::string behind = '/' + std::string(service.name());
    const auto add = [&](const char* name, void (*run)(benchmark::State&, const Service&)) {
      benchmark::RegisterBenchmark((name + behind).c_str(), run, service);
    };
    add("endpoints()", walk);
    add("pick()", pick);
    add("pick_with(random)", pick_with);
    add("pick(key)", pick_by_key);
    add("matching(version)", match);
    add("matching(version).pick()", match_and_pick);
    add("std::discrete_distribution", distribution);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::fputs("usage: bench-pick [--benchmark_…] SNAPSHOT\n", stderr);
    return 2;
  }
  const auto snapshot = almanac::Snapshot::open(argv[1]);
  register_all(snapshot.in("bench"));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
} catch (const almanac::Error& error) {
  std::fprintf(stderr, "bench-pick: %s\n", error.what());
  return 2;
}
