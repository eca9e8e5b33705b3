#include "last_good.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cache.h"
#include "snapshot_data.h"
#include "support/child_process.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/full_disk.h"
#include "support/other_user.h"
#include "support/scripted_store.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::announced;
using support::error_from;
using support::IsError;
using support::kNowhere;
using support::service;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr const char* kStore = "s3://acme/live";
constexpr mode_t kPermissions = 07777;

std::vector<std::byte> current_of(std::uint64_t generation, const std::string& uri = "http://users") {
  return announced(generation, support::snapshot_of(support::users_at(uri)));
}

// The same snapshot, announced otherwise.
std::vector<std::byte> announced_as(const std::vector<std::byte>& current, const std::string& registry, std::chrono::seconds later) {
  ParsedAnnouncement parsed = parse_announcement(current, "current");
  parsed.announcement.registry = registry;
  parsed.announcement.published += later;
  std::vector<std::byte> bytes = encode_announcement(parsed.announcement);
  bytes.insert(bytes.end(), current.begin() + static_cast<std::ptrdiff_t>(parsed.size), current.end());
  return bytes;
}

class LastGoodTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path folder() const { return place_ / "cache"; }
  [[nodiscard]] LastGood last_good(const std::string& store = kStore) const { return {folder(), store}; }

  void keep(const std::vector<std::byte>& current, const std::string& store = kStore) const {
    Object object;
    object.bytes = current;
    const LiveSnapshot live = open_object(std::make_shared<support::ScriptedStore>(), "current", object, {});
    const LastGood copy = last_good(store);
    copy.keep(data_of(live.snapshot), live.announcement, *live.object, copy.next_number());
  }

  // What is there, or why there is nothing.
  [[nodiscard]] Error refusal() const {
    return error_from([&] { (void)last_good().read(); });
  }

  support::TemporaryDirectory place_;
};

TEST_F(LastGoodTest, gives_back_what_was_kept) {
  const std::vector<std::byte> current = current_of(1);
  keep(current);
  EXPECT_EQ(last_good().read(), current);
  struct stat status {};
  ASSERT_EQ(::stat(last_good().name().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & kPermissions, 0400U);
  ASSERT_EQ(::stat(folder().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & kPermissions, 0700U);
  EXPECT_EQ(support::names_in(folder()).size(), 1U);
}

TEST_F(LastGoodTest, nothing_was_kept) {
  const auto is_nothing = IsError(ErrorCode::kNotFound, folder().string(), kNowhere, "holds no copy of this store");
  EXPECT_THAT(refusal(), is_nothing);
  keep(current_of(1), "s3://acme/other");
  EXPECT_THAT(refusal(), is_nothing);
}

TEST_F(LastGoodTest, there_may_be_no_folder) {
  const LastGood nowhere({}, kStore);
  EXPECT_THAT(error_from([&] { (void)nowhere.read(); }), IsError(ErrorCode::kNotFound, "the cache directory", kNowhere, "there is none"));
}

TEST_F(LastGoodTest, a_store_without_an_identity_has_no_copy) {
  keep(current_of(1), "");
  EXPECT_FALSE(std::filesystem::exists(folder()));
  EXPECT_THAT(error_from([&] { (void)last_good("").read(); }),
              IsError(ErrorCode::kNotFound, "the cache directory", kNowhere, "the store has no identity to find its copy by"));
}

TEST_F(LastGoodTest, moves_on_to_newer_generations_only) {
  keep(current_of(5, "http://5"));
  keep(current_of(6, "http://6"));
  EXPECT_EQ(last_good().read(), current_of(6, "http://6"));
  keep(current_of(5, "http://5"));
  EXPECT_EQ(last_good().read(), current_of(6, "http://6"));
  keep(current_of(6, "http://other"));
  EXPECT_EQ(last_good().read(), current_of(6, "http://other"));
}

TEST_F(LastGoodTest, a_store_that_was_emptied_counts_from_1_again) {
  keep(current_of(5, "http://before"));
  const std::vector<std::byte> again = announced_as(current_of(1, "http://again"), "", 1h);
  keep(again);
  EXPECT_EQ(last_good().read(), again);
}

TEST_F(LastGoodTest, a_newer_generation_counts_whatever_clock_it_was_published_by) {
  keep(current_of(5));
  const std::vector<std::byte> newer = announced_as(current_of(6), "", -1h);
  keep(newer);
  EXPECT_EQ(last_good().read(), newer);
}

TEST_F(LastGoodTest, another_registry_takes_the_place_of_what_was_there) {
  const std::vector<std::byte> acme = announced_as(current_of(5), "acme", 0s);
  keep(acme);
  keep(announced_as(current_of(4), "acme", 0s));
  EXPECT_EQ(last_good().read(), acme);
  const std::vector<std::byte> other = announced_as(current_of(4), "other", 0s);
  keep(other);
  EXPECT_EQ(last_good().read(), other);
}

TEST_F(LastGoodTest, a_newer_copy_takes_away_what_was_not_used_for_a_day) {
  const std::vector<std::byte> snapshot = support::snapshot_of_two_frames("http://1");
  keep(announced(1, snapshot));
  const auto directory = CacheDirectory::open(folder());
  ASSERT_TRUE(directory);
  const auto make_old_frame = [&](const Digest& digest) {
    directory->keep(digest, std::vector<std::byte>(100));
    const std::filesystem::path file = folder() / (to_hex(digest) + ".frame");
    constexpr timespec kOld[2] = {{1000, 0}, {0, UTIME_OMIT}};
    EXPECT_EQ(::utimensat(AT_FDCWD, file.c_str(), kOld, 0), 0);
    return file;
  };
  const auto foreign = make_old_frame({1, 2});
  const auto own = make_old_frame(parse_digest(Snapshot::from_bytes(snapshot, "x").frame_info(1).digest).value());
  keep(announced(1, snapshot));
  EXPECT_TRUE(std::filesystem::exists(foreign));
  keep(announced(2, snapshot));
  EXPECT_FALSE(std::filesystem::exists(foreign));
  EXPECT_TRUE(std::filesystem::exists(own));  // a start that finds its store out of reach needs it
}

TEST_F(LastGoodTest, what_is_there_already_is_not_written_again) {
  keep(current_of(1));
  struct stat before {};
  ASSERT_EQ(::stat(last_good().name().c_str(), &before), 0);
  keep(current_of(1));
  struct stat after {};
  ASSERT_EQ(::stat(last_good().name().c_str(), &after), 0);
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(LastGoodTest, every_store_has_its_own) {
  keep(current_of(1, "http://1"), "s3://acme/one");
  keep(current_of(2, "http://2"), "s3://acme/two");
  EXPECT_EQ(last_good("s3://acme/one").read(), current_of(1, "http://1"));
  EXPECT_EQ(last_good("s3://acme/two").read(), current_of(2, "http://2"));
}

// The frame that is damaged need not be one that was looked at.
TEST_F(LastGoodTest, what_is_damaged_is_not_kept) {
  const std::vector<std::byte> good = current_of(1);
  keep(good);
  const std::vector<std::byte> snapshot = support::snapshot_of_two_frames("http://2");
  std::vector<std::byte> damaged = announced(2, snapshot);
  damaged.back() ^= std::byte{1};
  keep(damaged);
  EXPECT_EQ(last_good().read(), good);
  keep(announced(2, snapshot));
  EXPECT_EQ(last_good().read(), announced(2, snapshot));
}

TEST_F(LastGoodTest, every_cut_and_every_flipped_bit_is_noticed_and_mended) {
  const std::vector<std::byte> current = current_of(1);
  keep(current);
  const std::filesystem::path file = last_good().name();
  const std::vector<std::byte> good = support::read_bytes(file);
  const auto is_refused = [&](const std::vector<std::byte>& bytes) {
    std::filesystem::remove(file);
    support::write_bytes(file, bytes);
    EXPECT_EQ(::chmod(file.c_str(), 0400), 0);
    try {
      (void)last_good().read();
      return false;
    } catch (const Error& error) {
      return error.code() == ErrorCode::kNotFound;
    }
  };
  EXPECT_FALSE(is_refused(good));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_TRUE(is_refused({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
  std::vector<std::byte> flipped = good;
  for (std::size_t at = 0; at < good.size(); ++at) {
    flipped[at] ^= std::byte{1} << (at % 8);
    EXPECT_TRUE(is_refused(flipped)) << at;
    flipped[at] = good[at];
  }
  keep(current);
  EXPECT_EQ(last_good().read(), current);
}

// As a power failure may leave it that comes before its bytes are on the disk.
TEST_F(LastGoodTest, the_one_before_is_read_where_the_newest_is_not_whole) {
  for (std::uint64_t generation = 1; generation <= 3; ++generation) keep(current_of(generation));
  const std::filesystem::path file = last_good().name();
  std::filesystem::remove(file);
  support::write_bytes(file, {});
  ASSERT_EQ(::chmod(file.c_str(), 0400), 0);
  EXPECT_EQ(last_good().read(), current_of(2));
  keep(current_of(1));
  EXPECT_EQ(last_good().read(), current_of(2));
  keep(current_of(4));
  EXPECT_EQ(last_good().read(), current_of(4));
  EXPECT_EQ(support::names_in(folder()).size(), 2U);
}

TEST_F(LastGoodTest, a_frame_under_its_name_is_not_it) {
  keep(current_of(1));
  const std::filesystem::path file = last_good().name();
  const auto directory = CacheDirectory::open(folder());
  ASSERT_TRUE(directory);
  const Digest store = parse_digest(file.stem().string()).value();
  directory->keep(store, std::vector<std::byte>(100));
  std::filesystem::rename(folder() / (file.stem().string() + ".frame"), file);
  EXPECT_EQ(refusal().code(), ErrorCode::kNotFound);
}

TEST_F(LastGoodTest, a_folder_or_file_open_to_others_is_not_used) {
  keep(current_of(1));
  ASSERT_EQ(::chmod(last_good().name().c_str(), 0440), 0);
  EXPECT_EQ(refusal().code(), ErrorCode::kNotFound);
  keep(current_of(1));
  EXPECT_EQ(last_good().read(), current_of(1));
  ASSERT_EQ(::chmod(folder().c_str(), 0755), 0);
  EXPECT_THAT(refusal(),
              IsError(ErrorCode::kInputOutput, folder().string(), kNowhere, "must be a folder of this user's own with mode 0700"));
  keep(current_of(2));
  ASSERT_EQ(::chmod(folder().c_str(), 0700), 0);
  EXPECT_EQ(last_good().read(), current_of(1));
}

TEST_F(LastGoodTest, a_folder_of_another_user_is_not_used) {
  ASSERT_EQ(::chmod(place_.path().c_str(), 0777), 0);
  ASSERT_EQ(support::as_other_user([&] { return ::mkdir(folder().c_str(), 0700); }), 0);
  struct stat status {};
  ASSERT_EQ(::stat(folder().c_str(), &status), 0);
  keep(current_of(1));
  // Who is not root has no other user to be.
  if (status.st_uid == ::geteuid()) {
    EXPECT_EQ(last_good().read(), current_of(1));
  } else {
    EXPECT_EQ(refusal().code(), ErrorCode::kInputOutput);
    EXPECT_THAT(support::names_in(folder()), IsEmpty());
  }
}

TEST_F(LastGoodTest, a_full_disk_keeps_nothing_and_harms_nothing) {
  constexpr std::uint64_t kPage = 4096;
  ASSERT_EQ(::mkdir(folder().c_str(), 0700), 0);
  std::string noise;
  std::uint64_t state = 1;
  while (noise.size() < 4 * kPage) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    noise += static_cast<char>('a' + (state >> 33U) % 26);
  }
  const std::vector<std::byte> too_large = announced(2, support::snapshot_of({{"prod", {service("users").value(noise)}}}));
  ASSERT_GT(too_large.size(), 2 * kPage);
  const int status = support::on_small_disk(place_.path(), 2 * kPage, [&] {
    keep(current_of(1));
    if (last_good().read() != current_of(1)) return 1;
    keep(too_large);
    if (last_good().read() != current_of(1)) return 2;
    return support::names_in(folder()).size() == 1 ? 0 : 3;
  });
  EXPECT_EQ(status, 0);
}

TEST_F(LastGoodTest, processes_that_keep_at_once_leave_the_newest) {
  constexpr int kProcesses = 4;
  constexpr std::uint64_t kGenerations = 20;
  std::vector<std::vector<std::byte>> currents;
  for (std::uint64_t generation = 1; generation <= kGenerations; ++generation) currents.push_back(current_of(generation));
  const auto statuses = support::in_child_processes(kProcesses, [&] {
    std::uint64_t last = 0;
    for (const std::vector<std::byte>& current : currents) {
      keep(current);
      const std::uint64_t there = parse_announcement(last_good().read(), "copy").announcement.generation;
      if (there < last) return 1;
      last = there;
    }
    return 0;
  });
  EXPECT_EQ(statuses, std::vector<int>(kProcesses, 0));
  EXPECT_EQ(last_good().read(), currents.back());
  const std::string name = std::filesystem::path(last_good().name()).stem().string();
  EXPECT_THAT(support::names_in(folder()), testing::UnorderedElementsAre(name + ".current", name + ".previous"));
}

// A process that was stopped while it wrote makes nobody wait for long.
TEST_F(LastGoodTest, a_lock_that_is_never_let_go_is_given_up) {
  keep(current_of(1));
  const auto holder = CacheDirectory::open(folder());
  ASSERT_TRUE(holder);
  const CacheDirectory::Lock lock = holder->lock();
  ASSERT_TRUE(lock);
  keep(current_of(2));
  EXPECT_EQ(last_good().read(), current_of(1));
}

// A process that was forked while another thread wrote has the folder open for as long as it lives.
TEST_F(LastGoodTest, a_lock_is_let_go_for_those_who_never_had_it_too) {
  const auto holder = CacheDirectory::open(folder());
  ASSERT_TRUE(holder);
  std::optional<CacheDirectory::Lock> lock(holder->lock());
  ASSERT_TRUE(*lock);
  std::array<int, 2> gate{};
  ASSERT_EQ(::pipe(gate.data()), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    char byte = 0;
    ::close(gate[1]);
    (void)!::read(gate[0], &byte, 1);
    ::_exit(0);
  }
  lock.reset();
  EXPECT_TRUE(CacheDirectory::open(folder())->lock());
  ::close(gate[1]);
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  ::close(gate[0]);
}

TEST_F(LastGoodTest, of_two_that_are_to_be_kept_the_later_one_is_whichever_comes_first) {
  const auto live_of = [](const std::vector<std::byte>& bytes) {
    Object object;
    object.bytes = bytes;
    return open_object(std::make_shared<support::ScriptedStore>(), "current", object, {});
  };
  const LiveSnapshot first = live_of(current_of(1));
  const LiveSnapshot second = live_of(current_of(2));
  const LastGood copy = last_good();
  const std::uint64_t early = copy.next_number();
  const std::uint64_t late = copy.next_number();
  copy.keep(data_of(second.snapshot), second.announcement, *second.object, late);
  copy.keep(data_of(first.snapshot), first.announcement, *first.object, early);
  EXPECT_EQ(copy.read(), *second.object);
}

}  // namespace
}  // namespace almanac::internal
