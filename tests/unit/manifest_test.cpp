#include "manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/registry_builder.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::CraftedSnapshot;
using support::error_from;
using support::IsError;

const std::vector<std::byte> kFrame(10, std::byte{'f'});
constexpr std::uint64_t kManifest = kPreambleSize;

CraftedSnapshot two_frames() {
  CraftedSnapshot snapshot;
  snapshot.manifest.registry = "acme";
  snapshot.manifest.revision = "abc123";
  snapshot.add_stored_frame(kFrame, 100);
  snapshot.add_stored_frame({kFrame.begin(), kFrame.begin() + 7}, 200);
  snapshot.add_namespace("prod", 0, 0, 3, 4);
  snapshot.add_namespace("prod/eu", 1, 0, 5, 6);
  snapshot.add_namespace("test", 1, 1, 7, 8);
  return snapshot;
}

Error error_of(const std::vector<std::byte>& file) {
  return error_from([&] { (void)read_manifest(*borrow_bytes(file, "x.almanac")); });
}

Error error_of(const CraftedSnapshot& snapshot) { return error_of(snapshot.assemble()); }

TEST(Manifest, says_what_is_in_the_file) {
  const std::vector<std::byte> file = two_frames().assemble();
  const Manifest manifest = read_manifest(*borrow_bytes(file, "x.almanac"));
  EXPECT_EQ(manifest.registry, "acme");
  EXPECT_EQ(manifest.revision, "abc123");
  ASSERT_EQ(manifest.frames.size(), 2U);
  EXPECT_EQ(manifest.frames[0].offset, file.size() - 17);
  EXPECT_EQ(manifest.frames[0].stored_size, 10U);
  EXPECT_EQ(manifest.frames[0].size, 100U);
  EXPECT_EQ(manifest.frames[0].digest, digest_of(kFrame));
  EXPECT_EQ(manifest.frames[1].offset, file.size() - 7);
  ASSERT_EQ(manifest.namespaces.size(), 3U);
  EXPECT_EQ(manifest.namespaces[1].name, "prod/eu");
  EXPECT_EQ(manifest.namespaces[1].frame, 1U);
  EXPECT_EQ(manifest.namespaces[2].part, 1U);
  EXPECT_EQ(manifest.namespaces[2].services, 7U);
  EXPECT_EQ(manifest.namespaces[2].endpoints, 8U);
}

TEST(Manifest, finds_namespaces_by_their_whole_name) {
  const std::vector<std::byte> file = two_frames().assemble();
  const Manifest manifest = read_manifest(*borrow_bytes(file, "x.almanac"));
  EXPECT_EQ(manifest.namespaces.find("prod"), 0U);
  EXPECT_EQ(manifest.namespaces.find("prod/eu"), 1U);
  EXPECT_EQ(manifest.namespaces.find("test"), 2U);
  for (const std::string_view other : {"", "a", "pro", "prod/", "prod/e", "prod/eux", "zzz"})
    EXPECT_FALSE(manifest.namespaces.find(other)) << other;
}

TEST(Manifest, registry_and_revision_may_be_absent) {
  const std::vector<std::byte> file = CraftedSnapshot().assemble();
  const Manifest manifest = read_manifest(*borrow_bytes(file, "x.almanac"));
  EXPECT_EQ(manifest.registry, "");
  EXPECT_EQ(manifest.revision, "");
  EXPECT_EQ(manifest.frames.size(), 0U);
  EXPECT_EQ(manifest.namespaces.size(), 0U);
}

// Of a file the first read brings 16 KiB; what is behind that takes another. From 1 MiB on it has pages of its own.
TEST(Manifest, of_any_size_is_read_whole) {
  const support::TemporaryDirectory folder;
  for (const std::uint32_t count : {2'000U, 30'000U}) {
    CraftedSnapshot snapshot;
    snapshot.add_stored_frame(kFrame, 1);
    std::uint64_t state = 1;
    for (std::uint32_t i = 0; i < count; ++i) {
      state = state * 6364136223846793005U + 1442695040888963407U;
      snapshot.add_namespace(std::to_string(100'000 + i) + std::to_string(state), 0, 0, static_cast<std::uint32_t>(state), i);
    }
    const std::vector<std::byte> file = snapshot.assemble();
    ASSERT_GT(file.size(), 32U * 1024);
    support::write_bytes(folder / "x", file);
    for (const bool is_file : {false, true}) {
      const Manifest manifest = read_manifest(is_file ? *open_file(folder / "x") : *borrow_bytes(file, "x"));
      EXPECT_EQ(static_cast<bool>(manifest.pages), count == 30'000);
      ASSERT_EQ(manifest.namespaces.size(), count);
      EXPECT_EQ(manifest.namespaces[count - 1].endpoints, count - 1);
      EXPECT_THAT(std::string(manifest.namespaces[count - 1].name), testing::StartsWith(std::to_string(100'000 + count - 1)));
    }
  }
}

TEST(Manifest, a_file_of_another_size_is_refused) {
  std::vector<std::byte> file = two_frames().assemble();
  const std::uint64_t size = file.size();
  file.push_back(std::byte{0});
  EXPECT_THAT(error_of(file), IsError(ErrorCode::kCorrupt, "x.almanac", size + 1, "where its preamble says " + std::to_string(size)));
  file.resize(size - 1);
  EXPECT_THAT(error_of(file), IsError(ErrorCode::kTruncated, "x.almanac", size - 1, "where its preamble says " + std::to_string(size)));
}

TEST(Manifest, every_flipped_bit_of_its_stored_bytes_is_noticed) {
  std::vector<std::byte> file = two_frames().assemble();
  for (std::size_t at = kManifest; at < file.size() - 17; ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      file[at] ^= std::byte{1} << bit;
      EXPECT_THAT(error_of(file), IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "its digest does not hold")) << at;
      file[at] ^= std::byte{1} << bit;
    }
  }
}

TEST(Manifest, must_inflate_to_what_the_preamble_says) {
  const CraftedSnapshot snapshot = two_frames();
  const std::vector<std::byte> inflated = snapshot.manifest.encode();
  for (const std::uint64_t size : {std::uint64_t{0}, inflated.size() - 1, inflated.size() + 1, std::uint64_t{200} << 20U}) {
    EXPECT_THAT(error_of(snapshot.assemble(support::compressed(inflated), size)),
                IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "does not announce the " + std::to_string(size)));
  }
}

TEST(Manifest, must_be_a_flatbuffer_of_its_kind) {
  const CraftedSnapshot snapshot = two_frames();
  const std::vector<std::byte> good = snapshot.manifest.encode();
  const auto refused = [&](const std::vector<std::byte>& inflated) {
    return error_of(snapshot.assemble(support::compressed(inflated), inflated.size()));
  };
  const auto is_no_flatbuffer = IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "is not the FlatBuffer that it should be");
  EXPECT_THAT(refused({}), is_no_flatbuffer);
  EXPECT_THAT(refused(std::vector<std::byte>(100)), is_no_flatbuffer);
  EXPECT_THAT(refused({good.begin(), good.end() - 8}), is_no_flatbuffer);
  std::vector<std::byte> other_kind = good;
  other_kind[7] = std::byte{'F'};  // "ALMF", the identifier of a frame
  EXPECT_THAT(refused(other_kind), is_no_flatbuffer);
}

TEST(Manifest, frames_lie_behind_each_other_and_fill_the_file) {
  const auto with_frames = [](std::uint64_t first_offset, std::uint64_t first_size, std::uint64_t second_offset,
                              std::uint64_t second_size) {
    CraftedSnapshot snapshot = two_frames();
    snapshot.manifest.frames = {format::FrameEntry(first_offset, first_size, 1, {}), format::FrameEntry(second_offset, second_size, 1, {})};
    return error_of(snapshot);
  };
  const auto misplaced = [](int frame) {
    return IsError(ErrorCode::kCorrupt, "x.almanac", kManifest,
                   "frame " + std::to_string(frame) + " does not lie behind the one before it");
  };
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THAT(with_frames(1, 9, 10, 7), misplaced(0));
  EXPECT_THAT(with_frames(0, 18, 18, 0), misplaced(0));
  EXPECT_THAT(with_frames(0, kMax, kMax, 1), misplaced(0));
  EXPECT_THAT(with_frames(0, 10, 9, 8), misplaced(1));
  EXPECT_THAT(with_frames(0, 10, 11, 6), misplaced(1));
  EXPECT_THAT(with_frames(0, 10, 10, 8), misplaced(1));
  EXPECT_THAT(with_frames(0, 10, 10, kMax - 9), misplaced(1));
  const auto unfilled = IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "the frames do not fill the file");
  EXPECT_THAT(with_frames(0, 10, 10, 6), unfilled);
  CraftedSnapshot none = two_frames();
  none.manifest.frames.clear();
  none.manifest.namespaces.clear();
  EXPECT_THAT(error_of(none), unfilled);
}

TEST(Manifest, namespaces_have_their_names_and_frames) {
  const auto with_namespace = [](std::uint32_t name_offset, std::uint32_t name_size, std::uint32_t frame) {
    CraftedSnapshot snapshot = two_frames();
    snapshot.manifest.namespaces[2] = format::NamespaceEntry(name_offset, name_size, frame, 1, 7, 8);
    return error_of(snapshot);
  };
  const auto outside = IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "namespace 2 has its name outside the names");
  EXPECT_THAT(with_namespace(11, 5, 1), outside);
  EXPECT_THAT(with_namespace(16, 1, 1), outside);
  EXPECT_THAT(with_namespace(~0U, 4, 1), outside);
  EXPECT_THAT(with_namespace(4, ~0U, 1), outside);
  EXPECT_THAT(with_namespace(11, 4, 2),
              IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "namespace 2 is in a frame that is not there"));
  EXPECT_THAT(with_namespace(11, 4, ~0U), IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "frame that is not there"));
}

TEST(Manifest, names_of_namespaces_differ_and_are_in_byte_order) {
  const auto with_names = [](const std::string& first, const std::string& second) {
    CraftedSnapshot snapshot;
    snapshot.add_stored_frame(kFrame, 1);
    snapshot.add_namespace(first, 0, 0, 0, 0);
    snapshot.add_namespace(second, 0, 1, 0, 0);
    return snapshot.assemble();
  };
  const auto out_of_order = [](int number) {
    return IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "namespace " + std::to_string(number) + " is not in byte order");
  };
  EXPECT_THAT(error_of(with_names("b", "a")), out_of_order(1));
  EXPECT_THAT(error_of(with_names("a", "a")), out_of_order(1));
  EXPECT_THAT(error_of(with_names("\xC3\xA4", "z")), out_of_order(1));
  EXPECT_THAT(error_of(with_names("", "a")), out_of_order(0));
  const std::vector<std::byte> good = with_names("z", "\xC3\xA4");
  EXPECT_EQ(read_manifest(*borrow_bytes(good, "x")).namespaces.size(), 2U);
}

TEST(Manifest, a_name_has_255_bytes_at_most) {
  const auto with_name = [](std::size_t size) {
    CraftedSnapshot snapshot;
    snapshot.add_stored_frame(kFrame, 1);
    snapshot.add_namespace(std::string(size, 'n'), 0, 0, 0, 0);
    return snapshot.assemble();
  };
  const std::vector<std::byte> good = with_name(255);
  EXPECT_EQ(read_manifest(*borrow_bytes(good, "x")).namespaces[0].name.size(), 255U);
  EXPECT_THAT(error_of(with_name(256)),
              IsError(ErrorCode::kCorrupt, "x.almanac", kManifest, "namespace 0 has a name longer than 255 bytes"));
}

TEST(Manifest, has_a_million_namespaces_at_most) {
  CraftedSnapshot snapshot;
  snapshot.add_stored_frame(kFrame, 1);
  snapshot.manifest.namespaces.resize(1'000'001);
  EXPECT_THAT(error_of(snapshot), IsError(ErrorCode::kLimitExceeded, "x.almanac", kManifest, "more than 1,000,000 frames or namespaces"));
}

TEST(Manifest, a_missing_namespace_is_answered_with_those_there_are) {
  CraftedSnapshot snapshot;
  snapshot.add_stored_frame(kFrame, 1);
  const auto message = [&] {
    const std::vector<std::byte> file = snapshot.assemble();
    return missing_namespace(read_manifest(*borrow_bytes(file, "x")), "prod");
  };
  EXPECT_EQ(message(), "has no namespace \"prod\"; it has none at all");
  for (char name = 'a'; name <= 'j'; ++name) snapshot.add_namespace(std::string(1, name), 0, 0, 0, 0);
  EXPECT_EQ(message(), R"(has no namespace "prod"; it has "a", "b", "c", "d", "e", "f", "g", "h", "i", "j")");
  snapshot.add_namespace("k", 0, 0, 0, 0);
  snapshot.add_namespace("l", 0, 0, 0, 0);
  EXPECT_EQ(message(), R"(has no namespace "prod"; it has "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" and 2 more)");
}

}  // namespace
}  // namespace almanac::internal
