// What a lookup costs besides its time: whether two threads get in each other's way, and what is asked of malloc and of the kernel.
//
//   bench-lookup-threads SNAPSHOT REPETITIONS
//
// prints a JSON object: per second, lookups ("almanac") and random reads of memory as large as the frame ("memory", what the machine
// gives at best), by 1 and by 2 threads in turn; then how many calls of malloc and how many system calls a walk over the names makes,
// and as a control what one of each counts as.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sched.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "call_counts.h"
#include "random_access.h"
#include "subject.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLookups = 2'000'000;
constexpr std::size_t kBatch = 1'000;

// Everything that promises to do without either, for each name: found, not found, and what a service gives.
std::size_t look_up(const almanac::Namespace& services, std::span<const std::string_view> names) {
  std::size_t seen = 0;
  for (const std::string_view name : names) {
    const auto service = services.find(name);
    if (!service) continue;
    seen += bench::answered(service->uri());
    for (const almanac::Endpoint& endpoint : service->endpoints()) seen += endpoint.version().size() + endpoint.host().size();
    for (const std::string_view tag : service->tags()) seen += tag.size();
    seen += service->attributes().find("owner").value_or("").size() + service->description().size();
    if (const auto endpoint = service->pick(name)) seen += endpoint->weight();
  }
  return seen;
}

// Each thread has a core of its own, counted from the last that this process may have: a busy machine might put both on one.
void pin_to_core(unsigned number) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (::sched_getaffinity(0, sizeof(cores), &cores) != 0) throw std::runtime_error("sched_getaffinity failed");
  std::vector<std::size_t> allowed;
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &cores)) allowed.push_back(core);
  }
  CPU_ZERO(&cores);
  CPU_SET(allowed[allowed.size() - 1 - number], &cores);
  if (::sched_setaffinity(0, sizeof(cores), &cores) != 0) throw std::runtime_error("sched_setaffinity failed");
}

// Per second, all threads together. `work` makes what a thread runs, from its number; what it runs does kLookups accesses.
template <class Work>
double rate(unsigned threads, Work work) {
  std::atomic<unsigned> ready = 0;
  std::atomic<bool> go = false;
  std::vector<std::thread> running;
  for (unsigned number = 0; number < threads; ++number) {
    running.emplace_back([&, number] {
      pin_to_core(number);
      auto run = work(number);
      ++ready;
      while (!go) std::this_thread::yield();
      run();
    });
  }
  while (ready != threads) std::this_thread::yield();
  const auto begin = Clock::now();
  go = true;
  for (std::thread& thread : running) thread.join();
  return threads * double{kLookups} / std::chrono::duration<double>(Clock::now() - begin).count();
}

double lookup_rate(const bench::LookupSubject& subject, unsigned threads) {
  return rate(threads, [&](unsigned number) {
    return [&subject, walk = bench::Walk(subject.names().all(), number * subject.names().size() / 2)]() mutable {
      const bench::Almanac asked(subject.services());
      std::size_t found = 0;
      std::size_t names = 0;
      while (names < kLookups) {
        const auto batch = walk.take(kBatch);
        for (const std::string_view name : batch) found += bench::answered(asked.find(name));
        names += batch.size();
      }
      bench::keep(found);
    };
  });
}

double memory_rate(const bench::RandomAccess& memory, unsigned threads) {
  return rate(threads, [&](unsigned number) { return [&, number] { bench::keep(memory.gather(number * kLookups / 3, kLookups)); }; });
}

std::string list(const std::vector<double>& rates) { return fmt::format("[{:.0f}]", fmt::join(rates, ", ")); }

void run(const std::string& file, int repetitions) {
  if (std::thread::hardware_concurrency() < 2) throw std::runtime_error("two threads need two cores");
  const bench::LookupSubject subject(file);
  bench::Almanac asked(subject.services());
  bench::check_answers(asked, subject, "almanac");
  const bench::RandomAccess memory(subject.frame().size, bench::Pages::kAsTheReader);
  std::array<std::vector<double>, 2> almanac;
  std::array<std::vector<double>, 2> machine;
  for (int repetition = -1; repetition < repetitions; ++repetition) {
    for (unsigned threads = 1; threads <= 2; ++threads) {
      const double lookups = lookup_rate(subject, threads);
      const double accesses = memory_rate(memory, threads);
      if (repetition < 0) continue;  // to warm up
      almanac[threads - 1].push_back(lookups);
      machine[threads - 1].push_back(accesses);
    }
  }
  const auto walk = [&] {
    bench::keep(look_up(subject.services(), subject.names().all()));
    bench::keep(look_up(subject.services(), subject.misses().all()));
  };
  fmt::print(R"({{"almanac": {{"1": {}, "2": {}}}, "memory": {{"1": {}, "2": {}}}, )", list(almanac[0]), list(almanac[1]), list(machine[0]),
             list(machine[1]));
  fmt::print(R"("allocations": {}, "system calls": {}, "names": {}, )", bench::allocations_in(walk), bench::system_calls_in(walk),
             subject.names().size() + subject.misses().size());
  fmt::print(R"("allocations of one": {}, "system calls of one": {}}})"
             "\n",
             bench::allocations_in([] { bench::keep(std::string(100, 'x').size()); }),
             bench::system_calls_in([] { bench::keep(static_cast<std::uint64_t>(::getppid())); }));
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::fputs("usage: bench-lookup-threads SNAPSHOT REPETITIONS\n", stderr);
    return 2;
  }
  run(argv[1], std::stoi(argv[2]));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-lookup-threads: %s\n", error.what());
  return 2;
}
