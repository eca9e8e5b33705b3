#include "mapping.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
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
  for (const std::size_t size : {std::size_t{1}, std::size_t{4096}, std::size_t{5000}, kHugePage / 2 - 1, kHugePage / 2, kHugePage - 1,
                                 kHugePage, kHugePage + 1, 3 * kHugePage + 4097}) {
    for (const auto map : {&Mapping::anonymous, &Mapping::on_huge_pages}) {
      Mapping mapping = map(size);
      ASSERT_TRUE(mapping);
      ASSERT_EQ(mapping.bytes().size(), size);
      EXPECT_TRUE(std::ranges::all_of(mapping.bytes(), [](std::byte byte) { return byte == std::byte{0}; })) << size;
      mapping.writable().front() = std::byte{1};
      mapping.writable().back() = std::byte{2};
      EXPECT_EQ(mapping.bytes().back(), std::byte{2});
      if (map == &Mapping::on_huge_pages && size >= kHugePage / 2) {
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(mapping.bytes().data()) % kHugePage, 0U);
      }
    }
  }
}

TEST(Mapping, what_is_not_to_be_had_is_bad_alloc) {
  for (const std::size_t size : {std::size_t{1} << 60U, ~std::size_t{0}}) {
    EXPECT_THROW((void)Mapping::anonymous(size), std::bad_alloc);
    EXPECT_THROW((void)Mapping::on_huge_pages(size), std::bad_alloc);
  }
}

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

TEST(Mapping, of_a_file_shows_it) {
  const support::TemporaryDirectory folder;
  support::write_bytes(folder / "x", as_bytes("0123456789"));
  const FileDescriptor file(::open((folder / "x").c_str(), O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(as_text(Mapping::of_file(file, 10).bytes()), "0123456789");
  EXPECT_FALSE(Mapping::of_file(FileDescriptor(), 10));
}

// Memory of the pages that it has, as mincore(2) tells.
TEST(Mapping, lets_go_of_whole_pages_from_its_beginning) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  constexpr std::size_t kPages = 8;
  Mapping mapping = Mapping::anonymous(kPages * page - 1);
  std::ranges::fill(mapping.writable(), std::byte{1});
  const auto resident = [&] {
    std::array<unsigned char, kPages> pages{};
    EXPECT_EQ(::mincore(mapping.writable().data(), mapping.bytes().size(), pages.data()), 0);
    return std::ranges::count_if(pages, [](unsigned char state) { return (state & 1U) != 0; });
  };
  EXPECT_EQ(resident(), 8);
  mapping.let_go_before(page - 1);
  EXPECT_EQ(resident(), 8);
  mapping.let_go_before(3 * page + 1);
  EXPECT_EQ(resident(), 5);
  EXPECT_EQ(mapping.bytes()[3 * page], std::byte{1});
  mapping.let_go_before(mapping.bytes().size());
  EXPECT_EQ(resident(), 1);
  EXPECT_EQ(mapping.bytes().back(), std::byte{1});
}

TEST(Mapping, trimmed_has_no_more_memory_than_was_asked_for) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t size = kHugePage / 2 + 5 * page - 1;
  Mapping mapping = Mapping::on_huge_pages(size);
  std::ranges::fill(mapping.writable(), std::byte{1});
  mapping.trim();
  EXPECT_TRUE(std::ranges::all_of(mapping.bytes(), [](std::byte byte) { return byte == std::byte{1}; }));
  mapping.writable()[0] = std::byte{2};
  unsigned char state = 0;
  EXPECT_EQ(::mincore(mapping.writable().data() + size + 1 - page, page, &state), 0);
  EXPECT_NE(::mincore(mapping.writable().data() + size + 1, page, &state), 0);  // nothing is mapped there
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
