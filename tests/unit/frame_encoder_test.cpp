#include "compile/frame_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compile/compile_error.h"
#include "frame.h"
#include "support/crafted_frame.h"
#include "support/registry_builder.h"

namespace almanac::compile {
namespace {

using support::CraftedFrame;
using support::endpoint;
using support::service;
using namespace std::string_literals;

model::Registry two_namespaces() {
  return support::registry({
      {"a",
       {service("queue").endpoint(endpoint("u:1").version("2.0.0").zone("z").weight(300).tags({"x"}).attributes({{"k", "v"}})).uri("u:2"),
        service("retries").value("3").tags({"y"}).description("how often")}},
      {"b", support::numbered_services(33)},
  });
}

CraftedFrame encoded(const model::Registry& registry) { return CraftedFrame::of(registry.namespaces); }

TEST(FrameEncoder, parts_hold_what_each_namespace_has) {
  const CraftedFrame frame = encoded(two_namespaces());
  ASSERT_EQ(frame.parts.size(), 2U);
  EXPECT_EQ(frame.parts[0].rows, 2U);
  EXPECT_EQ(frame.parts[0].endpoints, 2U);
  EXPECT_EQ(frame.parts[0].text_size, "queue.u:1.u:2.retries.3."s.size());
  EXPECT_EQ(frame.parts[0].description_size, ".how often."s.size());
  EXPECT_EQ(frame.parts[0].pilots, 1U);
  EXPECT_EQ(frame.parts[0].slots, 3U);
  EXPECT_EQ(frame.parts[1].rows, 33U);
  EXPECT_EQ(frame.parts[1].pilots, 9U);
  EXPECT_EQ(frame.parts[1].slots, 34U);
}

TEST(FrameEncoder, text_is_row_after_row) {
  const CraftedFrame frame = encoded(two_namespaces());
  EXPECT_EQ(frame.text.substr(0, 24), "queue\1u:1\1u:2\0retries\2"s + "3\0"s);
  EXPECT_EQ(frame.text.substr(24, 28), "s0000000\1http://s0000000/\0s0"s);
  EXPECT_EQ(frame.descriptions, "\0how often\0"s + std::string(33, '\0'));
}

TEST(FrameEncoder, sets_stand_once_in_byte_order_behind_the_empty_one) {
  const CraftedFrame frame = encoded(two_namespaces());
  EXPECT_EQ(frame.labels,
            "\0"
            "2.0.0\0z\0"s);
  EXPECT_EQ(frame.tag_sets, "\0x\0\0y\0\0"s);
  EXPECT_EQ(frame.attribute_sets, "\0k\0v\0\0"s);
  EXPECT_EQ(frame.label_offsets.size(), 3U);
  EXPECT_EQ(frame.tag_set_offsets.size(), 3U);
  EXPECT_EQ(frame.attribute_set_offsets.size(), 2U);
}

TEST(FrameEncoder, columns_are_planes_without_those_that_are_all_zero) {
  const CraftedFrame frame = encoded(two_namespaces());
  ASSERT_EQ(frame.tags.size(), 4U);
  ASSERT_TRUE(frame.tags[0]);
  EXPECT_EQ(frame.tags[0]->size(), 35U);
  EXPECT_EQ((*frame.tags[0])[1], 2U);
  EXPECT_FALSE(frame.tags[1]);
  EXPECT_TRUE(frame.attributes.empty());  // no service has any
  ASSERT_EQ(frame.endpoint_weight.size(), 4U);
  EXPECT_EQ((*frame.endpoint_weight[0])[0], (300U ^ 1U) % 256);
  EXPECT_EQ((*frame.endpoint_weight[1])[0], 1U);
  EXPECT_EQ((*frame.endpoint_weight[0])[1], 0U);
  EXPECT_EQ(frame.endpoint_weight[0]->size(), 35U);
}

TEST(FrameEncoder, working_space_is_there_and_zero) {
  const CraftedFrame frame = encoded(two_namespaces());
  EXPECT_EQ(frame.slots.size(), 37U);
  EXPECT_EQ(frame.checkpoints.size(), 1U + 7U);  // of 24 and of 858 bytes of text
  for (const format::Slot& slot : frame.slots) {
    for (const std::uint32_t word : *slot.words()) EXPECT_EQ(word, 0U);
  }
  for (const format::Checkpoint& checkpoint : frame.checkpoints)
    EXPECT_EQ(checkpoint.text() + checkpoint.description() + checkpoint.endpoint() + checkpoint.row(), 0U);
  EXPECT_TRUE(std::ranges::all_of(frame.label_offsets, [](std::uint32_t offset) { return offset == 0; }));
}

TEST(FrameEncoder, slots_do_not_lie_across_cache_lines) {
  const flatbuffers::DetachedBuffer buffer = encode_frame(two_namespaces().namespaces);
  const auto* const slots = format::GetFrame(buffer.data())->slots();
  EXPECT_EQ((reinterpret_cast<const std::uint8_t*>(slots->data()) - buffer.data()) % 8, 0);
}

TEST(FrameEncoder, same_namespaces_give_the_same_bytes) {
  const flatbuffers::DetachedBuffer first = encode_frame(two_namespaces().namespaces);
  const flatbuffers::DetachedBuffer again = encode_frame(two_namespaces().namespaces);
  EXPECT_TRUE(std::ranges::equal(std::span(first.data(), first.size()), std::span(again.data(), again.size())));
}

TEST(FrameEncoder, empty_namespaces_are_parts_without_rows) {
  const model::Registry registry = support::registry({{"a", {}}, {"b", {}}});
  const CraftedFrame frame = CraftedFrame::of(registry.namespaces);
  ASSERT_EQ(frame.parts.size(), 2U);
  EXPECT_EQ(frame.parts[1].rows + frame.parts[1].pilots + frame.parts[1].slots + frame.parts[1].text_size, 0U);
  EXPECT_EQ(frame.labels, "\0"s);
}

// The planner counts rows and texts; what sets and labels add to that is known here alone.
TEST(FrameEncoder, what_grows_too_large_by_its_descriptions_is_named) {
  model::Registry registry = support::registry({{"huge", {}}});
  const std::string description(65536, 'x');
  std::vector<std::string> names;
  for (int i = 0; i < 32768; ++i) names.push_back("s" + std::to_string(i));
  for (const std::string& name : names) {
    model::Service one;
    one.name = name;
    one.description = description;
    registry.namespaces[0].services.push_back(one);
  }
  try {
    (void)encode_frame(registry.namespaces);
    ADD_FAILURE() << "2 GiB fit into a frame";
  } catch (const CompileError& error) {
    EXPECT_THAT(error.what(), testing::MatchesRegex("namespace \"huge\" takes [0-9]+ bytes, and the limit of a frame is 2147483647; .*"));
  }
}

}  // namespace
}  // namespace almanac::compile
