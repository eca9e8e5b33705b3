#include "frame_pieces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/crafted_frame.h"
#include "support/registry_builder.h"

namespace almanac::internal {
namespace {

using support::endpoint;
using support::service;
using testing::UnorderedElementsAre;

TEST(FramePieces, overlap_is_found_wherever_it_is) {
  EXPECT_FALSE(overlap({}));
  EXPECT_FALSE(overlap({{"a", 0, 10}}));
  EXPECT_FALSE(overlap({{"a", 0, 10}, {"b", 10, 5}, {"c", 20, 1}}));
  EXPECT_TRUE(overlap({{"a", 0, 11}, {"b", 10, 5}}));
  EXPECT_TRUE(overlap({{"a", 0, 4}, {"b", 10, 5}, {"c", 10, 5}}));
  EXPECT_TRUE(overlap({{"a", 0, 100}, {"b", 10, 5}, {"c", 20, 5}}));
  EXPECT_FALSE(overlap({{"a", 0, std::uint64_t{1} << 32U}, {"b", std::uint64_t{1} << 32U, 4}}));
}

TEST(FramePieces, every_vector_is_there_in_order_with_its_length_field) {
  const model::Registry registry = support::registry({
      {"prod",
       {service("a")
            .endpoint(endpoint("http://a/").version("1.0.0").zone("z").weight(2).tags({"t"}).attributes({{"k", "v"}}))
            .tags({"u"})
            .attributes({{"l", "w"}})}},
  });
  const support::CraftedFrame crafted = support::CraftedFrame::of(registry.namespaces);
  const std::vector<std::byte> frame = crafted.encode();
  const std::vector<FramePiece> pieces = vectors_of(frame, *format::GetFrame(frame.data()));
  EXPECT_FALSE(overlap(pieces));
  std::vector<std::string> kinds;
  for (const FramePiece& piece : pieces) {
    kinds.emplace_back(piece.what);
    EXPECT_TRUE(within(piece.offset, piece.size, frame.size()));
    const auto elements = load<std::uint32_t>(frame, piece.offset);
    if (piece.what == "text") {
      EXPECT_EQ(elements, crafted.text.size());
      EXPECT_EQ(piece.size, 4 + crafted.text.size());
      EXPECT_EQ(as_text(frame).substr(piece.offset + 4, elements), crafted.text);
    }
    if (piece.what == "parts") {
      EXPECT_EQ(piece.size, 4 + elements * sizeof(format::Part));
    }
  }
  EXPECT_THAT(kinds, UnorderedElementsAre("parts", "text", "descriptions", "index", "index", "index", "index", "index", "index", "labels",
                                          "tag sets", "attribute sets", "columns", "columns", "columns", "columns", "columns", "columns",
                                          "columns"));
  EXPECT_TRUE(std::ranges::is_sorted(pieces, {}, &FramePiece::offset));
}

TEST(FramePieces, overlap_with_a_table_is_found_wherever_it_is) {
  const std::vector<FramePiece> vectors = {{"a", 10, 10}, {"b", 20, 4}, {"c", 40, 100}};
  EXPECT_FALSE(overlap(vectors, {}));
  EXPECT_FALSE(overlap({}, {{"t", 0, 10}}));
  EXPECT_FALSE(overlap(vectors, {{"t", 0, 10}, {"t", 24, 16}, {"t", 140, 1}}));
  for (const FramePiece& table :
       std::vector<FramePiece>{{"t", 9, 2}, {"t", 0, 11}, {"t", 19, 1}, {"t", 23, 1}, {"t", 23, 20}, {"t", 0, 200}, {"t", 139, 5}}) {
    EXPECT_TRUE(overlap(vectors, {{"t", 0, 1}, table})) << table.offset;
  }
}

TEST(FramePieces, tables_lie_between_the_vectors) {
  const model::Registry registry = support::registry({{"prod", {service("a").endpoint(endpoint("u:").weight(2)).tags({"t"})}}});
  const std::vector<std::byte> frame = support::CraftedFrame::of(registry.namespaces).encode();
  const format::Frame& root = *format::GetFrame(frame.data());
  const std::vector<FramePiece> tables = tables_of(frame, root);
  // The root's place and the identifier; a table and its vtable for the root and two columns; their fields.
  EXPECT_GE(tables.size(), 1U + 3 * 2);
  for (const FramePiece& piece : tables) EXPECT_TRUE(within(piece.offset, piece.size, frame.size()));
  EXPECT_FALSE(overlap(vectors_of(frame, root), tables));
}

TEST(FramePieces, absent_vectors_are_left_out) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(format::CreateFrame(builder), format::FrameIdentifier());
  const Bytes frame = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  EXPECT_TRUE(vectors_of(frame, *format::GetFrame(frame.data())).empty());
}

}  // namespace
}  // namespace almanac::internal
