// A dump is the registry: compiled again, in whatever order and from however many files, it gives the same bytes.
#include <almanac/snapshot.h>
#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "file_descriptor.h"
#include "inspect/dump.h"
#include "property/random_registry.h"
#include "property/random_seed.h"
#include "source/load.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

using property::below;
using property::Random;

void dump_to(const std::filesystem::path& file, const Snapshot& snapshot) {
  const internal::FileDescriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  inspect::Output output(descriptor.get());
  inspect::dump(snapshot, inspect::Selection{}, output);
  output.flush();
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::byte> compile(const std::vector<std::string>& sources) {
  progress::Progress silent;
  const source::LoadResult loaded = source::load_registry(sources, silent);
  if (!loaded.problems.empty()) {
    std::ostringstream text;
    source::print_problems(text, loaded);
    throw std::runtime_error(text.str());
  }
  return support::snapshot_of(loaded.registry);
}

// The lines, dealt at random into some files of a new folder.
void deal(Random& random, std::vector<std::string> lines, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder / "more");
  std::ranges::shuffle(lines, random);
  const std::size_t files = 1 + below(random, 7);
  for (const std::string& line : lines) {
    const std::string name = std::to_string(below(random, files)) + ".jsonl";
    std::ofstream(below(random, 2) == 0 ? folder / name : folder / "more" / name, std::ios::binary | std::ios::app) << line << '\n';
  }
}

TEST(RoundTripProperty, DumpCompiledAgainHasTheSameBytesInAnyOrder) {
  Random random(property::random_seed());
  for (const std::size_t services : {1U, 2U, 5U, 20U, 100U, 500U, 3000U}) {
    SCOPED_TRACE(std::to_string(services) + " services");
    model::Registry registry = support::registry(property::random_namespaces(random, services));
    property::add_random_caller_rules(random, registry);
    const std::vector<std::byte> bytes = support::snapshot_of(registry);
    const support::TemporaryDirectory folder;
    dump_to(folder / "dump.jsonl", Snapshot::from_bytes(bytes, "random.almanac"));
    EXPECT_TRUE(compile({folder / "dump.jsonl"}) == bytes);
    const std::vector<std::string> lines = lines_of(folder / "dump.jsonl");
    for (const char* name : {"one", "another"}) {
      deal(random, lines, folder / name);
      EXPECT_TRUE(compile({folder / name}) == bytes);
    }
  }
}

}  // namespace
}  // namespace almanac
