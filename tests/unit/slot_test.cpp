#include "slot.h"

#include <gtest/gtest.h>

namespace almanac::internal {
namespace {

constexpr std::uint64_t kHash = 0x123456789ABCDE55U;

bool may_be(const RowKey& key, std::uint64_t hash, std::size_t name_size) { return key.uri_size_for(hash, name_size) < RowKey::kOtherName; }

TEST(RowKey, of_no_row_matches_no_name) {
  EXPECT_TRUE(RowKey().empty());
  for (std::uint64_t low_bits = 0; low_bits < 128; ++low_bits) {
    for (std::size_t size = 1; size <= kMaxNameSize; ++size) ASSERT_FALSE(may_be(RowKey(), low_bits, size));
  }
}

TEST(RowKey, keeps_the_sizes_up_to_their_limits) {
  for (const std::uint32_t name_size : {1U, 2U, 255U, kMaxNameSize - 1, kMaxNameSize}) {
    for (const std::uint32_t uri_size : {0U, 1U, 255U, kMaxUriSize - 1, kMaxUriSize}) {
      const RowKey key(kHash, name_size, uri_size);
      EXPECT_FALSE(key.empty());
      EXPECT_EQ(key.name_size(), name_size);
      EXPECT_EQ(key.uri_size_for(kHash, name_size), uri_size);
    }
  }
}

TEST(RowKey, matches_its_own_size_and_hash_alone) {
  const RowKey key(kHash, 26, kMaxUriSize);
  EXPECT_FALSE(may_be(key, kHash, 25));
  EXPECT_FALSE(may_be(key, kHash, 27));
  EXPECT_FALSE(may_be(key, kHash, 0));
  // A longer name would touch other bits.
  EXPECT_FALSE(may_be(key, kHash, 26 + (std::size_t{1} << 11)));
  EXPECT_FALSE(may_be(key, kHash, 26 + (std::size_t{1} << 32)));
  for (unsigned bit = 0; bit < 7; ++bit) EXPECT_FALSE(may_be(key, kHash ^ (std::uint64_t{1} << bit), 26));
}

TEST(Slot, is_eight_bytes) { EXPECT_EQ(sizeof(Slot), 8U); }

}  // namespace
}  // namespace almanac::internal
