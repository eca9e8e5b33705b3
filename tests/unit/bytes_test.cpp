#include "bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "support/error_matchers.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;

constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();

TEST(Bytes, within_holds_up_to_the_last_byte_and_not_beyond) {
  EXPECT_TRUE(within(0, 0, 0));
  EXPECT_TRUE(within(0, 10, 10));
  EXPECT_TRUE(within(10, 0, 10));
  EXPECT_TRUE(within(9, 1, 10));
  EXPECT_FALSE(within(9, 2, 10));
  EXPECT_FALSE(within(10, 1, 10));
  EXPECT_FALSE(within(11, 0, 10));
  EXPECT_FALSE(within(0, 1, 0));
}

TEST(Bytes, within_does_not_wrap_at_the_end_of_64_bits) {
  EXPECT_FALSE(within(1, kMax, 10));
  EXPECT_FALSE(within(kMax, 1, 10));
  EXPECT_FALSE(within(kMax, kMax, 10));
  EXPECT_FALSE(within(kMax, 1, kMax));
  EXPECT_FALSE(within(2, kMax - 1, kMax));
  EXPECT_TRUE(within(1, kMax - 1, kMax));
  EXPECT_TRUE(within(kMax, 0, kMax));
  EXPECT_TRUE(within(0, kMax, kMax));
}

TEST(Bytes, within_32_holds_up_to_the_last_byte_and_does_not_wrap) {
  EXPECT_TRUE(within_32(9, 1, 10));
  EXPECT_FALSE(within_32(9, 2, 10));
  EXPECT_FALSE(within_32(11, 0, 10));
  EXPECT_FALSE(within_32(UINT32_MAX, 2, 10));
  EXPECT_TRUE(within_32(UINT32_MAX, 0, UINT32_MAX));
}

TEST(Bytes, slice_takes_exactly_what_is_asked_for) {
  constexpr std::string_view kText = "0123456789";
  EXPECT_EQ(as_text(slice(as_bytes(kText), 2, 3, "x", "a part")), "234");
  EXPECT_EQ(as_text(slice(as_bytes(kText), 10, 0, "x", "a part")), "");
  EXPECT_EQ(as_text(slice(as_bytes(kText), 0, 10, "x", "a part")), kText);
}

TEST(Bytes, slice_beyond_the_end_is_an_error_that_says_what_and_where) {
  const auto cut = [](std::uint64_t offset, std::uint64_t size) {
    return error_from([&] { (void)slice(as_bytes("0123456789"), offset, size, "x.almanac", "the manifest"); });
  };
  EXPECT_THAT(cut(8, 3), IsError(ErrorCode::kTruncated, "x.almanac", 8U, "the manifest of 3 bytes does not fit into 10"));
  EXPECT_THAT(cut(11, 0), IsError(ErrorCode::kTruncated, "x.almanac", 11U, "the manifest"));
  EXPECT_THAT(cut(1, kMax), IsError(ErrorCode::kTruncated, "x.almanac", 1U, "the manifest"));
  EXPECT_THAT(cut(kMax, 1), IsError(ErrorCode::kTruncated, "x.almanac", kMax, "the manifest"));
}

TEST(Bytes, numbers_are_little_endian_at_any_alignment) {
  std::array<std::byte, 16> bytes{};
  store(std::span<std::byte>(bytes), 3, std::uint64_t{0x0102030405060708});
  EXPECT_EQ(bytes[3], std::byte{0x08});
  EXPECT_EQ(bytes[10], std::byte{0x01});
  EXPECT_EQ(load<std::uint64_t>(bytes, 3), 0x0102030405060708U);
  EXPECT_EQ(load<std::uint16_t>(bytes, 3), 0x0708U);
  EXPECT_EQ(load<std::uint32_t>(bytes, 7), 0x01020304U);
}

template <unsigned char Highest>
const char* first_mark_one_by_one(const char* text) {
  while (static_cast<unsigned char>(*text) > Highest) ++text;
  return text;
}

// Every byte value stands before the mark, so that none is taken for one, and 00 to ff behind it, so that
// what a wide read sees there does not matter.
template <unsigned char Highest>
void find_marks_everywhere() {
  constexpr std::size_t kAlignments = 64;
  constexpr std::size_t kDistances = 200;
  std::vector<char> memory(kAlignments + kDistances + 1 + kScanSlack);
  for (std::size_t alignment = 0; alignment < kAlignments; ++alignment) {
    for (std::size_t distance = 0; distance < kDistances; ++distance) {
      for (std::size_t i = 0; i < memory.size(); ++i) memory[i] = static_cast<char>((i * 37 + distance) % 256);
      for (std::size_t i = 0; i < distance; ++i) {
        const std::size_t values = 255U - Highest;
        memory[alignment + i] = static_cast<char>(Highest + 1 + (i * 91 + alignment) % values);
      }
      for (unsigned mark = 0; mark <= Highest; ++mark) {
        memory[alignment + distance] = static_cast<char>(mark);
        const char* const text = memory.data() + alignment;
        ASSERT_EQ(find_mark<Highest>(text), first_mark_one_by_one<Highest>(text)) << "alignment " << alignment << ", distance " << distance;
        ASSERT_EQ(find_mark<Highest>(text), text + distance);
        ASSERT_EQ(Marks<Highest>(text).next(), text + distance);
      }
    }
  }
}

TEST(Bytes, marks_come_one_after_another) {
  for (std::size_t gap = 1; gap < 200; ++gap) {
    std::vector<char> memory(20 * gap + kScanSlack, 'x');
    for (std::size_t i = 1; i <= 20; ++i) memory[i * gap - 1] = static_cast<char>(i % 3);
    Marks<2> marks(memory.data());
    for (std::size_t i = 1; i <= 20; ++i) ASSERT_EQ(marks.next(), memory.data() + i * gap - 1) << "gap " << gap;
    Marks<0> ends(memory.data());
    for (std::size_t i = 3; i <= 20; i += 3) ASSERT_EQ(ends.next(), memory.data() + i * gap - 1) << "gap " << gap;
  }
}

TEST(Bytes, find_mark_agrees_with_a_plain_loop_for_end_marks) { find_marks_everywhere<0>(); }

TEST(Bytes, find_mark_agrees_with_a_plain_loop_for_all_marks) { find_marks_everywhere<2>(); }

TEST(Bytes, behind_mark_before_agrees_with_a_plain_loop) {
  for (std::size_t size = 0; size < 80; ++size) {
    for (std::size_t mark = 0; mark <= size; ++mark) {
      // The mark at `size` is behind the text, and so of no account.
      std::vector<char> memory(size + 1, '\x01');
      memory[mark] = '\0';
      if (mark > 3) memory[mark - 3] = '\0';  // an earlier one
      const char* const begin = memory.data();
      const char* expected = begin + size;
      while (expected != begin && expected[-1] != '\0') --expected;
      ASSERT_EQ(behind_mark_before<0>(begin, begin + size), expected) << size << " " << mark;
    }
  }
}

TEST(Bytes, find_mark_is_not_misled_by_any_pair_of_bytes) {
  std::array<char, 2 * kScanSlack + 2> memory{};
  for (unsigned before = 3; before < 256; ++before) {
    for (unsigned mark = 0; mark < 256; ++mark) {
      memory.fill('x');
      memory[0] = static_cast<char>(before);
      memory[1] = static_cast<char>(mark);
      memory[2] = '\0';
      ASSERT_EQ(find_mark<2>(memory.data()), memory.data() + (mark <= 2 ? 1 : 2)) << before << " " << mark;
    }
  }
}

}  // namespace
}  // namespace almanac::internal
