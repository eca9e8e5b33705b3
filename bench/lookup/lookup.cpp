// Nanoseconds a lookup, the first uri included, beside every way to keep the same services in memory or in a mapped file.
//
//   bench-lookup SNAPSHOT [--without SUBJECT]...
//
// The largest namespace of the snapshot is looked up in. Each subject has all of its services, and is asked for the same names in the
// same random order:
//   hit         the name is there; the first byte of its first uri is read
//   miss        the same name, its last letter changed
//   dependent   the place of the next name comes out of the last answer, so that lookups do not overlap
//   memory      not a lookup but what the hardware takes for one cache line of memory as large as the inflated frame
// Beside the dependent ones, the hashes of the same names alone, each of which waits for the one before it.
// Times are those of a clock on the wall. Every answer is counted in the timed loop, and compared with
// almanac's before it. peers/ says how each peer is set up.
#include <benchmark/benchmark.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "hashing.h"
#include "peers/cdb.h"
#include "peers/hash_maps.h"
#include "peers/json.h"
#include "peers/leveldb.h"
#include "peers/lmdb.h"
#include "peers/rocksdb.h"
#include "peers/sqlite.h"
#include "random_access.h"
#include "subject.h"

namespace {

using bench::RandomAccess;

constexpr std::size_t kBatch = 1'000;

template <class Asked>
std::size_t ask(Asked& asked, std::span<const std::string_view> names) {
  std::size_t found = 0;
  for (const std::string_view name : names) found += bench::answered(asked.find(name));
  return found;
}

template <class Asked>
std::size_t ask_dependently(Asked& asked, std::span<const std::string_view> names) {
  std::size_t at = 0;
  for (std::size_t step = 0; step < names.size(); ++step) at += bench::answered(asked.find(names[at]));
  return at;
}

// `ask_all` gives how many of the names it got an answer for.
template <class AskAll>
void time(const std::string& name, const bench::Names& names, bool there, AskAll ask_all) {
  const auto walk = std::make_shared<bench::Walk>(names.all(), 0);
  benchmark::RegisterBenchmark(name.c_str(), [walk, there, ask_all](benchmark::State& state) {
    std::int64_t asked = 0;
    for (auto step : state) {
      const auto batch = walk->take(kBatch);
      asked += static_cast<std::int64_t>(batch.size());
      if (ask_all(batch) != (there ? batch.size() : 0)) {
        state.SkipWithError("wrong answers");
        break;
      }
    }
    state.SetItemsProcessed(asked);
  })->UseRealTime();
}

template <class Asked>
void register_subject(const std::string& name, const bench::LookupSubject& subject, const std::shared_ptr<Asked>& asked) {
  bench::check_answers(*asked, subject, name);
  time("hit/" + name, subject.names(), true, [asked](auto names) { return ask(*asked, names); });
  time("miss/" + name, subject.misses(), false, [asked](auto names) { return ask(*asked, names); });
  time("dependent/" + name, subject.names(), true, [asked](auto names) { return ask_dependently(*asked, names); });
}

void register_hashing(const bench::LookupSubject& subject) {
  time(std::string("dependent/") + bench::kHashing, subject.names(), true, [](auto names) {
    std::size_t at = 0;
    for (std::size_t step = 0; step < names.size(); ++step) at += bench::hashed(names[at]);
    return at;
  });
}

class Peers {
 public:
  Peers(const bench::LookupSubject& subject, std::vector<std::string> without) : subject_(subject), without_(std::move(without)) {
    services_.assign(subject.services().begin(), subject.services().end());
  }

  template <class Peer>
  void add(const std::string& name) const {
    if (std::ranges::find(without_, name) != without_.end()) return;
    register_subject(name, subject_, std::make_shared<Peer>(services_));
  }

 private:
  const bench::LookupSubject& subject_;
  std::vector<std::string> without_;
  std::vector<almanac::Service> services_;
};

// `access` does `count` accesses from a place on, and gives the place to go on from.
template <class Access>
void time_memory(const char* name, Access access) {
  benchmark::RegisterBenchmark(name, [place = std::uint32_t{0}, access](benchmark::State& state) mutable {
    for (auto step : state) place = access(place, kBatch);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kBatch));
  })->UseRealTime();
}

void register_memory(std::size_t bytes) {
  const auto memory = std::make_shared<RandomAccess>(bytes, bench::Pages::kAsTheReader);
  const auto small_pages = std::make_shared<RandomAccess>(bytes, bench::Pages::kSmall);
  const auto follow = [](const std::shared_ptr<RandomAccess>& in) {
    return [in](std::uint32_t line, std::size_t count) { return in->follow(line, count); };
  };
  time_memory("memory/one random memory access", follow(memory));
  time_memory("memory/one random memory access, 4 KiB pages", follow(small_pages));
  time_memory("memory/random memory accesses that overlap", [memory](std::uint32_t begin, std::size_t count) {
    benchmark::DoNotOptimize(memory->gather(begin, count));
    return begin + static_cast<std::uint32_t>(count);
  });
}

void run(const std::string& snapshot, const std::vector<std::string>& without) {
  const bench::LookupSubject subject(snapshot);
  register_subject("almanac", subject, std::make_shared<bench::Almanac>(subject.services()));
  register_memory(subject.frame().size);
  register_hashing(subject);
  const Peers all(subject, without);
  all.add<peers::FlatHashMap>("absl::flat_hash_map");
  all.add<peers::FlatHashMapOfRecords>("absl::flat_hash_map of records");
  all.add<peers::UnorderedMap>("std::unordered_map");
  all.add<peers::NlohmannJson>("nlohmann::json");
  all.add<peers::Cdb>("cdb");
  all.add<peers::Lmdb>("LMDB");
  all.add<peers::LevelDb>("LevelDB");
  all.add<peers::RocksDb>("RocksDB");
  all.add<peers::Sqlite>("SQLite");
  benchmark::RunSpecifiedBenchmarks();
  benchmark::ClearRegisteredBenchmarks();  // and with them the peers, before what their libraries keep of their own is gone
}

}  // namespace

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  std::string snapshot;
  std::vector<std::string> without;
  CLI::App app("Times lookups in the largest namespace of a snapshot, beside peers; takes Google Benchmark's options too");
  app.add_option("snapshot", snapshot)->required()->check(CLI::ExistingFile);
  app.add_option("--without", without, "leave this subject out; may be repeated");
  CLI11_PARSE(app, argc, argv);
  run(snapshot, without);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-lookup: %s\n", error.what());
  return 2;
}
