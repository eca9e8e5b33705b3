// A cache directory by itself: the folder, its files, and what is removed from it.
#include "cache.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <latch>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "property/random_seed.h"
#include "support/file_bytes.h"
#include "support/full_disk.h"
#include "support/other_user.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::names_in;
using testing::ElementsAre;
using namespace std::chrono_literals;

constexpr std::size_t kTrailerSize = 64;

constexpr std::size_t kPiece = std::size_t{256} << 10U;  // of which one checksum is made

std::vector<std::byte> random_content(std::size_t size) {
  std::mt19937_64 random(property::random_seed());
  std::vector<std::byte> content(size);
  std::ranges::generate(content, [&random] { return static_cast<std::byte>(random() & 0xFFU); });
  return content;
}

TEST(CacheDirectory, a_folder_may_be_named_with_a_slash_behind_it) {
  const support::TemporaryDirectory place;
  EXPECT_TRUE(CacheDirectory::open((place / "cache").string() + "/"));
  EXPECT_EQ(std::filesystem::status(place / "cache").permissions(), std::filesystem::perms::owner_all);
  EXPECT_TRUE(CacheDirectory::open((place / "cache").string() + "/"));
}

TEST(CacheDirectory, makes_the_folders_above_it) {
  const support::TemporaryDirectory place;
  EXPECT_TRUE(CacheDirectory::open(place / "a" / "b" / "c"));
  EXPECT_EQ(std::filesystem::status(place / "a" / "b" / "c").permissions(), std::filesystem::perms::owner_all);
}

TEST(CacheDirectory, a_folder_of_another_user_is_not_used) {
  const support::TemporaryDirectory place;
  ASSERT_EQ(::chmod(place.path().c_str(), 0777), 0);
  const std::filesystem::path theirs = place / "cache";
  ASSERT_EQ(support::as_other_user([&] { return ::mkdir(theirs.c_str(), 0700); }), 0);
  const std::optional<CacheDirectory> opened = CacheDirectory::open(theirs);
  struct stat status {};
  ASSERT_EQ(::stat(theirs.c_str(), &status), 0);
  EXPECT_EQ(opened.has_value(), status.st_uid == ::geteuid());
}

TEST(CacheDirectory, keeps_a_copy_of_any_size) {
  const support::TemporaryDirectory place;
  const std::optional<CacheDirectory> cache = CacheDirectory::open(place / "cache");
  ASSERT_TRUE(cache.has_value());
  for (const std::size_t size : {std::size_t{1}, std::size_t{3}, std::size_t{4}, kPiece - 1, kPiece, kPiece + 1, 3 * kPiece + 3}) {
    const std::vector<std::byte> copy = random_content(size);
    cache->keep_current({1, size}, copy);
    EXPECT_EQ(cache->find_current({1, size}), copy) << size;
  }
}

class CacheOfFrames : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return place_ / "cache" / (to_hex(kDigest) + ".frame"); }
  // As if it were from before the machine started: then its checksum is looked at.
  void make_old() const {
    constexpr timespec kOld[2] = {{1000, 0}, {1000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, file().c_str(), kOld, 0), 0);
  }

  static constexpr Digest kDigest{1, 2};
  support::TemporaryDirectory place_;
  std::optional<CacheDirectory> directory_ = CacheDirectory::open(place_ / "cache");
};

TEST_F(CacheOfFrames, refuses_a_change_of_any_piece_once_it_looks_at_the_checksum) {
  const std::vector<std::byte> frame = random_content(3 * kPiece + 4);
  directory_->keep(kDigest, frame);
  std::vector<std::byte> bytes = support::read_bytes(file());
  for (const std::size_t at : {std::size_t{0}, kPiece, 3 * kPiece - 1, 3 * kPiece}) {
    bytes[at] ^= std::byte{1};
    std::filesystem::remove(file());
    support::write_bytes(file(), bytes);
    ASSERT_EQ(::chmod(file().c_str(), 0400), 0);
    EXPECT_TRUE(directory_->find(kDigest, frame.size())) << at;
    ASSERT_NO_FATAL_FAILURE(make_old());
    EXPECT_FALSE(directory_->find(kDigest, frame.size())) << at;
    bytes[at] ^= std::byte{1};
  }
}

TEST_F(CacheOfFrames, have_one_checksum_of_those_of_their_pieces) {
  const std::vector<std::byte> frame = random_content(3 * kPiece + 4);
  directory_->keep(kDigest, frame);
  const Bytes all = frame;
  const std::array pieces{checksum_of(all.first(kPiece)), checksum_of(all.subspan(kPiece, kPiece)),
                          checksum_of(all.subspan(2 * kPiece, kPiece)), checksum_of(all.last(4))};
  EXPECT_EQ(load<std::uint64_t>(support::read_bytes(file()), frame.size() + 32), checksum_of(std::as_bytes(std::span(pieces))));
}

// As lookups do that fill an index which late work has filled already. ThreadSanitizer sees whether it is more than luck.
TEST_F(CacheOfFrames, keeps_one_that_others_store_the_same_to_meanwhile) {
  std::vector<std::atomic<std::uint32_t>> words(2 * kPiece / sizeof(std::uint32_t));
  for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<std::uint32_t>(i * 0x9E3779B9U);
  const Bytes frame = std::as_bytes(std::span(words));
  for (int round = 0; round < 10; ++round) {
    std::latch begun(2);
    std::jthread other([&words, &begun] {
      begun.arrive_and_wait();
      for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<std::uint32_t>(i * 0x9E3779B9U);
    });
    begun.arrive_and_wait();
    directory_->keep(kDigest, frame);
    other.join();
    ASSERT_NO_FATAL_FAILURE(make_old());
    const Mapping found = directory_->find(kDigest, frame.size());
    ASSERT_TRUE(found);
    EXPECT_TRUE(std::ranges::equal(found.bytes().first(frame.size()), frame));
  }
}

TEST_F(CacheOfFrames, leaves_nothing_where_the_disk_is_full_but_for_its_trailer) {
  constexpr std::size_t kPage = 4096;
  const std::vector<std::byte> frame = random_content(4 * kPage);
  for (const std::size_t room : {frame.size(), frame.size() + kPage}) {
    const int status = support::on_small_disk(place_.path(), room, [&] {
      const auto directory = CacheDirectory::open(place_ / "cache");
      directory->keep(kDigest, frame);
      const bool is_kept = !names_in(place_ / "cache").empty();
      return is_kept == (room > frame.size()) && is_kept == static_cast<bool>(directory->find(kDigest, frame.size())) ? 0 : 1;
    });
    EXPECT_EQ(status, 0) << room;
  }
}

TEST_F(CacheOfFrames, one_that_is_kept_again_leaves_the_first_to_who_has_it) {
  EXPECT_FALSE(directory_->find(kDigest, 5000));
  directory_->keep(kDigest, std::vector<std::byte>(5000, std::byte{1}));
  const Mapping early = directory_->find(kDigest, 5000);
  directory_->keep(kDigest, std::vector<std::byte>(5000, std::byte{2}));
  EXPECT_EQ(early.bytes()[4999], std::byte{1});
  EXPECT_EQ(directory_->find(kDigest, 5000).bytes()[4999], std::byte{2});
  EXPECT_THAT(names_in(place_ / "cache"), ElementsAre(to_hex(kDigest) + ".frame"));
  EXPECT_FALSE(directory_->find(kDigest, 4999));
  EXPECT_FALSE(directory_->find({1, 3}, 5000));
}

class CacheUse : public testing::Test {
 protected:
  static constexpr std::chrono::hours kDay{24};
  [[nodiscard]] std::filesystem::path file(const std::string& name) const { return place_ / "cache" / name; }
  [[nodiscard]] std::string frame(std::uint64_t number) const {
    directory_->keep({7, number}, std::vector<std::byte>(100));
    return to_hex({7, number}) + ".frame";
  }
  // Its access time, and when it was written, are so long ago.
  void age(const std::string& name, std::chrono::seconds used, std::chrono::seconds written) const {
    const auto ago = [](std::chrono::seconds time) { return timespec{std::time(nullptr) - time.count(), 0}; };
    const timespec times[2] = {ago(used), ago(written)};
    ASSERT_EQ(::utimensat(AT_FDCWD, file(name).c_str(), times, AT_SYMLINK_NOFOLLOW), 0) << name;
  }
  [[nodiscard]] std::chrono::seconds unused_for(const std::string& name) const {
    struct stat status {};
    EXPECT_EQ(::stat(file(name).c_str(), &status), 0) << name;
    return std::chrono::seconds(std::time(nullptr) - status.st_atim.tv_sec);
  }
  [[nodiscard]] std::vector<std::string> left() const { return names_in(place_ / "cache"); }

  support::TemporaryDirectory place_;
  std::optional<CacheDirectory> directory_ = CacheDirectory::open(place_ / "cache");
};

TEST_F(CacheUse, frames_that_nobody_used_for_a_day_are_removed) {
  const std::string old = frame(1);
  const std::string needed = frame(2);
  const std::string used = frame(3);
  const std::string just_written = frame(4);
  age(old, kDay + 1min, 9 * kDay);
  age(needed, 9 * kDay, 9 * kDay);
  age(used, kDay - 1min, 9 * kDay);
  const Mapping mapped = directory_->find({7, 1}, 100);
  age(old, kDay + 1min, 9 * kDay);
  const Digest keep[] = {{7, 5}, {7, 2}};
  directory_->remove_unused(keep);
  EXPECT_THAT(left(), testing::UnorderedElementsAre(needed, used, just_written));
  EXPECT_EQ(mapped.bytes().size(), 100 + kTrailerSize);
}

// On a file system that does not do it itself.
TEST_F(CacheUse, a_frame_that_is_found_is_used) {
  constexpr std::uint64_t kEnough = std::uint64_t{64} << 10U;
  const int status = support::on_small_disk(place_.path(), kEnough, [&] {
    directory_ = CacheDirectory::open(place_ / "cache");
    const std::string found = frame(1);
    age(found, 2h, 9 * kDay);
    const auto written = std::filesystem::last_write_time(file(found));
    if (!directory_->find({7, 1}, 100)) return 1;
    if (unused_for(found) > 1h) return 2;
    return std::filesystem::last_write_time(file(found)) == written ? 0 : 3;
  });
  EXPECT_EQ(status, 0);
}

TEST_F(CacheUse, what_killed_writers_left_is_removed_after_an_hour) {
  const std::string old = "." + to_hex({7, 1}) + ".123.0.tmp";
  const std::string young = "." + to_hex({7, 1}) + ".123.1.tmp";
  for (const std::string& name : {old, young}) support::write_bytes(file(name), as_bytes("x"));
  age(old, 0s, 61min);
  age(young, 9 * kDay, 59min);
  directory_->remove_unused({});
  EXPECT_THAT(left(), ElementsAre(young));
}

TEST_F(CacheUse, files_of_other_names_stay) {
  std::vector<std::string> names = {
      to_hex({7, 1}) + ".current", to_hex({7, 1}), "x.frame", "X" + to_hex({7, 1}) + ".frame", ".frame", ".tmp", ".x.1.0.tmp",
      to_hex({7, 1}) + ".1.0.tmp", "notes.tmp"};
  for (const std::string& name : names) support::write_bytes(file(name), as_bytes("x"));
  names.push_back(to_hex({7, 2}) + ".frame");
  std::filesystem::create_directory(file(names.back()));
  names.push_back(to_hex({7, 3}) + ".frame");
  std::filesystem::create_symlink("notes.tmp", file(names.back()));
  for (const std::string& name : names) age(name, 9 * kDay, 9 * kDay);
  directory_->remove_unused({});
  EXPECT_THAT(left(), testing::UnorderedElementsAreArray(names));
}

TEST_F(CacheUse, a_folder_that_is_gone_is_no_error) {
  std::filesystem::remove_all(place_ / "cache");
  directory_->remove_unused({});
  EXPECT_FALSE(std::filesystem::exists(place_ / "cache"));
}

}  // namespace
}  // namespace almanac::internal
