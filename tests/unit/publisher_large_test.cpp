// Going live with a snapshot too large to travel inside `current`: what is moved, and what becomes of one that is lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "publisher_fixture.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/hooked_store.h"

namespace almanac::publish {
namespace {

using support::error_from;
using support::HookedStore;
using support::StoreCall;
using testing::ElementsAre;
using testing::IsEmpty;

class PublisherLargeTest : public PublisherTest {
 protected:
  // A publisher whose requests for snapshots are noted: "get 1", "put", "list".
  [[nodiscard]] Publisher watched() {
    return Publisher(std::make_shared<HookedStore>(store_.store(), [this](const StoreCall& call) {
      if (!call.key.starts_with("snapshots/")) return;
      const std::string size = call.size ? " " + std::to_string(*call.size) : "";
      calls_.push_back(call.kind == StoreCall::Kind::kGet ? "get" + size : call.kind == StoreCall::Kind::kPut ? "put" : "list");
    }));
  }
  [[nodiscard]] std::filesystem::path file() const {
    return store_.root() / internal::snapshot_key(Snapshot::from_bytes(large_, "x").id());
  }
  [[nodiscard]] std::size_t carried() const { return publisher_.log().current().value().carried().size(); }
  void damage() const {
    std::vector<std::byte> bytes = support::read_bytes(file());
    bytes.back() ^= std::byte{1};
    support::write_bytes(file(), bytes);
  }
  void expect_live_and_whole(const std::vector<std::byte>& snapshot) const {
    EXPECT_EQ(publisher_.log().read_snapshot(publisher_.log().current().value()), snapshot);
  }

  const std::vector<std::byte> large_ = large_users_at("http://large");
  std::vector<std::string> calls_;
};

TEST_F(PublisherLargeTest, publishing_what_is_live_again_brings_back_its_lost_snapshot) {
  (void)publish(large_);
  std::filesystem::remove(file());
  Terms dry = terms();
  dry.dry_run = true;
  EXPECT_FALSE(publisher_.publish(publisher_.settle(), large_, dry).mended);
  EXPECT_FALSE(std::filesystem::exists(file()));
  const Publication again = publish(large_);
  EXPECT_EQ(again.outcome, Publication::Outcome::kUnchanged);
  EXPECT_TRUE(again.mended);
  expect_live_and_whole(large_);
  EXPECT_EQ(store_.store()->list("generations/").size(), 1U);
}

TEST_F(PublisherLargeTest, publishing_what_is_live_again_replaces_its_damaged_snapshot) {
  (void)publish(large_);
  damage();
  EXPECT_TRUE(publish(large_).mended);
  expect_live_and_whole(large_);
  const auto written = std::filesystem::last_write_time(file()) - std::chrono::hours(30);
  std::filesystem::last_write_time(file(), written);
  const Publication again = publish_with(watched(), large_);
  EXPECT_FALSE(again.mended);
  EXPECT_EQ(std::filesystem::last_write_time(file()), written) << "however old: nothing announces it again";
  EXPECT_THAT(calls_, ElementsAre("get " + std::to_string(large_.size())));
}

TEST_F(PublisherLargeTest, what_travels_inside_current_is_not_looked_for) {
  (void)publish(users_at("http://1"));
  EXPECT_FALSE(publish_with(watched(), users_at("http://1")).mended);
  EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(PublisherLargeTest, a_pin_and_its_end_leave_the_snapshot_alone) {
  (void)publish(large_);
  const std::size_t before = carried();
  EXPECT_GT(before, 0U);
  Publisher publisher = watched();
  EXPECT_TRUE(changed(publisher.pin(publisher.settle(), "freeze", terms())));
  EXPECT_EQ(carried(), before);
  EXPECT_TRUE(changed(publisher.unpin(publisher.settle(), terms())));
  EXPECT_EQ(carried(), before);
  EXPECT_THAT(calls_, IsEmpty());
  EXPECT_EQ(live_uri(), "http://large");
}

TEST_F(PublisherLargeTest, a_pinned_store_whose_snapshot_is_lost_can_be_left) {
  (void)publish(users_at("http://1"));
  (void)publish(large_);
  (void)pin("freeze");
  std::filesystem::remove(file());
  EXPECT_TRUE(changed(unpin()));
  EXPECT_EQ(live().pinned, std::nullopt);
  EXPECT_TRUE(changed(pin("again"))) << "and held still as well";
  (void)unpin();
  EXPECT_TRUE(changed(roll_back(1)));
  EXPECT_EQ(live_uri(), "http://1");
}

// Killed between its announcement and `current`: it counts, though its snapshot cannot be read.
TEST_F(PublisherLargeTest, a_pin_over_a_lost_snapshot_is_finished_by_the_next_one) {
  (void)publish(large_);
  const std::vector<std::byte> current = support::read_bytes(store_.root() / "current");
  (void)pin("freeze");
  const std::size_t before = carried();
  support::write_bytes(store_.root() / "current", current);
  std::filesystem::remove(file());
  EXPECT_EQ(error_from([&] { (void)publish(users_at("http://2")); }).code(), ErrorCode::kConflict);
  EXPECT_EQ(publisher_.log().current().value().announcement.pinned, "freeze");
  EXPECT_EQ(carried(), before);
}

TEST_F(PublisherLargeTest, a_rollback_moves_the_snapshot_once) {
  (void)publish(large_);
  (void)publish(users_at("http://2"));
  Publisher publisher = watched();
  const Base base = publisher.settle();
  const Announced target = publisher.log().get(1);
  const std::vector<std::byte> bytes = publisher.log().read_snapshot(target);
  EXPECT_THAT(calls_, ElementsAre("get"));
  calls_.clear();
  EXPECT_TRUE(changed(publisher.roll_back(base, target, bytes, std::nullopt, terms())));
  EXPECT_THAT(calls_, ElementsAre("get 1", "list", "get 1")) << "is it there, how old is it, and is it there still?";
  expect_live_and_whole(large_);
}

TEST_F(PublisherLargeTest, a_rollback_to_an_old_snapshot_puts_it_anew) {
  (void)publish(large_);
  (void)publish(users_at("http://2"));
  std::filesystem::last_write_time(file(), std::filesystem::last_write_time(file()) - std::chrono::hours(30));
  const auto long_ago = std::filesystem::last_write_time(file());
  (void)roll_back();
  EXPECT_GT(std::filesystem::last_write_time(file()), long_ago + std::chrono::hours(29));
}

TEST_F(PublisherLargeTest, what_a_killed_publisher_announced_is_read_once) {
  (void)publish(users_at("http://1"));
  leave_unfinished(large_, 2);
  Publisher publisher = watched();
  EXPECT_EQ(publisher.settle().generation(), 2U);
  EXPECT_THAT(calls_, ElementsAre("get"));
  expect_live_and_whole(large_);
  EXPECT_GT(carried(), 0U);
  EXPECT_LT(carried(), kCarriedSize);
}

TEST_F(PublisherLargeTest, current_carries_as_much_as_is_wanted) {
  const auto publish_carrying = [&](const std::vector<std::byte>& snapshot, std::uint64_t most) {
    Terms how = terms();
    how.max_carried = most;
    EXPECT_TRUE(changed(publisher_.publish(publisher_.settle(), snapshot, how)));
    EXPECT_EQ(live().snapshot_id, Snapshot::from_bytes(snapshot, "x").id());
    return carried();
  };
  const std::vector<std::byte> small = users_at("http://1");
  EXPECT_EQ(publish_carrying(small, 0), 0U);
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_EQ(publish_carrying(large_, large_.size()), large_.size());
  (void)pin("freeze");
  EXPECT_EQ(carried(), large_.size()) << "a pin carries what was carried";
  (void)unpin();
  EXPECT_EQ(publish_carrying(small, small.size()), small.size());
  EXPECT_LT(publish_carrying(large_, large_.size() - 1), 4096U) << "the manifest alone";
}

}  // namespace
}  // namespace almanac::publish
