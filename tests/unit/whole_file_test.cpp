#include "whole_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/child_process.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/file_size_limit.h"
#include "support/other_user.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using support::names_in;
using testing::ElementsAre;
using testing::IsEmpty;

class WholeFile : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_ / "x"; }
  [[nodiscard]] std::string content() const { return std::string(as_text(support::read_bytes(file()))); }

  support::TemporaryDirectory folder_;
};

TEST_F(WholeFile, is_created_and_replaced) {
  write_whole_file(file(), as_bytes("one"));
  EXPECT_EQ(content(), "one");
  write_whole_file(file(), as_bytes(std::string(100'000, 'x')));
  EXPECT_EQ(content(), std::string(100'000, 'x'));
  write_whole_file(file(), {});
  EXPECT_EQ(content(), "");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("x"));
}

TEST_F(WholeFile, has_the_permissions_that_the_umask_leaves) {
  for (const mode_t mask : {0022U, 0002U, 0077U}) {
    std::filesystem::remove(file());
    const int status = support::in_child_process([&] {
      ::umask(mask);
      write_whole_file(file(), as_bytes("x"));
      struct stat found {};
      if (::stat(file().c_str(), &found) != 0) return 2;
      return (found.st_mode & 0777U) == (0666U & ~mask) ? 0 : 1;
    });
    EXPECT_EQ(status, 0) << mask;
  }
}

TEST_F(WholeFile, has_the_permissions_of_the_one_that_it_replaces) {
  for (const mode_t mode : {0600U, 0664U, 0444U}) {
    write_whole_file(file(), as_bytes("old"));
    ASSERT_EQ(::chmod(file().c_str(), mode), 0);
    write_whole_file(file(), as_bytes("new"));
    struct stat found {};
    ASSERT_EQ(::stat(file().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, mode);
    EXPECT_EQ(content(), "new");
  }
}

TEST_F(WholeFile, may_have_the_longest_name_there_is) {
  write_whole_file(folder_ / std::string(255, 'n'), as_bytes("x"));
  EXPECT_THAT(names_in(folder_.path()), ElementsAre(std::string(255, 'n')));
}

TEST_F(WholeFile, in_the_working_directory_needs_no_folder) {
  const int status = support::in_child_process([&] {
    std::filesystem::current_path(folder_.path());
    write_whole_file("x", as_bytes("here"));
    return 0;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(content(), "here");
}

TEST_F(WholeFile, is_not_there_until_it_is_committed) {
  write_whole_file(file(), as_bytes("old"));
  {
    const PendingFile pending(file(), as_bytes("new"));
    EXPECT_EQ(content(), "old");
    EXPECT_EQ(names_in(folder_.path()).size(), 2U);
    EXPECT_EQ(names_in(folder_.path()).front().front(), '.');
  }
  EXPECT_EQ(content(), "old");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("x"));
  PendingFile pending(file(), as_bytes("new"));
  pending.commit();
  EXPECT_EQ(content(), "new");
}

TEST_F(WholeFile, a_full_disk_leaves_the_old_one) {
  write_whole_file(file(), as_bytes("old"));
  const int status = support::with_file_size_limit(1000, [&] {
    try {
      write_whole_file(file(), as_bytes(std::string(5000, 'x')));
    } catch (const Error& error) {
      return std::string(error.what()) == file().string() + ": cannot be written: File too large" ? 0 : 1;
    }
    return 2;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(content(), "old");
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("x"));
}

TEST_F(WholeFile, a_folder_that_may_not_be_written_leaves_the_old_one) {
  write_whole_file(file(), as_bytes("old"));
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0555), 0);
  const int status = support::as_other_user([&] {
    const Error error = error_from([&] { write_whole_file(file(), as_bytes("new")); });
    return std::string(error.what()) == file().string() + ": cannot be created: Permission denied" ? 0 : 1;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(content(), "old");
  ASSERT_EQ(::chmod(folder_.path().c_str(), 0755), 0);
}

TEST_F(WholeFile, a_missing_folder_is_an_error) {
  EXPECT_THAT(
      error_from([&] { write_whole_file(folder_ / "none" / "x", as_bytes("x")); }),
      IsError(ErrorCode::kInputOutput, (folder_ / "none" / "x").string(), kNowhere, "cannot be created: No such file or directory"));
}

// A rename would make a file of a device.
TEST_F(WholeFile, takes_the_place_of_regular_files_alone) {
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  EXPECT_THAT(error_from([&] { write_whole_file(file(), as_bytes("x")); }),
              IsError(ErrorCode::kInputOutput, file().string(), kNowhere, "is not a regular file"));
  EXPECT_TRUE(std::filesystem::is_fifo(file()));
  std::filesystem::create_symlink("/dev/null", folder_ / "null");
  EXPECT_EQ(error_from([&] { write_whole_file(folder_ / "null", as_bytes("x")); }).code(), ErrorCode::kInputOutput);
  EXPECT_EQ(error_from([&] { write_whole_file(folder_.path(), as_bytes("x")); }).code(), ErrorCode::kInputOutput);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(WholeFile, a_link_stays_and_what_it_names_is_replaced) {
  std::filesystem::create_directory(folder_ / "real");
  write_whole_file(folder_ / "real" / "x", as_bytes("old"));
  std::filesystem::create_symlink("real/x", file());
  write_whole_file(file(), as_bytes("new"));
  EXPECT_TRUE(std::filesystem::is_symlink(file()));
  EXPECT_EQ(content(), "new");
  EXPECT_THAT(names_in(folder_ / "real"), ElementsAre("x"));
}

TEST_F(WholeFile, left_over_temporary_names_are_in_nobodys_way) {
  // The names that this process would take next, as one with the same number left them when it was killed.
  { const PendingFile pending(file(), as_bytes("x")); }
  std::string next;
  {
    const PendingFile pending(file(), as_bytes("x"));
    next = names_in(folder_.path()).front();
  }
  const std::size_t dot = next.rfind('.', next.size() - 5);
  const int number = std::stoi(next.substr(dot + 1));
  for (int i = 1; i <= 3; ++i) {
    support::write_bytes(folder_ / (next.substr(0, dot + 1) + std::to_string(number + i) + ".tmp"), as_bytes("somebody else's"));
  }
  write_whole_file(file(), as_bytes("mine"));
  EXPECT_EQ(content(), "mine");
  const std::vector<std::string> left = names_in(folder_.path());
  ASSERT_EQ(left.size(), 4U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(as_text(support::read_bytes(folder_ / left[i])), "somebody else's");
}

TEST_F(WholeFile, threads_leave_one_of_their_contents) {
  constexpr int kThreads = 8;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int j = 0; j < 20; ++j) write_whole_file(file(), as_bytes(std::string(10'000, static_cast<char>('a' + i))));
      });
    }
  }
  const std::string last = content();
  EXPECT_EQ(last, std::string(10'000, last.front()));
  EXPECT_THAT(names_in(folder_.path()), ElementsAre("x"));
}

}  // namespace
}  // namespace almanac::internal
