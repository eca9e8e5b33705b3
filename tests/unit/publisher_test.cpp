#include "publish/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "open_live.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/published_store.h"
#include "support/store_keys.h"

namespace almanac::publish {
namespace {

using internal::Announcement;
using support::error_from;
using support::IsError;
using support::kNowhere;
using support::kPublished;
using support::PublishedStore;
using support::service;
using testing::ElementsAre;

std::vector<std::byte> users_at(const std::string& uri) { return support::snapshot_of({{"prod", {service("users").uri(uri)}}}); }

class PublisherTest : public testing::Test {
 protected:
  Publication publish(const std::vector<std::byte>& snapshot) { return publisher_.publish(snapshot, kPublished); }
  Publication roll_back(std::optional<std::uint64_t> generation = std::nullopt) { return publisher_.roll_back(generation, kPublished); }

  [[nodiscard]] Announcement live() { return internal::open_live(store_.store(), {}).announcement; }
  [[nodiscard]] std::string live_uri() {
    return std::string(internal::open_live(store_.store(), {}).snapshot.in("prod").find("users").value().uri());
  }
  [[nodiscard]] Announcement generation(std::uint64_t number) { return internal::open_generation(store_.store(), number, {}).announcement; }

  // As a publisher leaves the store that is killed behind the announcement of its generation.
  void leave_unfinished(const std::vector<std::byte>& snapshot, std::uint64_t number) {
    Announcement announcement;
    announcement.generation = number;
    announcement.snapshot_id = Snapshot::from_bytes(snapshot, "x").id();
    announcement.snapshot_size = snapshot.size();
    ASSERT_TRUE(store_.store()->put(internal::snapshot_key(announcement.snapshot_id), snapshot, {}));
    ASSERT_TRUE(
        store_.store()->put(internal::generation_key(number), internal::encode_announcement(announcement), PutCondition::if_absent()));
  }

  PublishedStore store_;
  Publisher publisher_{store_.store()};
};

TEST_F(PublisherTest, first_publication_is_generation_1) {
  const std::vector<std::byte> snapshot = users_at("http://1");
  const Publication published = publish(snapshot);
  const std::string id = Snapshot::from_bytes(snapshot, "x").id();
  EXPECT_TRUE(published.changed);
  EXPECT_EQ(published.announcement.generation, 1U);
  EXPECT_EQ(published.announcement.snapshot_id, id);
  EXPECT_EQ(published.announcement.snapshot_size, snapshot.size());
  EXPECT_EQ(published.announcement.registry, "acme");
  EXPECT_EQ(published.announcement.revision, "r1");
  EXPECT_EQ(published.announcement.published, kPublished);
  EXPECT_EQ(published.announcement.rollback_of, 0U);
  EXPECT_THAT(support::keys_of(*store_.store(), ""), ElementsAre("current", "generations/1", "snapshots/" + id + ".almanac"));
  EXPECT_EQ(store_.store()->get("snapshots/" + id + ".almanac").bytes, snapshot);
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, current_carries_the_snapshot_behind_the_generations_announcement) {
  const std::vector<std::byte> snapshot = users_at("http://1");
  (void)publish(snapshot);
  std::vector<std::byte> expected = store_.store()->get("generations/1").bytes;
  expected.insert(expected.end(), snapshot.begin(), snapshot.end());
  EXPECT_EQ(store_.store()->get("current").bytes, expected);
}

TEST_F(PublisherTest, what_is_live_already_is_not_published_again) {
  (void)publish(users_at("http://1"));
  const std::string etag = store_.store()->get("current").etag;
  const Publication again = publish(users_at("http://1"));
  EXPECT_FALSE(again.changed);
  EXPECT_EQ(again.announcement.generation, 1U);
  EXPECT_EQ(store_.store()->get("current").etag, etag);
  EXPECT_EQ(store_.store()->list("generations/").size(), 1U);
}

TEST_F(PublisherTest, what_was_live_before_is_published_as_a_new_generation) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  const Publication back = publish(users_at("http://1"));
  EXPECT_TRUE(back.changed);
  EXPECT_EQ(back.announcement.generation, 3U);
  EXPECT_EQ(back.announcement.rollback_of, 0U);
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_EQ(store_.store()->list("snapshots/").size(), 2U);
}

TEST_F(PublisherTest, damaged_snapshots_are_not_published) {
  std::vector<std::byte> snapshot = users_at("http://1");
  snapshot.pop_back();
  EXPECT_THAT(error_from([&] { (void)publish(snapshot); }).code(), ErrorCode::kTruncated);
  EXPECT_THAT(support::keys_of(*store_.store(), ""), testing::IsEmpty());
}

TEST_F(PublisherTest, rollback_brings_back_the_snapshot_before) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish(users_at("http://3"));
  const Publication back = roll_back();
  EXPECT_TRUE(back.changed);
  EXPECT_EQ(back.announcement.generation, 4U);
  EXPECT_EQ(back.announcement.rollback_of, 2U);
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_EQ(generation(4).snapshot_id, generation(2).snapshot_id);
}

TEST_F(PublisherTest, rollback_twice_goes_back_two_snapshots) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish(users_at("http://3"));
  (void)roll_back();
  const Publication again = roll_back();
  EXPECT_EQ(again.announcement.generation, 5U);
  EXPECT_EQ(again.announcement.rollback_of, 1U);
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_THAT(error_from([&] { (void)roll_back(); }), IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere,
                                                              "has no snapshot before that of generation 1; name a generation to go to"));
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, rollback_after_a_publication_goes_back_to_what_was_live_then) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)roll_back();                    // 3: http://1
  (void)publish(users_at("http://4"));  // 4
  const Publication back = roll_back();
  EXPECT_EQ(back.announcement.generation, 5U);
  EXPECT_EQ(back.announcement.rollback_of, 1U);
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, rollback_to_a_generation) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish(users_at("http://3"));
  EXPECT_EQ(roll_back(1).announcement.rollback_of, 1U);
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_EQ(roll_back(3).announcement.rollback_of, 3U);
  EXPECT_EQ(live_uri(), "http://3");
  const Publication none = roll_back(3);
  EXPECT_FALSE(none.changed);
  EXPECT_EQ(none.announcement.generation, 5U);
}

TEST_F(PublisherTest, rollback_needs_something_to_go_back_to) {
  EXPECT_THAT(error_from([&] { (void)roll_back(); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "nothing was ever published"));
  (void)publish(users_at("http://1"));
  EXPECT_THAT(error_from([&] { (void)roll_back(); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "has no snapshot before that of generation 1"));
  EXPECT_THAT(error_from([&] { (void)roll_back(9); }),
              IsError(ErrorCode::kNotFound, (store_.root() / "generations/9").string(), kNowhere, ""));
}

TEST_F(PublisherTest, rollback_to_a_snapshot_that_is_gone_or_damaged_changes_nothing) {
  const std::string first = publish(users_at("http://1")).announcement.snapshot_id;
  (void)publish(users_at("http://2"));
  const std::filesystem::path file = store_.root() / internal::snapshot_key(first);
  std::vector<std::byte> bytes = support::read_bytes(file);
  bytes.back() ^= std::byte{1};
  support::write_bytes(file, bytes);
  EXPECT_EQ(error_from([&] { (void)roll_back(); }).code(), ErrorCode::kCorrupt);
  std::filesystem::remove(file);
  EXPECT_THAT(error_from([&] { (void)roll_back(); }), IsError(ErrorCode::kNotFound, file.string(), kNowhere, ""));
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_EQ(store_.store()->list("generations/").size(), 2U);
}

TEST_F(PublisherTest, a_killed_publisher_is_helped) {
  (void)publish(users_at("http://1"));
  leave_unfinished(users_at("http://2"), 2);
  EXPECT_EQ(live_uri(), "http://1");
  const Publication published = publish(users_at("http://3"));
  EXPECT_EQ(published.announcement.generation, 3U);
  EXPECT_EQ(live_uri(), "http://3");
  EXPECT_EQ(generation(2).snapshot_id, Snapshot::from_bytes(users_at("http://2"), "x").id());
}

TEST_F(PublisherTest, a_killed_first_publisher_is_helped) {
  leave_unfinished(users_at("http://1"), 1);
  EXPECT_EQ(publish(users_at("http://2")).announcement.generation, 2U);
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PublisherTest, publishing_what_a_killed_publisher_announced_makes_it_live) {
  (void)publish(users_at("http://1"));
  leave_unfinished(users_at("http://2"), 2);
  const Publication published = publish(users_at("http://2"));
  EXPECT_EQ(published.announcement.generation, 2U);
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_EQ(store_.store()->list("generations/").size(), 2U);
}

TEST_F(PublisherTest, what_a_killed_publisher_announced_comes_first_even_if_nothing_changes) {
  (void)publish(users_at("http://1"));
  leave_unfinished(users_at("http://2"), 2);
  const Publication published = publish(users_at("http://1"));
  EXPECT_EQ(published.announcement.generation, 3U);
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, an_announced_generation_whose_snapshot_is_gone_or_damaged_is_passed_over) {
  (void)publish(users_at("http://1"));
  leave_unfinished(users_at("http://2"), 2);
  leave_unfinished(users_at("http://3"), 3);
  const std::filesystem::path gone = store_.root() / internal::snapshot_key(generation(2).snapshot_id);
  const std::filesystem::path damaged = store_.root() / internal::snapshot_key(generation(3).snapshot_id);
  std::filesystem::remove(gone);
  std::vector<std::byte> bytes = support::read_bytes(damaged);
  bytes.back() ^= std::byte{1};
  support::write_bytes(damaged, bytes);
  const Publication published = publish(users_at("http://4"));
  EXPECT_TRUE(published.changed);
  EXPECT_EQ(published.announcement.generation, 4U);
  EXPECT_EQ(live_uri(), "http://4");
}

TEST_F(PublisherTest, a_damaged_snapshot_in_the_store_is_replaced_by_the_good_one) {
  const std::vector<std::byte> snapshot = users_at("http://1");
  const std::filesystem::path file = store_.root() / internal::snapshot_key(Snapshot::from_bytes(snapshot, "x").id());
  std::filesystem::create_directories(file.parent_path());
  support::write_bytes(file, internal::as_bytes("damaged"));
  (void)publish(snapshot);
  EXPECT_EQ(support::read_bytes(file), snapshot);
}

TEST_F(PublisherTest, a_damaged_current_is_not_overwritten) {
  (void)publish(users_at("http://1"));
  support::write_bytes(store_.root() / "current", internal::as_bytes("damaged"));
  EXPECT_EQ(error_from([&] { (void)publish(users_at("http://2")); }).code(), ErrorCode::kForeign);
  EXPECT_EQ(internal::as_text(store_.store()->get("current").bytes), "damaged");
}

// Whoever comes second goes on from the other's generation: none is lost and none is left out.
TEST_F(PublisherTest, publishers_at_once_leave_generations_without_a_gap) {
  constexpr int kThreads = 8;
  constexpr int kEach = 5;
  std::set<std::uint64_t> numbers[kThreads];
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        Publisher own{std::shared_ptr<Store>(open_store(store_.root().string()))};
        for (int j = 0; j < kEach; ++j) {
          const Publication done = own.publish(users_at("http://" + std::to_string(i) + "-" + std::to_string(j)), kPublished);
          if (done.changed) numbers[i].insert(done.announcement.generation);
        }
      });
    }
  }
  constexpr std::uint64_t kTotal = kThreads * kEach;
  std::set<std::uint64_t> all;
  for (const auto& own : numbers) all.insert(own.begin(), own.end());
  EXPECT_EQ(all.size(), kTotal);
  EXPECT_EQ(*all.rbegin(), kTotal);
  EXPECT_EQ(live().generation, kTotal);
  std::set<std::string> snapshots;
  for (std::uint64_t number = 1; number <= kTotal; ++number) {
    EXPECT_EQ(generation(number).generation, number);
    snapshots.insert(generation(number).snapshot_id);
  }
  EXPECT_EQ(snapshots.size(), kTotal);
  EXPECT_EQ(store_.store()->list("generations/").size(), kTotal);
  EXPECT_EQ(live().snapshot_id, generation(kTotal).snapshot_id);
}

}  // namespace
}  // namespace almanac::publish
