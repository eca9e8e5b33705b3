#include "mapping.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <new>
#include <utility>

#include "support/file_bytes.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

constexpr std::size_t kHugePage = std::size_t{2} << 20U;

TEST(Mapping, anonymous_memory_is_zero_and_writable) {
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{4096}, std::size_t{5000}, kHugePage - 1, kHugePage, kHugePage + 1, 3 * kHugePage + 4097}) {
    Mapping mapping = Mapping::anonymous(size);
    ASSERT_TRUE(mapping);
    ASSERT_EQ(mapping.bytes().size(), size);
    EXPECT_TRUE(std::ranges::all_of(mapping.bytes(), [](std::byte byte) { return byte == std::byte{0}; })) << size;
    mapping.writable().front() = std::byte{1};
    mapping.writable().back() = std::byte{2};
    EXPECT_EQ(mapping.bytes().back(), std::byte{2});
    if (size >= kHugePage) {
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(mapping.bytes().data()) % kHugePage, 0U);
    }
  }
}

TEST(Mapping, what_is_not_to_be_had_is_bad_alloc) { EXPECT_THROW((void)Mapping::anonymous(std::size_t{1} << 60U), std::bad_alloc); }

TEST(Mapping, is_moved_with_its_memory) {
  Mapping first = Mapping::anonymous(10);
  const std::byte* const address = first.bytes().data();
  Mapping second = std::move(first);
  EXPECT_EQ(second.bytes().data(), address);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move): that is what is asked
  Mapping third;
  EXPECT_FALSE(third);
  third = std::move(second);
  EXPECT_EQ(third.bytes().data(), address);
  EXPECT_EQ(third.bytes().size(), 10U);
}

TEST(Mapping, of_a_file_shows_and_changes_it) {
  const support::TemporaryDirectory folder;
  support::write_bytes(folder / "x", as_bytes("0123456789"));
  {
    const FileDescriptor file(::open((folder / "x").c_str(), O_RDWR | O_CLOEXEC));
    Mapping mapping = Mapping::of_file(file, 10, true);
    ASSERT_TRUE(mapping);
    EXPECT_EQ(as_text(mapping.bytes()), "0123456789");
    mapping.writable()[0] = std::byte{'x'};
  }
  EXPECT_EQ(as_text(support::read_bytes(folder / "x")), "x123456789");
  const FileDescriptor read_only(::open((folder / "x").c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(as_text(Mapping::of_file(read_only, 10, false).bytes()), "x123456789");
  EXPECT_FALSE(Mapping::of_file(read_only, 10, true));
  EXPECT_FALSE(Mapping::of_file(FileDescriptor(), 10, false));
}

TEST(MappingDeathTest, a_write_after_freeze_is_a_fault) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Mapping mapping = Mapping::anonymous(100);
  mapping.writable()[1] = std::byte{7};
  mapping.freeze();
  EXPECT_EQ(mapping.bytes()[1], std::byte{7});
  EXPECT_DEATH(
      {
        std::signal(SIGSEGV, SIG_DFL);
        mapping.writable()[0] = std::byte{1};
      },
      "");
}

}  // namespace
}  // namespace almanac::internal
