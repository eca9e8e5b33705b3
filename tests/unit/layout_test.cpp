#include "layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"
#include "support/registry_builder.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::service;

TEST(Layout, accounts_for_every_byte_of_a_frame) {
  const std::vector<std::byte> file = support::snapshot_of(
      {{"a", support::numbered_services(100)}, {"b", {service("s").value("v").tags({"t"}).attributes({{"k", "v"}}).description("d")}}});
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  (void)snapshot.in("a");  // which fills in its index, and must not show
  const FrameLayout layout = layout_of_frame(snapshot, 0);
  EXPECT_EQ(layout.inflated.size(), snapshot.frame_info(0).size);
  std::uint64_t at = 0;
  for (const FramePiece& piece : layout.pieces) {
    EXPECT_EQ(piece.offset, at) << piece.what;
    EXPECT_GT(piece.size, 0U);
    at += piece.size;
  }
  EXPECT_EQ(at, layout.inflated.size());
  std::uint64_t total = 0;
  std::vector<std::string_view> kinds;
  for (const FrameComponent& component : layout.components) {
    total += component.size;
    kinds.push_back(component.what);
  }
  EXPECT_EQ(total, layout.inflated.size());
  EXPECT_THAT(kinds, testing::UnorderedElementsAre("text", "descriptions", "index", "columns", "labels", "tag sets", "attribute sets",
                                                   "parts", "structure"));
}

TEST(Layout, index_is_as_it_is_in_the_file) {
  const std::vector<std::byte> file = support::snapshot_of({{"a", support::numbered_services(100)}});
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  (void)snapshot.in("a");
  const FrameLayout layout = layout_of_frame(snapshot, 0);
  const auto* const slots = format::GetFrame(layout.inflated.data())->slots();
  for (const format::Slot* slot : *slots) EXPECT_THAT(*slot->words(), testing::Each(0U));
}

TEST(Layout, damage_is_found_before_anything_is_shown) {
  std::vector<std::byte> file = support::snapshot_of({{"a", support::numbered_services(100)}});
  const std::uint64_t offset = support::first_frame_of(file);
  file.back() ^= std::byte{1};
  const Snapshot damaged = Snapshot::from_bytes(file, "x");
  EXPECT_THAT(error_from([&] { (void)layout_of_frame(damaged, 0); }), IsError(ErrorCode::kCorrupt, "x", offset, "digest does not hold"));
  support::CraftedSnapshot foreign;
  foreign.add_frame(std::vector<std::byte>(100));
  const std::vector<std::byte> bytes = foreign.assemble();
  const Snapshot opened = Snapshot::from_bytes(bytes, "x");
  EXPECT_THAT(error_from([&] { (void)layout_of_frame(opened, 0); }),
              IsError(ErrorCode::kCorrupt, "x", support::first_frame_of(bytes), "is not the FlatBuffer that it should be"));
}

TEST(Layout, a_frame_beyond_the_callers_limit_is_refused_before_memory_is_taken) {
  const std::vector<std::byte> file = support::snapshot_of({{"a", support::numbered_services(100)}});
  OpenOptions options;
  options.max_inflated_size = 100;
  const Snapshot snapshot = Snapshot::from_bytes(file, "x", options);
  EXPECT_THAT(error_from([&] { (void)layout_of_frame(snapshot, 0); }),
              IsError(ErrorCode::kLimitExceeded, "x", support::first_frame_of(file), "and the limit is 100"));
}

}  // namespace
}  // namespace almanac::internal
