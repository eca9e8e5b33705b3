#include "compile/snapshot_writer.h"

#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "compile/compile_error.h"
#include "preamble.h"
#include "snapshot_data.h"
#include "support/registry_builder.h"

namespace almanac::compile {
namespace {

using support::service;

// Several frames, so that several threads have work.
model::Registry several_frames() {
  std::vector<support::NamespaceBuilder> namespaces;
  for (int i = 0; i < 6; ++i) {
    std::vector<support::ServiceBuilder> services = support::numbered_services(1000);
    for (int j = 0; j < 12; ++j) services.push_back(service("v" + std::to_string(j)).value(std::string(65536, static_cast<char>('a' + i))));
    namespaces.push_back({"n" + std::to_string(i), services});
  }
  return support::registry(namespaces);
}

std::vector<std::byte> compiled(const model::Registry& registry, CompileOptions options) {
  progress::Progress silent;
  return compile_snapshot(registry, options, silent);
}

TEST(SnapshotWriter, number_of_threads_changes_no_byte) {
  const model::Registry registry = several_frames();
  const std::vector<std::byte> one = compiled(registry, {.level = 3, .threads = 1});
  ASSERT_GE(Snapshot::from_bytes(one, "x").frame_count(), 3U);
  for (const unsigned threads : {0U, 2U, 7U, 64U}) EXPECT_EQ(compiled(registry, {.level = 3, .threads = threads}), one) << threads;
}

TEST(SnapshotWriter, every_level_gives_the_same_answers) {
  const model::Registry registry = support::registry({{"prod", support::numbered_services(300)}});
  std::size_t smallest = SIZE_MAX;
  for (int level = 1; level <= kMaxLevel; ++level) {
    const std::vector<std::byte> bytes = compiled(registry, {.level = level, .threads = 1});
    const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
    EXPECT_NO_THROW(snapshot.verify()) << level;
    EXPECT_EQ(snapshot.in("prod").find("s0000123").value().uri(), "http://s0000123/");
    smallest = std::min(smallest, bytes.size());
  }
  EXPECT_LT(smallest, compiled(registry, {.level = 1, .threads = 1}).size());
}

TEST(SnapshotWriter, pieces_lie_one_behind_another) {
  const std::vector<std::byte> bytes = compiled(several_frames(), {.level = 1, .threads = 1});
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  EXPECT_EQ(snapshot.format_major(), 1);
  EXPECT_EQ(snapshot.format_minor(), 0);
  EXPECT_EQ(snapshot.manifest_offset(), internal::kPreambleSize);
  std::uint64_t end = snapshot.manifest_offset() + snapshot.manifest_stored_size();
  for (std::size_t i = 0; i < snapshot.frame_count(); ++i) {
    EXPECT_EQ(snapshot.frame_info(i).offset, end);
    end += snapshot.frame_info(i).stored_size;
  }
  EXPECT_EQ(end, bytes.size());
}

TEST(SnapshotWriter, name_and_revision_of_the_registry_are_kept) {
  const std::vector<std::byte> named = compiled(support::registry({}, "acme", "abc"), {.level = 1, .threads = 1});
  EXPECT_EQ(Snapshot::from_bytes(named, "x").registry_name(), "acme");
  EXPECT_EQ(Snapshot::from_bytes(named, "x").revision(), "abc");
  const std::vector<std::byte> unnamed = compiled(support::registry({}, "", ""), {.level = 1, .threads = 1});
  EXPECT_EQ(Snapshot::from_bytes(unnamed, "x").registry_name(), "");
  EXPECT_EQ(Snapshot::from_bytes(unnamed, "x").revision(), "");
  EXPECT_EQ(Snapshot::from_bytes(unnamed, "x").namespace_count(), 0U);
  EXPECT_NE(Snapshot::from_bytes(named, "x").id(), Snapshot::from_bytes(unnamed, "x").id());
}

TEST(SnapshotWriter, any_change_gives_another_id) {
  const auto id_of = [](const support::ServiceBuilder& one) {
    const std::vector<std::byte> bytes = support::snapshot_of({{"prod", {one}}});
    return Snapshot::from_bytes(bytes, "x").id();
  };
  const std::string id = id_of(service("s").uri("u:"));
  EXPECT_EQ(id_of(service("s").uri("u:")), id);
  EXPECT_NE(id_of(service("t").uri("u:")), id);
  EXPECT_NE(id_of(service("s").uri("v:")), id);
  EXPECT_NE(id_of(service("s").uri("u:").value("")), id);
  EXPECT_NE(id_of(service("s").uri("u:").description("d")), id);
  EXPECT_NE(id_of(service("s").uri("u:").tags({"t"})), id);
  EXPECT_NE(id_of(service("s").endpoint(support::endpoint("u:").weight(2))), id);
}

class Recorded : public progress::Progress {
 public:
  void begin(std::string_view work, std::uint64_t total) override {
    EXPECT_EQ(work, "compressing");
    total_ = total;
  }
  void advance(std::uint64_t bytes, std::uint64_t services) override {
    EXPECT_GT(bytes, bytes_);
    EXPECT_GT(services, services_);
    bytes_ = bytes;
    services_ = services;
  }
  void end() override { EXPECT_EQ(bytes_, total_); }
  [[nodiscard]] std::uint64_t services() const { return services_; }

 private:
  std::uint64_t total_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t services_ = 0;
};

TEST(SnapshotWriter, progress_grows_to_the_whole) {
  for (const unsigned threads : {1U, 4U}) {
    Recorded progress;
    (void)compile_snapshot(several_frames(), {.level = 1, .threads = threads}, progress);
    EXPECT_EQ(progress.services(), 6U * 1012U);
  }
}

// The first frame that fails ends the work, in whichever thread it is.
TEST(SnapshotWriter, failure_of_one_frame_is_that_of_the_whole) {
  model::Registry registry = several_frames();
  auto& services = registry.namespaces[3].services;
  services.push_back(services.back());  // a name twice has no perfect hash
  EXPECT_THROW((void)compiled(registry, {.level = 1, .threads = 3}), CompileError);
}

TEST(SnapshotWriter, a_manifest_that_no_reader_would_take_is_not_written) {
  model::Registry registry = support::registry({});
  registry.revision.assign(internal::kMaxManifestSize, 'r');
  try {
    (void)compiled(registry, {.level = 1, .threads = 1});
    ADD_FAILURE() << "a manifest larger than 256 MiB";
  } catch (const CompileError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("and the limit is 268435456"));
  }
}

TEST(SnapshotWriter, rules_about_callers_are_what_the_reader_decides_by) {
  model::Registry registry = support::registry({{"blue", {}}, {"green", {}}, {"rest", {}}});
  const internal::Moment start{std::chrono::seconds(1'800'000'000)};
  registry.caller_rules = {{.name_space = "blue",
                            .conditions = {{"role", {"a*", "b"}}, {"stage", {"prod"}}},
                            .by = internal::RolloutBy::kKey,
                            .rollouts = {{"green", {{{start, 400'000}}, false}, {}},
                                         {"rest", {{{start, 0}, {start + std::chrono::hours(1), 600'000}}, true}, {}}},
                            .location = {},
                            .name_space_location = {}},
                           {.name_space = "rest", .conditions = {}, .rollouts = {}, .location = {}, .name_space_location = {}}};
  const std::vector<std::byte> bytes = support::snapshot_of(registry);
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x");
  EXPECT_EQ(snapshot.format_minor(), 1);
  const internal::Manifest& manifest = internal::data_of(snapshot).manifest();
  ASSERT_EQ(manifest.caller_rules.size(), 2U);
  const internal::CallerRule& first = manifest.caller_rules[0];
  EXPECT_EQ(manifest.namespaces[first.name_space].name, "blue");
  ASSERT_EQ(first.conditions.size(), 2U);
  EXPECT_EQ(first.conditions[0].property, "role");
  EXPECT_THAT(first.conditions[0].patterns, testing::ElementsAre("a*", "b"));
  EXPECT_EQ(first.by, internal::RolloutBy::kKey);
  ASSERT_EQ(first.rollouts.size(), 2U);
  EXPECT_EQ(manifest.namespaces[first.rollouts[1].to].name, "rest");
  EXPECT_EQ(first.rollouts[0].schedule, registry.caller_rules[0].rollouts[0].schedule);
  EXPECT_EQ(first.rollouts[1].schedule, registry.caller_rules[0].rollouts[1].schedule);
  EXPECT_TRUE(manifest.caller_rules[1].conditions.empty());
}

TEST(SnapshotWriter, a_file_states_the_lowest_version_that_has_all_it_holds) {
  const std::vector<std::byte> bytes = support::snapshot_of({{"prod", {service("s").uri("u:")}}});
  EXPECT_EQ(Snapshot::from_bytes(bytes, "x").format_minor(), 0);
}

}  // namespace
}  // namespace almanac::compile
