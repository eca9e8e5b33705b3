// Frames in a cache directory, as snapshots find and leave them.
#include "cache.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <almanac/snapshot.h>

#include "frame_generated.h"
#include "support/child_process.h"
#include "support/file_bytes.h"
#include "support/full_disk.h"
#include "support/other_user.h"
#include "support/registry_builder.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::names_in;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr mode_t kPermissions = 07777;
constexpr std::size_t kTrailerSize = 64;

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & kPermissions;
}

// A snapshot of one frame, whose services are looked up through a cache.
class Cached {
 public:
  Cached() : bytes_(support::snapshot_of({{"prod", support::numbered_services(300)}})), damaged_(bytes_) {
    const FrameInfo frame = Snapshot::from_bytes(bytes_, "x").frame_info(0);
    digest_ = parse_digest(frame.digest).value();
    size_ = frame.size;
    damaged_[frame.offset + frame.stored_size / 2] ^= std::byte{1};
  }

  [[nodiscard]] std::filesystem::path folder() const { return place_ / "cache"; }
  [[nodiscard]] std::filesystem::path file() const { return folder() / (to_hex(digest_) + ".frame"); }
  [[nodiscard]] const Digest& digest() const { return digest_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  // Whether the frame's services are found, reading the frame from the snapshot if need be.
  [[nodiscard]] bool works() const { return answers(bytes_); }
  // Whether they are found where the snapshot's own frame cannot be inflated: then they came from the cache.
  [[nodiscard]] bool is_in_cache() const {
    try {
      return answers(damaged_);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kCorrupt);
      return false;
    }
  }

 private:
  [[nodiscard]] bool answers(const std::vector<std::byte>& bytes) const {
    OpenOptions options;
    options.cache_directory = folder();
    const Snapshot snapshot = Snapshot::from_bytes(bytes, "x", options);
    const auto found = snapshot.in("prod").find("s0000077");
    return found && found->uri() == "http://s0000077/" && !snapshot.in("prod").contains("none");
  }

  support::TemporaryDirectory place_;
  std::vector<std::byte> bytes_;
  std::vector<std::byte> damaged_;
  Digest digest_;
  std::uint64_t size_ = 0;
};

TEST(Cache, keeps_a_frame_0400_in_a_folder_0700) {
  const Cached cached;
  EXPECT_FALSE(cached.is_in_cache());
  EXPECT_TRUE(cached.works());
  EXPECT_EQ(mode_of(cached.folder()), 0700U);
  EXPECT_THAT(names_in(cached.folder()), ElementsAre(cached.file().filename().string()));
  EXPECT_EQ(mode_of(cached.file()), 0400U);
  EXPECT_EQ(std::filesystem::file_size(cached.file()), cached.size() + kTrailerSize);
}

TEST(Cache, finds_a_frame_again_without_inflating_it) {
  const Cached cached;
  ASSERT_TRUE(cached.works());
  EXPECT_TRUE(cached.is_in_cache());
}

TEST(Cache, trailer_says_what_the_file_is) {
  const Cached cached;
  ASSERT_TRUE(cached.works());
  const std::vector<std::byte> file = support::read_bytes(cached.file());
  const Bytes trailer = Bytes(file).last(kTrailerSize);
  EXPECT_EQ(as_text(trailer.first(8)), "ALMCACH3");
  EXPECT_EQ(load<std::uint64_t>(trailer, 8), cached.size());
  EXPECT_EQ(load<std::uint64_t>(trailer, 16), cached.digest().high);
  EXPECT_EQ(load<std::uint64_t>(trailer, 24), cached.digest().low);
  const std::uint64_t of_piece = checksum_of(Bytes(file).first(cached.size()));  // smaller than a piece
  EXPECT_EQ(load<std::uint64_t>(trailer, 32), checksum_of(std::as_bytes(std::span(&of_piece, 1))));
}

TEST(Cache, a_frame_that_is_found_lies_in_memory_that_processes_share) {
  const Cached cached;
  OpenOptions options;
  options.cache_directory = cached.folder();
  const std::vector<std::byte> bytes = support::snapshot_of({{"prod", support::numbered_services(300)}});
  (void)Snapshot::from_bytes(bytes, "x", options).in("prod");  // keeps it
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "x", options);
  const auto address = reinterpret_cast<std::uintptr_t>(snapshot.in("prod").find("s0000077").value().uri().data());
  std::ifstream maps("/proc/self/maps");
  std::string owner;
  for (std::string line; std::getline(maps, line);) {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    char dash = 0;
    std::istringstream(line) >> std::hex >> begin >> dash >> end;
    if (begin <= address && address < end) owner = line;
  }
  EXPECT_THAT(owner, testing::AllOf(testing::HasSubstr(" r--s "), testing::EndsWith(cached.file().string())));
}

TEST(Cache, leaves_nothing_of_a_frame_that_fails) {
  const Cached cached;
  EXPECT_FALSE(cached.is_in_cache());
  EXPECT_THAT(names_in(cached.folder()), IsEmpty());
}

// What is in the folder under the frame's name is not the frame: it is made anew and takes that place.
class CacheReplaces : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(cached_.works()); }

  void expect_made_anew() {
    EXPECT_FALSE(cached_.is_in_cache());
    EXPECT_TRUE(cached_.works());
    EXPECT_TRUE(cached_.is_in_cache());
    EXPECT_EQ(mode_of(cached_.file()), 0400U);
    EXPECT_THAT(names_in(cached_.folder()), ElementsAre(cached_.file().filename().string()));
  }

  void replace_by(const std::vector<std::byte>& bytes) {
    std::filesystem::remove(cached_.file());
    support::write_bytes(cached_.file(), bytes);
    ASSERT_EQ(::chmod(cached_.file().c_str(), 0400), 0);
  }

  Cached cached_;
};

TEST_F(CacheReplaces, garbage) {
  replace_by(std::vector<std::byte>(cached_.size() + kTrailerSize, std::byte{'x'}));
  expect_made_anew();
}

TEST_F(CacheReplaces, an_empty_file) {
  replace_by({});
  expect_made_anew();
}

TEST_F(CacheReplaces, a_file_of_another_size) {
  std::vector<std::byte> file = support::read_bytes(cached_.file());
  file.pop_back();
  replace_by(file);
  expect_made_anew();
  file.resize(cached_.size() + kTrailerSize + 1);
  replace_by(file);
  expect_made_anew();
}

TEST_F(CacheReplaces, every_change_of_the_trailer_but_its_checksum) {
  const std::vector<std::byte> good = support::read_bytes(cached_.file());
  for (std::size_t i = 0; i < kTrailerSize; ++i) {
    if (i >= 32 && i < 40) continue;
    std::vector<std::byte> file = good;
    file[cached_.size() + i] ^= std::byte{1};
    replace_by(file);
    EXPECT_FALSE(cached_.is_in_cache()) << i;
  }
  expect_made_anew();
}

// The trailer is right and the frame is none.
TEST_F(CacheReplaces, a_frame_that_is_no_flatbuffer) {
  std::vector<std::byte> file = support::read_bytes(cached_.file());
  std::ranges::fill(std::span(file).first(cached_.size()), std::byte{0xFF});
  replace_by(file);
  expect_made_anew();
}

// The trailer is right, the parts are, and a column is not.
TEST_F(CacheReplaces, a_frame_that_breaks_a_rule_behind_its_parts) {
  std::vector<std::byte> file = support::read_bytes(cached_.file());
  const format::Frame& root = *format::GetFrame(file.data());
  for (const auto* text : {root.descriptions(), root.text()}) {
    const auto last = reinterpret_cast<const std::byte*>(text->data()) + text->size() - 1 - file.data();
    file[static_cast<std::size_t>(last)] = std::byte{'x'};
    replace_by(file);
    expect_made_anew();
  }
}

TEST_F(CacheReplaces, a_file_that_others_may_read_or_change) {
  for (const mode_t mode : {0600U, 0440U, 0404U, 0500U, 0420U}) {
    ASSERT_EQ(::chmod(cached_.file().c_str(), mode), 0);
    expect_made_anew();
  }
}

TEST_F(CacheReplaces, a_link) {
  std::filesystem::rename(cached_.file(), cached_.folder() / "elsewhere");
  std::filesystem::create_symlink("elsewhere", cached_.file());
  EXPECT_FALSE(cached_.is_in_cache());
  EXPECT_TRUE(cached_.works());
  EXPECT_FALSE(std::filesystem::is_symlink(cached_.file()));
  EXPECT_TRUE(cached_.is_in_cache());
}

TEST_F(CacheReplaces, bytes_that_a_power_failure_may_have_lost) {
  std::vector<std::byte> file = support::read_bytes(cached_.file());
  const auto at =
      static_cast<std::size_t>(std::ranges::search(as_text(file), std::string_view("http://s0000077/")).begin() - as_text(file).begin());
  file[at] = std::byte{'x'};
  replace_by(file);
  constexpr timespec kOld[2] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, cached_.file().c_str(), kOld, 0), 0);
  expect_made_anew();
}

TEST_F(CacheReplaces, not_a_whole_file_from_before_the_machine_started) {
  constexpr timespec kOld[2] = {{1000, 0}, {1000, 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, cached_.file().c_str(), kOld, 0), 0);
  EXPECT_TRUE(cached_.is_in_cache());
}

TEST(Cache, a_folder_open_to_others_is_not_used) {
  for (const mode_t mode : {0755U, 0770U, 0701U, 01777U}) {
    const Cached cached;
    ASSERT_EQ(::mkdir(cached.folder().c_str(), 0700), 0);
    ASSERT_EQ(::chmod(cached.folder().c_str(), mode), 0);
    EXPECT_TRUE(cached.works());
    EXPECT_THAT(names_in(cached.folder()), IsEmpty()) << std::oct << mode;
    EXPECT_EQ(mode_of(cached.folder()), mode);
  }
}

TEST(Cache, a_link_or_a_file_in_place_of_the_folder_is_not_used) {
  const Cached link;
  std::filesystem::create_directory(link.folder().parent_path() / "elsewhere");
  std::filesystem::permissions(link.folder().parent_path() / "elsewhere", std::filesystem::perms::owner_all);
  std::filesystem::create_directory_symlink("elsewhere", link.folder());
  EXPECT_TRUE(link.works());
  EXPECT_THAT(names_in(link.folder()), IsEmpty());
  const Cached file;
  support::write_bytes(file.folder(), as_bytes("x"));
  EXPECT_TRUE(file.works());
  EXPECT_EQ(as_text(support::read_bytes(file.folder())), "x");
}

// As another user than root, whom permissions do not stop.
TEST(Cache, without_a_folder_to_write_to_there_is_memory) {
  const support::TemporaryDirectory place;
  ASSERT_EQ(::chmod(place.path().c_str(), 0755), 0);
  const std::vector<std::byte> bytes = support::snapshot_of({{"prod", support::numbered_services(10)}});
  const int status = support::as_other_user([&] {
    for (const std::filesystem::path& folder :
         {place / "cache", std::filesystem::path("/proc/none"), std::filesystem::path("/dev/null/x")}) {
      OpenOptions options;
      options.cache_directory = folder;
      const Snapshot snapshot = Snapshot::from_bytes(bytes, "x", options);
      if (!snapshot.in("prod").contains("s0000007")) return 1;
    }
    return 0;
  });
  EXPECT_EQ(status, 0);
  EXPECT_THAT(names_in(place.path()), IsEmpty());
}

TEST(Cache, nothing_of_a_frame_stays_on_a_full_disk) {
  const Cached cached;
  constexpr std::uint64_t kPage = 4096;
  ASSERT_GT(cached.size(), 2 * kPage);
  const int status = support::on_small_disk(cached.folder().parent_path(), 2 * kPage, [&] {
    if (!cached.works() || cached.is_in_cache()) return 1;
    return names_in(cached.folder()).empty() ? 0 : 2;
  });
  EXPECT_EQ(status, 0);
}

TEST(Cache, processes_that_open_at_once_share_one_file) {
  constexpr int kProcesses = 4;
  for (int round = 0; round < 10; ++round) {
    const Cached cached;
    const auto statuses = support::in_child_processes(kProcesses, [&] { return cached.works() && cached.is_in_cache() ? 0 : 1; });
    EXPECT_EQ(statuses, std::vector<int>(kProcesses, 0));
    EXPECT_THAT(names_in(cached.folder()), ElementsAre(cached.file().filename().string()));
  }
}

}  // namespace
}  // namespace almanac::internal
