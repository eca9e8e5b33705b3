#include "inspect/export/export_file.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::inspect {
namespace {

TEST(ExportFile, is_compared_whole) {
  const support::TemporaryDirectory folder;
  const std::filesystem::path file = folder / "x";
  EXPECT_EQ(text_of(file), std::nullopt);
  EXPECT_FALSE(has_text(file, ""));
  write_text(file, "abc");
  EXPECT_EQ(text_of(file), "abc");
  EXPECT_TRUE(has_text(file, "abc"));
  EXPECT_FALSE(has_text(file, "abd"));
  EXPECT_FALSE(has_text(file, "ab"));
}

TEST(ExportFile, what_is_no_file_is_not_read_and_not_replaced) {
  const support::TemporaryDirectory folder;
  const std::filesystem::path fifo = folder / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(text_of(fifo), std::nullopt);  // nor waited for
  EXPECT_THROW(write_text(fifo, "x"), Error);
  EXPECT_EQ(text_of(folder / "."), std::nullopt);
}

TEST(ExportFile, a_failure_leaves_what_was_there_and_nothing_beside_it) {
  const support::TemporaryDirectory folder;
  EXPECT_THROW(write_text(folder / "no" / "x", "abc"), Error);
  EXPECT_TRUE(std::filesystem::is_empty(folder / "."));
}

}  // namespace
}  // namespace almanac::inspect
