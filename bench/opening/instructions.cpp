// Something done a number of times, for a tool that counts instructions: two runs of different numbers tell what one costs.
//
//   valgrind --tool=callgrind bench-instructions hit|miss|open|inflate SNAPSHOT ROUNDS
//
// A round of hit and miss is 1,000 lookups; subject.h says what open and inflate are.
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>

#include "subject.h"

namespace {

constexpr std::size_t kBatch = 1'000;

void look_up(const bench::LookupSubject& subject, const bench::Names& names, int rounds) {
  const bench::Almanac asked(subject.services());
  bench::Walk walk(names.all(), 0);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t left = kBatch; left != 0;) {
      const auto batch = walk.take(left);
      left -= batch.size();
      for (const std::string_view name : batch) bench::keep(bench::answered(asked.find(name)));
    }
  }
}

void run(std::string_view what, const std::string& file, int rounds) {
  const bench::OpeningSubject opening(file, {});
  if (what == "hit") return look_up(opening.lookups(), opening.lookups().names(), rounds);
  if (what == "miss") return look_up(opening.lookups(), opening.lookups().misses(), rounds);
  if (what != "open" && what != "inflate") throw std::runtime_error("no such thing: " + std::string(what));
  for (int round = 0; round < rounds; ++round) {
    if (!(what == "open" ? opening.open() : opening.inflate())) throw std::runtime_error("wrong answer");
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::fputs("usage: bench-instructions hit|miss|open|inflate SNAPSHOT ROUNDS\n", stderr);
    return 2;
  }
  run(argv[1], argv[2], std::stoi(argv[3]));
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench-instructions: %s\n", error.what());
  return 2;
}
