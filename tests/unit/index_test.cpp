#include "index.h"

#include <almanac/snapshot.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "snapshot_data.h"
#include "support/crafted_frame.h"
#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"
#include "support/registry_builder.h"

namespace almanac::internal {
namespace {

using support::CraftedFrame;
using support::error_from;
using support::IsError;
using support::service;
using namespace std::string_literals;

RowShape shape_of(const std::string& row) { return shape_of_row((row + std::string(kScanSlack, 'x')).c_str()); }

TEST(Index, shape_of_a_row_follows_its_marks) {
  const RowShape full = shape_of("name\1http://a/\1b:\2value\0"s);
  EXPECT_EQ(full.name_size, 4U);
  EXPECT_EQ(full.uri_size, 9U);
  EXPECT_EQ(full.endpoints, 2U);
  EXPECT_EQ(full.size, 24U);
  const RowShape setting = shape_of("n\2a\1b\2c\3\0"s);
  EXPECT_EQ(setting.name_size, 1U);
  EXPECT_EQ(setting.uri_size, 0U);
  EXPECT_EQ(setting.endpoints, 0U);
  EXPECT_EQ(setting.size, 9U);
  EXPECT_EQ(shape_of("n\1u\2\0"s).size, 5U);
  EXPECT_EQ(shape_of("\0"s).size, 1U);
}

// One part with these rows; 33 of them, so that there are several checkpoints.
CraftedFrame crafted(std::size_t rows) {
  const model::Registry registry = support::registry({{"a", support::numbered_services(rows)}});
  return CraftedFrame::of(registry.namespaces);
}

Error error_of(const CraftedFrame& frame) {
  const std::vector<std::byte> file = support::snapshot_around(frame);
  const Snapshot snapshot = Snapshot::from_bytes(file, "x.almanac");
  const Error error = error_from([&] { snapshot.verify(); });
  EXPECT_EQ(error.offset(), support::first_frame_of(file));
  EXPECT_EQ(error.object(), "x.almanac");
  return error;
}

Error error_of(const std::function<void(CraftedFrame&)>& break_rule) {
  CraftedFrame frame = crafted(33);
  break_rule(frame);
  return error_of(frame);
}

Error error_of_rows(const std::vector<std::string>& rows) {
  CraftedFrame frame = crafted(1);
  frame.set_rows(rows);
  return error_of(frame);
}

auto is_corrupt(const std::string& words) {
  return testing::ResultOf([](const Error& error) { return std::string(error.what()); }, testing::HasSubstr(words));
}

TEST(Index, working_space_need_not_be_zero) {
  CraftedFrame frame = crafted(33);
  constexpr std::array<std::uint32_t, 2> kNotZero = {1, 2};
  for (format::Slot& slot : frame.slots) slot = format::Slot(kNotZero);
  for (format::Checkpoint& checkpoint : frame.checkpoints) checkpoint = format::Checkpoint(~0U, ~0U, ~0U, ~0U);
  for (std::uint32_t& offset : frame.label_offsets) offset = ~0U;
  for (std::uint32_t& offset : frame.tag_set_offsets) offset = ~0U;
  const std::vector<std::byte> file = support::snapshot_around(frame);
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  EXPECT_EQ(snapshot.in("a").find("s0000032").value().uri(), "http://s0000032/");
  EXPECT_EQ(snapshot.in("a").find("s0000032").value().endpoints().begin()->weight(), 1U);
  EXPECT_EQ(snapshot.in("a").find("s0000032").value().description(), "");
  EXPECT_EQ(data_of(snapshot).open_namespace(0).numbers_of(snapshot.in("a").find("s0000032").value()).row, 32U);
  EXPECT_FALSE(snapshot.in("a").find("none"));
  EXPECT_NO_THROW(snapshot.verify());
}

TEST(Index, rows_are_as_many_as_the_part_says) {
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                frame.parts[0].rows = 34;
                frame.descriptions.insert(0, "x");
                frame.parts[0].description_size = 34;
              }),
              is_corrupt("there are fewer rows than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.parts[0].rows = 32; }), is_corrupt("there are more rows or endpoints than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                frame.text += "t\1u:\0"s;
                frame.parts[0].text_size += 5;
              }),
              is_corrupt("there are more rows or endpoints than it says"));
}

TEST(Index, descriptions_are_as_many_as_rows) {
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                frame.descriptions += '\0';
                frame.parts[0].description_size = 34;
              }),
              is_corrupt("there are more rows or endpoints than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                frame.descriptions.front() = 'x';  // was its end
              }),
              is_corrupt("there are fewer rows than it says"));
}

TEST(Index, endpoints_are_as_many_as_the_part_says) {
  for (const std::uint32_t endpoints : {32U, 34U}) {
    CraftedFrame frame = crafted(33);
    frame.parts[0].endpoints = endpoints;
    for (support::Planes* planes : {&frame.endpoint_version, &frame.endpoint_zone}) planes->clear();
    EXPECT_THAT(error_of(frame), is_corrupt("there are more rows or endpoints than it says"));
  }
}

TEST(Index, names_have_1_to_1024_bytes) {
  const auto words = is_corrupt("a name is empty or longer than 1,024 bytes");
  EXPECT_THAT(error_of_rows({"\1http://a/"}), words);
  EXPECT_THAT(error_of_rows({"", "b\1u:"}), words);
  EXPECT_THAT(error_of_rows({std::string(1025, 'n') + "\1u:"}), words);
  CraftedFrame frame = crafted(1);
  frame.set_rows({std::string(1024, 'n') + "\1u:"});
  const std::vector<std::byte> file = support::snapshot_around(frame);
  EXPECT_TRUE(Snapshot::from_bytes(file, "x").in("a").contains(std::string(1024, 'n')));
}

TEST(Index, uris_have_1_to_8192_bytes) {
  const auto words = is_corrupt("a uri is empty or longer than 8,192 bytes");
  EXPECT_THAT(error_of_rows({"n\1"}), words);
  EXPECT_THAT(error_of_rows({"n\1\1u:"}), words);
  EXPECT_THAT(error_of_rows({"n\1" + std::string(8193, 'u')}), words);
  CraftedFrame frame = crafted(1);
  frame.set_rows({"n\1" + std::string(8192, 'u')});
  const std::vector<std::byte> file = support::snapshot_around(frame);
  EXPECT_EQ(Snapshot::from_bytes(file, "x").in("a").find("n").value().uri().size(), 8192U);
}

TEST(Index, every_name_has_a_slot_of_its_own) {
  CraftedFrame frame = crafted(33);
  for (std::uint16_t& pilot : frame.pilots) pilot = static_cast<std::uint16_t>(pilot + 1);
  EXPECT_THAT(error_of(frame), is_corrupt("two names have the same slot"));
  CraftedFrame twice = crafted(1);
  twice.set_rows({"a\1u:", "b\1u:"});
  twice.text.replace(twice.text.find('b'), 1, "a");
  EXPECT_THAT(error_of(twice), is_corrupt("two names have the same slot"));
}

TEST(Index, labels_and_sets_are_as_many_as_their_offsets) {
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.label_offsets.push_back(0); }), is_corrupt("there are fewer labels than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.labels += "x\0"s; }), is_corrupt("there are more labels than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.tag_set_offsets.push_back(0); }),
              is_corrupt("there are fewer tag sets than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.tag_sets += "x\0\0"s; }), is_corrupt("there are more tag sets than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.attribute_set_offsets.push_back(0); }),
              is_corrupt("there are fewer attribute sets than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) { frame.attribute_sets += "k\0v\0\0"s; }),
              is_corrupt("there are more attribute sets than it says"));
}

TEST(Index, sets_are_closed) {
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                frame.tag_sets += "open\0"s;
                frame.tag_set_offsets.push_back(0);
              }),
              is_corrupt("there are fewer tag sets than it says"));
  EXPECT_THAT(error_of([](CraftedFrame& frame) {
                frame.attribute_sets += "key alone\0\0"s;
                frame.attribute_set_offsets.push_back(0);
              }),
              is_corrupt("there are fewer attribute sets than it says"));
}

}  // namespace
}  // namespace almanac::internal
