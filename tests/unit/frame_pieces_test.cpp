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
      {"prod", {service("a").endpoint(endpoint("http://a/").version("1.0.0").zone("z").weight(2).tags({"t"}).attributes({{"k", "v"}})).tags({"u"}).attributes({{"l", "w"}})}},
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
  EXPECT_THAT(kinds, UnorderedElementsAre("parts", "text", "descriptions", "index", "index", "index", "index", "index", "index", "labels", "tag sets",
                                          "attribute sets", "columns", "columns", "columns", "columns", "columns", "columns", "columns"));
  EXPECT_TRUE(std::ranges::is_sorted(pieces, {}, &FramePiece::offset));
}

TEST(FramePieces, absent_vectors_are_left_out) {
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(format::CreateFrame(builder), format::FrameIdentifier());
  const Bytes frame = std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize()));
  EXPECT_TRUE(vectors_of(frame, *format::GetFrame(frame.data())).empty());
}

}  // namespace
}  // namespace almanac::internal
