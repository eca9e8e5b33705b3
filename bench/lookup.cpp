// How long a lookup and an opening take, beside what they could cost at best.
//
//   make-synthetic-registry 100000 --namespaces 1 > registry.jsonl
//   generate-snapshot build registry.jsonl -o registry.almanac
//   bench-lookup registry.almanac
//
// The peers have the same names and uris, in the same run: std::unordered_map for the lookup, a bare
// zstd inflate of the same frame into fresh memory for the opening.
#include <almanac/snapshot.h>
#include <benchmark/benchmark.h>
#include <sys/mman.h>
#include <zstd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

// The first namespace of a snapshot, its names in random order, and the same names that are not there.
class Subject {
 public:
  explicit Subject(const char* file) : bytes_(read(file)), snapshot_(open()), namespace_(open_first(snapshot_)) {
    for (const almanac::Service& service : namespace_) text_.emplace_back(service.name());
    std::shuffle(text_.begin(), text_.end(), std::mt19937_64(1));
    for (const std::string& name : text_) misses_text_.push_back(name + "~");
    names_.assign(text_.begin(), text_.end());
    misses_.assign(misses_text_.begin(), misses_text_.end());
    for (const almanac::Service& service : namespace_) map_.emplace(service.name(), service.uri());
  }

  [[nodiscard]] almanac::Snapshot open() const { return almanac::Snapshot::from_bytes(std::as_bytes(std::span(bytes_)), "the snapshot"); }
  [[nodiscard]] static almanac::Namespace open_first(const almanac::Snapshot& snapshot) {
    return snapshot.in(snapshot.namespace_info(0).name);
  }
  [[nodiscard]] const almanac::Namespace& services() const { return namespace_; }
  [[nodiscard]] const std::vector<std::string_view>& names() const { return names_; }
  [[nodiscard]] const std::vector<std::string_view>& misses() const { return misses_; }
  [[nodiscard]] const std::unordered_map<std::string_view, std::string_view>& map() const { return map_; }
  [[nodiscard]] almanac::FrameInfo frame() const { return snapshot_.frame_info(snapshot_.namespace_info(0).frame); }
  [[nodiscard]] const char* stored_frame() const { return bytes_.data() + frame().offset; }

 private:
  static std::vector<char> read(const char* file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::vector<char> bytes_;
  almanac::Snapshot snapshot_;
  almanac::Namespace namespace_;
  std::vector<std::string> text_;
  std::vector<std::string> misses_text_;
  std::vector<std::string_view> names_;
  std::vector<std::string_view> misses_;
  std::unordered_map<std::string_view, std::string_view> map_;
};

void look_up(benchmark::State& state, const Subject& subject, const std::vector<std::string_view>& names) {
  for (auto step : state) {
    for (const std::string_view name : names) {
      const auto service = subject.services().find(name);
      benchmark::DoNotOptimize(service ? service->uri().data() : nullptr);
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(names.size()));
}

void look_up_in_map(benchmark::State& state, const Subject& subject) {
  for (auto step : state) {
    for (const std::string_view name : subject.names()) {
      const auto found = subject.map().find(name);
      benchmark::DoNotOptimize(found == subject.map().end() ? nullptr : found->second.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(subject.names().size()));
}

void open_namespace(benchmark::State& state, const Subject& subject) {
  for (auto step : state) {
    const almanac::Snapshot snapshot = subject.open();
    benchmark::DoNotOptimize(Subject::open_first(snapshot).find(subject.names().front()));
  }
}

void inflate_alone(benchmark::State& state, const Subject& subject) {
  const almanac::FrameInfo frame = subject.frame();
  for (auto step : state) {
    void* memory = ::mmap(nullptr, frame.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    benchmark::DoNotOptimize(ZSTD_decompress(memory, frame.size, subject.stored_frame(), frame.stored_size));
    ::munmap(memory, frame.size);
  }
}

}  // namespace

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::fputs("usage: bench-lookup [--benchmark_…] SNAPSHOT\n", stderr);
    return 2;
  }
  const Subject subject(argv[1]);
  benchmark::RegisterBenchmark("find/hit", [&](benchmark::State& state) { look_up(state, subject, subject.names()); });
  benchmark::RegisterBenchmark("find/miss", [&](benchmark::State& state) { look_up(state, subject, subject.misses()); });
  benchmark::RegisterBenchmark("find/std::unordered_map", [&](benchmark::State& state) { look_up_in_map(state, subject); });
  benchmark::RegisterBenchmark("open/namespace", [&](benchmark::State& state) { open_namespace(state, subject); });
  benchmark::RegisterBenchmark("open/zstd alone", [&](benchmark::State& state) { inflate_alone(state, subject); });
  benchmark::RunSpecifiedBenchmarks();
  return 0;
} catch (const almanac::Error& error) {
  std::fprintf(stderr, "bench-lookup: %s\n", error.what());
  return 2;
}
