// How long single lookups take: their distribution, not their mean.
//
//   bench-lookup-latency SNAPSHOT ROUNDS
//
// prints a JSON object a case and subject, one a line: {"case": …, "subject": …, "p50": [ns of each round], "p99": […], "percentiles":
// {"p0.1": ns, …}, "clock_ns": …, "clock_step_ns": …}. Cases are dependent (the name is there, and the first byte of its first uri is
// read), miss (the same name, its last letter changed) and memory. The hash of the name alone is timed as a subject of dependent.
//
// Each lookup waits for the one before it: the processor's counter is read with a fence on both sides, and the answer is there before
// the second reading. What the two readings take by themselves (clock_ns, their median) is taken off each time.
// Where the counter moves in steps (clock_step_ns), percentiles are interpolated within a step. The name is in the caches before its
// lookup begins, as a caller has it. Rounds of all subjects take turns; each begins with lookups that warm up the caches and are not
// counted. "one random memory access" is timed in the same way.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#include "hashing.h"
#include "peers/cdb.h"
#include "peers/hash_maps.h"
#include "peers/lmdb.h"
#include "random_access.h"
#include "subject.h"

namespace {

constexpr std::size_t kWarmUp = 20'000;
constexpr std::size_t kLookups = 100'000;  // of a round

#if defined(__x86_64__)
// What came before has ended when it is read, and what comes behind has not begun (Intel's manual, volume 2B, RDTSC and RDTSCP).
std::uint64_t ticks_before() noexcept {
  _mm_lfence();
  const std::uint64_t now = __rdtsc();
  _mm_lfence();
  return now;
}
std::uint64_t ticks_after() noexcept {
  unsigned processor = 0;
  const std::uint64_t now = __rdtscp(&processor);
  _mm_lfence();
  return now;
}
#else
std::uint64_t ticks_before() noexcept { return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count()); }
std::uint64_t ticks_after() noexcept { return ticks_before(); }
#endif

double nanoseconds_a_tick() {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const std::uint64_t first = ticks_before();
  while (Clock::now() - begin < std::chrono::milliseconds(100)) {
  }
  const std::uint64_t last = ticks_after();
  return std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / static_cast<double>(last - first);
}

// Ticks of single calls.
using Times = std::vector<std::uint32_t>;

// Of a call with what `next` gives, which is not timed.
template <class Next, class Call>
Times time_each(std::size_t count, Next next, Call call) {
  Times times(count);
  for (std::uint32_t& time : times) {
    const auto input = next();
    const std::uint64_t begin = ticks_before();
    bench::keep(call(input));
    time = static_cast<std::uint32_t>(std::min<std::uint64_t>(ticks_after() - begin, UINT32_MAX));
  }
  return times;
}

// How ticks become nanoseconds.
class Scale {
 public:
  Scale() {
    Times nothing = time_each(
        kLookups, [] { return 0; }, [](int) { return 0; });
    std::ranges::sort(nothing);
    step_ = least_difference(nothing);
    clock_ = ticks_at(nothing, 50);
  }
  [[nodiscard]] double clock() const noexcept { return ns_ * clock_; }
  [[nodiscard]] double step() const noexcept { return ns_ * step_; }
  [[nodiscard]] double percentile(const Times& sorted, double percent) const {
    return ns_ * std::max(0.0, ticks_at(sorted, percent) - clock_);
  }

 private:
  // 0 when all are the same.
  static std::uint32_t least_difference(const Times& sorted) {
    std::uint32_t least = 0;
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const std::uint32_t difference = sorted[i] - sorted[i - 1];
      if (difference != 0 && (least == 0 || difference < least)) least = difference;
    }
    return least;
  }

  // A reading stands for every time that is less than half a step away.
  [[nodiscard]] double ticks_at(const Times& sorted, double percent) const {
    const double rank = percent / 100 * static_cast<double>(sorted.size() - 1);
    const std::uint32_t reading = sorted[static_cast<std::size_t>(rank)];
    const auto same = std::ranges::equal_range(sorted, reading);
    const double before = rank - static_cast<double>(same.begin() - sorted.begin());
    return reading + step_ * (before / static_cast<double>(same.size()) - 0.5);
  }

  double ns_ = nanoseconds_a_tick();
  double step_ = 0;  // by which the counter moves
  double clock_ = 0;
};

// One whose single answers are timed.
class Timed {
 public:
  Timed(std::string case_name, std::string name, std::function<Times(std::size_t)> run)
      : case_(std::move(case_name)), name_(std::move(name)), run_(std::move(run)) {}

  void round(const Scale& scale) {
    (void)run_(kWarmUp);
    Times times = run_(kLookups);
    std::ranges::sort(times);
    p50_.push_back(scale.percentile(times, 50));
    p99_.push_back(scale.percentile(times, 99));
    all_.insert(all_.end(), times.begin(), times.end());
  }

  void print(const Scale& scale) {
    std::ranges::sort(all_);
    std::string percentiles;
    for (const double percent : kPercents) {
      percentiles += fmt::format(R"({}"p{}": {:.2f})", percentiles.empty() ? "" : ", ", percent, scale.percentile(all_, percent));
    }
    fmt::print(R"({{"case": "{}", "subject": "{}", "p50": [{:.2f}], "p99": [{:.2f}], "percentiles": {{{}}}, )"
               R"("clock_ns": {:.2f}, "clock_step_ns": {:.2f}}})"
               "\n",
               case_, name_, fmt::join(p50_, ", "), fmt::join(p99_, ", "), percentiles, scale.clock(), scale.step());
  }

 private:
  static constexpr std::array kPercents = {0.1,  1.0,  2.0,  5.0,  10.0, 20.0, 30.0, 40.0, 50.0,
                                           60.0, 70.0, 80.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.9};

  std::string case_;
  std::string name_;
  std::function<Times(std::size_t)> run_;
  std::vector<double> p50_;
  std::vector<double> p99_;
  Times all_;
};

// `answer` gives a number for a name.
template <class Answer>
Timed timed(const std::string& case_name, const std::string& name, const bench::Names& names, Answer answer) {
  return {case_name, name, [answer, walk = bench::Walk(names.all(), 0)](std::size_t count) mutable {
            const auto next = [&] {
              const std::string_view name_to_find = walk.take(1).front();
              bench::keep(static_cast<std::uint64_t>(name_to_find.front() + name_to_find.back()));
              return name_to_find;
            };
            return time_each(count, next, answer);
          }};
}

template <class Asked>
void add(std::vector<Timed>& all, const std::string& name, const bench::LookupSubject& subject, const std::shared_ptr<Asked>& asked) {
  bench::check_answers(*asked, subject, name);
  const auto answer = [asked](std::string_view to_find) { return bench::answered(asked->find(to_find)); };
  all.push_back(timed("dependent", name, subject.names(), answer));
  all.push_back(timed("miss", name, subject.misses(), answer));
}

Timed timed_memory(std::size_t bytes) {
  const auto memory = std::make_shared<bench::RandomAccess>(bytes, bench::Pages::kAsTheReader);
  return {"memory", "one random memory access", [memory, line = std::uint32_t{0}](std::size_t count) mutable {
            return time_each(
                count, [&] { return line; }, [&](std::uint32_t from) { return line = memory->follow(from, 1); });
          }};
}

void run(const std::string& file, int rounds) {
  const bench::LookupSubject subject(file);
  const std::vector<almanac::Service> services(subject.services().begin(), subject.services().end());
  std::vector<Timed> all;
  add(all, "almanac", subject, std::make_shared<bench::Almanac>(subject.services()));
  all.push_back(timed_memory(subject.frame().size));
  all.push_back(timed("dependent", bench::kHashing, subject.names(), bench::hashed));
  add(all, "absl::flat_hash_map", subject, std::make_shared<peers::FlatHashMap>(services));
  add(all, "absl::flat_hash_map of records", subject, std::make_shared<peers::FlatHashMapOfRecords>(services));
  add(all, "cdb", subject, std::make_shared<peers::Cdb>(services));
  add(all, "LMDB", subject, std::make_shared<peers::Lmdb>(services));

  const Scale scale;
  for (int round = 0; round < rounds; ++round) {
    for (Timed& one : all) one.round(scale);
  }
  for (Timed& one : all) one.print(scale);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::fputs("usage: bench-lookup-latency SNAPSHOT ROUNDS\n", stderr);
    return 2;
  }
  run(argv[1], std::stoi(argv[2]));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-lookup-latency: %s\n", error.what());
  return 2;
}
