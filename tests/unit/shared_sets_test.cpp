#include "compile/shared_sets.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace almanac::compile {
namespace {

using namespace std::string_literals;

TEST(SharedSets, each_form_stands_once_in_byte_order) {
  SharedSets sets("\0"s);
  const std::uint32_t b = sets.add("b\0"s);
  const std::uint32_t umlaut = sets.add("\xC3\xA4\0"s);
  const std::uint32_t a = sets.add("a\0"s);
  EXPECT_EQ(sets.add("b\0"s), b);
  const std::uint32_t none = sets.add("\0"s);
  sets.finish();
  EXPECT_EQ(sets.count(), 4U);
  EXPECT_EQ(sets.text(), "\0a\0b\0\xC3\xA4\0"s);
  EXPECT_EQ(sets.number(none), 0U);
  EXPECT_EQ(sets.number(a), 1U);
  EXPECT_EQ(sets.number(b), 2U);
  EXPECT_EQ(sets.number(umlaut), 3U);
}

TEST(SharedSets, empty_one_is_always_there_as_number_0) {
  SharedSets sets("\0"s);
  sets.finish();
  EXPECT_EQ(sets.count(), 1U);
  EXPECT_EQ(sets.text(), "\0"s);
}

TEST(SharedSets, numbers_do_not_depend_on_the_order_of_adding) {
  SharedSets forward("\0"s);
  SharedSets backward("\0"s);
  std::vector<std::uint32_t> in_forward(1000);
  std::vector<std::uint32_t> in_backward(1000);
  for (std::size_t i = 0; i < 1000; ++i) in_forward[i] = forward.add(std::to_string(i) + '\0');
  for (std::size_t i = 1000; i-- > 0;) in_backward[i] = backward.add(std::to_string(i) + '\0');
  forward.finish();
  backward.finish();
  EXPECT_EQ(forward.text(), backward.text());
  for (std::size_t i = 0; i < 1000; ++i) EXPECT_EQ(forward.number(in_forward[i]), backward.number(in_backward[i]));
}

TEST(SharedSets, forms_are_those_of_the_format) {
  std::string form;
  EXPECT_EQ(stored_label("", form), "\0"s);
  EXPECT_EQ(stored_label("1.2.3", form), "1.2.3\0"s);
  EXPECT_EQ(stored_tags({}, form), "\0"s);
  const std::vector<std::string_view> tags = {"a", "bc"};
  EXPECT_EQ(stored_tags(tags, form), "a\0bc\0\0"s);
  EXPECT_EQ(stored_attributes({}, form), "\0"s);
  const std::vector<model::Attribute> attributes = {{"k", "v"}, {"l", ""}};
  EXPECT_EQ(stored_attributes(attributes, form), "k\0v\0l\0\0\0"s);
}

}  // namespace
}  // namespace almanac::compile
