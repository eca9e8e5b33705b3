#include "compile/perfect_hash_builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "compile/compile_error.h"
#include "perfect_hash.h"

namespace almanac::compile {
namespace {

PerfectHash hash_of(const std::vector<std::string>& names) {
  return build_perfect_hash(static_cast<std::uint32_t>(names.size()), [&](std::uint32_t row) { return std::string_view(names[row]); });
}

// Where a reader looks for the name.
std::uint64_t slot_of(const PerfectHash& hash, std::string_view name) {
  const std::uint64_t bits = internal::hash_name(name, hash.seed);
  const auto buckets = static_cast<std::uint32_t>(hash.pilots.size());
  return internal::slot_of(bits, hash.pilots[internal::bucket_of(bits, buckets)], hash.slots);
}

void expect_slot_of_its_own(const PerfectHash& hash, const std::vector<std::string>& names) {
  std::vector<bool> taken(hash.slots);
  for (const std::string& name : names) {
    const std::uint64_t slot = slot_of(hash, name);
    ASSERT_LT(slot, hash.slots) << name;
    ASSERT_FALSE(taken[slot]) << name << " of " << names.size();
    taken[slot] = true;
  }
}

TEST(PerfectHashBuilder, gives_every_name_a_slot_of_its_own) {
  std::vector<std::string> names;
  for (std::size_t count = 1; count <= 5000; ++count) {
    names.push_back("service/" + std::to_string(count));
    if (count > 200 && count % 97 != 0 && count != 5000) continue;
    const PerfectHash hash = hash_of(names);
    EXPECT_EQ(hash.slots, count + (count + 48) / 49);
    EXPECT_EQ(hash.pilots.size(), (count + 3) / 4);
    expect_slot_of_its_own(hash, names);
  }
}

TEST(PerfectHashBuilder, names_may_be_of_any_kind) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::string> names;
    const std::size_t count = 1 + random() % 300;
    for (std::size_t i = 0; i < count; ++i) {
      std::string name = std::to_string(i) + "-";
      for (std::size_t size = random() % 40; size > 0; --size) name += static_cast<char>(random() % 256);
      names.push_back(std::move(name));
    }
    expect_slot_of_its_own(hash_of(names), names);
  }
}

TEST(PerfectHashBuilder, without_names_there_is_nothing) {
  const PerfectHash hash = hash_of({});
  EXPECT_EQ(hash.slots, 0U);
  EXPECT_TRUE(hash.pilots.empty());
  EXPECT_EQ(hash.seed, 0U);
}

TEST(PerfectHashBuilder, outcome_depends_on_the_names_alone) {
  std::vector<std::string> names;
  for (int i = 0; i < 1000; ++i) names.push_back("n" + std::to_string(i));
  const PerfectHash first = hash_of(names);
  const PerfectHash again = hash_of(names);
  EXPECT_EQ(first.pilots, again.pilots);
  EXPECT_EQ(first.seed, again.seed);
  std::mt19937 random(1);
  std::ranges::shuffle(names, random);
  EXPECT_EQ(hash_of(names).pilots, first.pilots);
}

// Stored in every snapshot: another outcome would change the bytes of all of them.
TEST(PerfectHashBuilder, outcome_never_changes) {
  const PerfectHash hash = hash_of({"audit-log", "billing", "nsqlookupd", "orders", "payments/api", "payments/db", "users"});
  EXPECT_EQ(hash.seed, 0U);
  EXPECT_EQ(hash.slots, 8U);
  EXPECT_EQ(hash.pilots, (std::vector<std::uint16_t>{0, 7}));
}

// A name twice cannot have two slots, whatever the seed.
TEST(PerfectHashBuilder, gives_up_when_no_seed_will_do) {
  try {
    (void)hash_of({"twice", "twice"});
    ADD_FAILURE() << "two equal names have slots of their own";
  } catch (const CompileError& error) {
    EXPECT_STREQ(error.what(), "no perfect hash found in 256 trials for 2 names");
  }
}

}  // namespace
}  // namespace almanac::compile
