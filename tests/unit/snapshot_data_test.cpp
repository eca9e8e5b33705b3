#include "snapshot_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>
#include <vector>

#include "support/crafted_snapshot.h"
#include "support/error_matchers.h"
#include "support/registry_builder.h"

namespace almanac::internal {
namespace {

using support::CraftedSnapshot;
using support::error_from;
using support::IsError;
using support::service;

CraftedSnapshot crafted(std::uint32_t part, std::uint32_t services, std::uint32_t endpoints) {
  const model::Registry registry = support::registry({{"a", {service("s").uri("u:1").uri("u:2")}}, {"b", {service("t").value("v")}}});
  CraftedSnapshot snapshot;
  snapshot.add_frame(support::CraftedFrame::of(registry.namespaces).encode());
  snapshot.add_namespace("a", 0, part, services, endpoints);
  snapshot.add_namespace("b", 0, 1, 1, 0);
  return snapshot;
}

TEST(SnapshotData, a_namespace_must_be_the_one_of_the_manifest) {
  for (const auto& [part, services, endpoints] : {std::tuple{2U, 1U, 2U}, {~0U, 1U, 2U}, {0U, 2U, 2U}, {0U, 1U, 1U}, {0U, 0U, 0U}}) {
    const std::vector<std::byte> file = crafted(part, services, endpoints).assemble();
    const Snapshot snapshot = Snapshot::from_bytes(file, "x.almanac");
    EXPECT_THAT(error_from([&] { (void)snapshot.in("a"); }), IsError(ErrorCode::kCorrupt, "x.almanac", support::first_frame_of(file),
                                                                     "does not hold the namespace that the manifest has in it"));
    EXPECT_EQ(snapshot.in("b").find("t").value().value(), "v");
  }
  const std::vector<std::byte> good = crafted(0, 1, 2).assemble();
  EXPECT_EQ(Snapshot::from_bytes(good, "x").in("a").size(), 1U);
}

TEST(SnapshotData, a_frame_is_loaded_once_and_afresh_when_asked) {
  const std::vector<std::byte> file = crafted(0, 1, 2).assemble();
  const Snapshot snapshot = Snapshot::from_bytes(file, "x");
  SnapshotData& data = data_of(snapshot);
  EXPECT_EQ(&data.frame(0), &data.frame(0));
  EXPECT_EQ(&data.open_namespace(0), &data.open_namespace(0));
  EXPECT_EQ(&data.open_namespace(0).frame(), &data.frame(0));
  EXPECT_EQ(&data.open_namespace(1).frame(), &data.frame(0));
  EXPECT_NE(data.load_frame_afresh(0).get(), &data.frame(0));
}

}  // namespace
}  // namespace almanac::internal
