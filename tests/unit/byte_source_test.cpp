#include "byte_source.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <limits>

#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;

TEST(ByteSource, a_file_is_read_in_ranges) {
  const support::TemporaryDirectory folder;
  support::write_bytes(folder / "x", as_bytes("0123456789"));
  const auto source = open_file(folder / "x");
  EXPECT_EQ(source->size(), 10U);
  EXPECT_EQ(source->name(), (folder / "x").string());
  std::array<std::byte, 3> range{};
  source->read(7, range);
  EXPECT_EQ(as_text(range), "789");
  EXPECT_TRUE(source->view(7, 3).empty());
  EXPECT_THAT(error_from([&] { source->read(8, range); }),
              IsError(ErrorCode::kTruncated, (folder / "x").string(), 10U, "ends before it should"));
}

TEST(ByteSource, a_file_that_is_replaced_goes_on_as_it_was) {
  const support::TemporaryDirectory folder;
  support::write_bytes(folder / "x", as_bytes("old"));
  const auto source = open_file(folder / "x");
  support::write_bytes(folder / "y", as_bytes("new"));
  std::filesystem::rename(folder / "y", folder / "x");
  std::array<std::byte, 3> range{};
  source->read(0, range);
  EXPECT_EQ(as_text(range), "old");
}

TEST(ByteSource, what_is_not_a_regular_file_is_refused_without_waiting) {
  const support::TemporaryDirectory folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(error_from([&] { (void)open_file(folder / "pipe"); }),
              IsError(ErrorCode::kInputOutput, (folder / "pipe").string(), kNowhere, "is not a regular file"));
  EXPECT_THAT(error_from([&] { (void)open_file(folder.path()); }),
              IsError(ErrorCode::kInputOutput, folder.path().string(), kNowhere, "is not a regular file"));
  EXPECT_THAT(error_from([&] { (void)open_file(folder / "none"); }),
              IsError(ErrorCode::kNotFound, (folder / "none").string(), kNowhere, "cannot be opened: No such file"));
  EXPECT_THAT(error_from([&] { (void)open_file(folder / "pipe" / "x"); }),
              IsError(ErrorCode::kNotFound, (folder / "pipe" / "x").string(), kNowhere, "Not a directory"));
}

TEST(ByteSource, borrowed_bytes_are_shown_and_read) {
  const auto source = borrow_bytes(as_bytes("0123456789"), "memory");
  EXPECT_EQ(source->size(), 10U);
  EXPECT_EQ(as_text(source->view(2, 3)), "234");
  std::array<std::byte, 3> range{};
  source->read(7, range);
  EXPECT_EQ(as_text(range), "789");
  EXPECT_THAT(error_from([&] { source->read(8, range); }), IsError(ErrorCode::kTruncated, "memory", 8U, "a range"));
  const std::uint64_t far = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THAT(error_from([&] { (void)source->view(far, 3); }), IsError(ErrorCode::kTruncated, "memory", far, "a range"));
}

}  // namespace
}  // namespace almanac::internal
