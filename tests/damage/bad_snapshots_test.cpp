// The files of tests/bad, snapshots and announcements: each breaks one rule of the format and has right digests, so nothing but
// that rule stands between it and the reader. expected.txt beside them says where each is stopped, and how.
#include <almanac/snapshot.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "announcement.h"
#include "damage/whole_use.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac {
namespace {

const std::filesystem::path kFolder = ALMANAC_SOURCE_DIRECTORY "/tests/bad";

constexpr std::string_view kAnnouncementEnding = ".announcement";

struct Outcome {
  std::string stage;    // announcement, open, in, verify, or "none" when nothing stops it
  std::string code;     // as to_string() has it
  std::string message;  // what(), less the file's name
  bool operator==(const Outcome&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Outcome& outcome) {
  return out << outcome.stage << " | " << outcome.code << " | " << outcome.message;
}

// stage | code | file | message
std::map<std::string, Outcome> expectations() {
  std::ifstream stream(kFolder / "expected.txt");
  if (!stream) throw std::runtime_error("no expected.txt in " + kFolder.string());
  std::map<std::string, Outcome> rows;
  for (std::string line; std::getline(stream, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream columns(line);
    std::string stage;
    std::string code;
    std::string file;
    std::string message;
    std::getline(columns, stage, '\t');
    std::getline(columns, code, '\t');
    std::getline(columns, file, '\t');
    std::getline(columns, message);
    if (!rows.emplace(file, Outcome{stage, code, message}).second) throw std::runtime_error("twice in expected.txt: " + file);
  }
  return rows;
}

std::set<std::string> files() {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".almanac" || entry.path().extension() == kAnnouncementEnding)
      names.insert(entry.path().filename().string());
  }
  return names;
}

Outcome refusal(const std::string& stage, const Error& error, const std::filesystem::path& file) {
  EXPECT_EQ(error.object(), file.string());
  EXPECT_TRUE(error.offset().has_value()) << error.what();
  std::string message = error.what();
  EXPECT_TRUE(message.starts_with(file.string() + ": ")) << message;
  return {stage, std::string(to_string(error.code())), message.substr(file.string().size() + 2)};
}

Outcome outcome_of_announcement(const std::filesystem::path& file) {
  try {
    (void)internal::parse_announcement(support::read_bytes(file), file.string());
  } catch (const Error& error) {
    return refusal("announcement", error, file);
  }
  return {"none", "", ""};
}

// Where the file is first refused. Whatever opens is used from end to end all the same.
Outcome outcome_of(const std::filesystem::path& file, const OpenOptions& options) {
  if (file.extension() == kAnnouncementEnding) return outcome_of_announcement(file);
  std::optional<Snapshot> snapshot;
  try {
    snapshot = Snapshot::open(file, options);
  } catch (const Error& error) {
    return refusal("open", error, file);
  }
  damage::choose(*snapshot);
  std::optional<Outcome> first;
  for (std::size_t i = 0; i < snapshot->namespace_count(); ++i) {
    try {
      damage::use(snapshot->in(snapshot->namespace_info(i).name));
    } catch (const Error& error) {
      if (!first) first = refusal("in", error, file);
    }
  }
  try {
    snapshot->verify();
  } catch (const Error& error) {
    return first ? *first : refusal("verify", error, file);
  }
  EXPECT_FALSE(first.has_value()) << file << ": verify() finds nothing where in() did";
  return {"none", "", ""};
}

TEST(BadSnapshots, TableNamesEveryFileAndNoOther) {
  std::set<std::string> named;
  for (const auto& [file, outcome] : expectations()) named.insert(file);
  EXPECT_EQ(named, files());
  EXPECT_FALSE(named.empty());
}

TEST(BadSnapshots, EachIsStoppedWhereAndAsTheTableSays) {
  for (const auto& [file, expected] : expectations()) {
    SCOPED_TRACE(file);
    EXPECT_EQ(outcome_of(kFolder / file, {}), expected);
  }
}

TEST(BadSnapshots, NoneIsTakenFromACache) {
  const support::TemporaryDirectory folder;
  const OpenOptions options{.cache_directory = folder / "cache"};
  for (const auto& [file, expected] : expectations()) {
    SCOPED_TRACE(file);
    // The first opening may leave frames behind, which the second one finds.
    EXPECT_EQ(outcome_of(kFolder / file, options), expected);
    EXPECT_EQ(outcome_of(kFolder / file, options), expected);
  }
}

}  // namespace
}  // namespace almanac
