#include "source/interner.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "numbered.h"

namespace almanac::source {
namespace {

using model::Attribute;

TEST(Interner, EqualTextsShareMemory) {
  model::Arena arena;
  Interner interner(arena);
  std::vector<std::string_view> first;
  for (std::size_t i = 0; i < 10000; ++i) first.push_back(interner.text(numbered("text ", i)));
  for (std::size_t i = 0; i < 10000; ++i) {
    const auto again = interner.text(numbered("text ", i));
    ASSERT_EQ(again, numbered("text ", i));
    ASSERT_EQ(again.data(), first[i].data());
  }
  EXPECT_TRUE(interner.text("").empty());
  EXPECT_EQ(interner.text(std::string(1000, 'x')), std::string(1000, 'x'));
}

TEST(Interner, EqualSetsShareMemory) {
  model::Arena arena;
  Interner interner(arena);
  const std::vector<std::string_view> tags = {"a", "b"};
  const std::vector<std::string_view> other = {"b", "a"};
  const auto stored = interner.tags(tags);
  EXPECT_EQ(interner.tags(std::vector<std::string_view>(tags)).data(), stored.data());
  EXPECT_NE(interner.tags(other).data(), stored.data());
  EXPECT_EQ(stored[1], "b");
  const std::vector<Attribute> attributes = {{"k", "v"}, {"l", ""}};
  const std::vector<Attribute> swapped = {{"v", "k"}, {"l", ""}};
  const auto kept = interner.attributes(attributes);
  EXPECT_EQ(interner.attributes(attributes).data(), kept.data());
  EXPECT_NE(interner.attributes(swapped).data(), kept.data());
  EXPECT_EQ(kept[0].key, "k");
  EXPECT_EQ(kept[0].value, "v");
  EXPECT_TRUE(interner.tags({}).empty());
}

}  // namespace
}  // namespace almanac::source
