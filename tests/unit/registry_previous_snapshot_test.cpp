// The snapshot that instances go on with until a generation comes to them: fetched, lost, damaged.
#include "phased_registry.h"
#include "support/registry_builder.h"

namespace almanac::internal {
namespace {

using support::announcement_of;
using support::service;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

using PreviousSnapshotTest = PhasedRegistryTest;

TEST_F(PreviousSnapshotTest, a_large_previous_snapshot_is_read_in_ranges) {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
  const auto large = [](const std::string& begin) {
    std::vector<support::ServiceBuilder> services = support::large_services(24, begin);
    services.push_back(service("users").uri("http://" + begin));
    return support::snapshot_of({{"prod", services}});
  };
  const std::vector<std::byte> first = large("1");
  const std::vector<std::byte> second = large("2");
  ASSERT_GT(first.size(), kMiB);
  const std::string key = store_->publish_head(1, first);
  Announcement announcement = announcement_of(2, second);
  announcement.rollout = support::rollout_from(announcement_of(1, first), 2, support::ramp(kStart, 30min));
  (void)store_->publish_as(announcement, second, 10'000);
  Registry registry = open();
  EXPECT_EQ(users(registry.view()), "http://1");
  EXPECT_THAT(asked_since(0), ElementsAre("current", key, key));
  EXPECT_EQ(store_->gets()[1].options.size, kMiB);
  EXPECT_EQ(store_->gets()[2].options.offset, kMiB);
  set_clock(kStart + 30min);
  EXPECT_EQ(users(registry.view()), "http://2");
}

TEST_F(PreviousSnapshotTest, a_previous_snapshot_that_is_lost_is_not_waited_for) {
  publish_in_phases(2, 2, 1, support::ramp(kStart, 30min));  // nobody put it
  Registry gone = open();
  expect_serves(gone, 2, 2);
  EXPECT_EQ(gone.status().next_generation, 0U);
  EXPECT_TRUE(gone.status().generation_rollout->moved);
  EXPECT_EQ(gone.status().failures, 0U);

  for (const ErrorCode code : {ErrorCode::kNotFound, ErrorCode::kPermissionDenied, ErrorCode::kCorrupt}) {
    fail_snapshots(code);
    std::filesystem::remove_all(options_.cache_directory);
    Registry registry = open();
    expect_serves(registry, 2, 2);
    EXPECT_EQ(registry.status().failures, 0U);
  }
}

TEST_F(PreviousSnapshotTest, one_that_may_come_yet_is_waited_for_unless_there_is_nothing_else) {
  for (const ErrorCode code : {ErrorCode::kTimedOut, ErrorCode::kInputOutput}) {
    store_ = std::make_shared<support::ScriptedStore>();
    publish(1, 1);
    Registry registry = open();
    publish(2, 2);
    publish_in_phases(3, 3, 2, support::ramp(kStart, 30min));
    fail_snapshots(code);
    look(registry);
    expect_serves(registry, 1, 1);
    EXPECT_THAT(registry.status().last_error, HasSubstr("scripted"));
    Registry from_copy = open();
    expect_serves(from_copy, 1, 1);
    EXPECT_EQ(from_copy.status().origin, Origin::kCache);
    EXPECT_EQ(from_copy.status().failures, 1U);
    std::filesystem::remove_all(options_.cache_directory);
    Registry with_nothing = open();
    expect_serves(with_nothing, 3, 3);
    EXPECT_EQ(with_nothing.status().origin, Origin::kStore);
    EXPECT_EQ(with_nothing.status().failures, 1U);
    std::filesystem::remove_all(options_.cache_directory);
  }
}

TEST_F(PreviousSnapshotTest, a_start_asks_for_nothing_twice) {
  publish_an_hour_ahead();
  const Announcement announcement = parse_announcement(store_->get("current").bytes, "current").announcement;
  (void)store_->publish_as(announcement, small(2), 0);
  fail_snapshots(ErrorCode::kTimedOut);
  // The one before, and then the one that is to come.
  EXPECT_THROW((void)open(), Error);
  EXPECT_THAT(asked_since(1), ElementsAre("current", key_of(1), key_of(2)));
  // It has come to this instance.
  set_clock(kStart + 1h);
  std::size_t before = store_->gets().size();
  EXPECT_THROW((void)open(), Error);
  EXPECT_THAT(asked_since(before), ElementsAre("current", key_of(2)));
  // Nor when the one before is lost.
  set_clock(kStart);
  fail_snapshots(ErrorCode::kNotFound);
  before = store_->gets().size();
  EXPECT_THROW((void)open(), Error);
  EXPECT_THAT(asked_since(before), ElementsAre("current", key_of(1), key_of(2)));
}

TEST_F(PreviousSnapshotTest, a_damaged_previous_snapshot_is_not_waited_for) {
  publish_in_phases(2, 2, 1, support::ramp(kStart, 30min));
  const std::vector<std::byte> whole = small(1);
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size()}) {
    std::vector<std::byte> damaged(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    if (size == whole.size()) damaged[size - 5] ^= std::byte{1};
    store_->script([&](std::string_view key, const GetOptions& get) {
      return key == "current" ? store_->answer(key, get) : Object{damaged, "x", damaged.size()};
    });
    std::filesystem::remove_all(options_.cache_directory);
    Registry registry = open();
    expect_serves(registry, 2, 2);
  }
}

TEST_F(PreviousSnapshotTest, who_must_not_serve_the_previous_one_takes_the_new_one) {
  publish(1, 1);
  publish_in_phases(2, 2, 1, support::ramp(kStart, 30min));
  options_.min_generation = 2;
  Registry registry = open();
  expect_serves(registry, 2, 2);
}

}  // namespace
}  // namespace almanac::internal
