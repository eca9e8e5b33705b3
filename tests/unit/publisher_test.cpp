#include "publish/publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "publisher_fixture.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/hooked_store.h"
#include "support/store_keys.h"

namespace almanac::publish {
namespace {

using support::error_from;
using support::HookedStore;
using support::IsError;
using support::kNowhere;
using support::StoreCall;
using testing::ElementsAre;

TEST_F(PublisherTest, first_publication_is_generation_1) {
  const std::vector<std::byte> snapshot = users_at("http://1");
  const Publication published = publish(snapshot);
  const std::string id = Snapshot::from_bytes(snapshot, "x").id();
  EXPECT_TRUE(changed(published));
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
  EXPECT_FALSE(changed(again));
  EXPECT_EQ(again.announcement.generation, 1U);
  EXPECT_EQ(store_.store()->get("current").etag, etag);
  EXPECT_EQ(store_.store()->list("generations/").size(), 1U);
}

TEST_F(PublisherTest, what_was_live_before_is_published_as_a_new_generation) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  const Publication back = publish(users_at("http://1"));
  EXPECT_TRUE(changed(back));
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

TEST_F(PublisherTest, a_killed_publisher_is_helped) {
  (void)publish(users_at("http://1"));
  leave_unfinished(users_at("http://2"), 2);
  EXPECT_EQ(live_uri(), "http://1");
  const Publication published = publish(users_at("http://3"));
  EXPECT_EQ(published.announcement.generation, 3U);
  EXPECT_EQ(live_uri(), "http://3");
  const std::vector<std::byte> second = users_at("http://2");
  EXPECT_EQ(generation(2).snapshot_id, Snapshot::from_bytes(second, "x").id());
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
  EXPECT_TRUE(changed(published));
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

TEST_F(PublisherTest, publishing_what_is_live_again_mends_the_copy_in_current) {
  const auto snapshot = users_at("http://1");
  (void)publish(snapshot);
  const std::filesystem::path file = store_.root() / "current";
  const std::vector<std::byte> good = support::read_bytes(file);
  std::vector<std::byte> damaged = good;
  damaged[damaged.size() - snapshot.size() / 4] ^= std::byte{1};
  support::write_bytes(file, damaged);
  const Publication done = publish(snapshot);
  EXPECT_EQ(done.outcome, Publication::Outcome::kUnchanged);
  EXPECT_TRUE(done.mended);
  EXPECT_EQ(support::read_bytes(file), good);
  EXPECT_FALSE(publish(snapshot).mended);
  EXPECT_EQ(support::keys_of(*store_.store(), "generations/").size(), 1U);
}

TEST_F(PublisherTest, a_damaged_current_is_not_overwritten) {
  (void)publish(users_at("http://1"));
  support::write_bytes(store_.root() / "current", internal::as_bytes("damaged"));
  EXPECT_EQ(error_from([&] { (void)publish(users_at("http://2")); }).code(), ErrorCode::kForeign);
  EXPECT_EQ(internal::as_text(store_.store()->get("current").bytes), "damaged");
}

TEST_F(PublisherTest, without_a_current_the_newest_usable_generation_is_made_current) {
  for (int i = 1; i <= 5; ++i) (void)publish(users_at("http://" + std::to_string(i)));
  std::filesystem::remove(store_.root() / internal::snapshot_key(generation(5).snapshot_id));
  std::filesystem::remove(store_.root() / "current");
  std::vector<std::uint64_t> currents;
  HookedStore watched(
      store_.store(), [](const auto&) {},
      [&](const StoreCall& call) {
        if (call.kind == StoreCall::Kind::kPut && call.key == "current") currents.push_back(live().generation);
      });
  Publisher publisher(std::shared_ptr<Store>(&watched, [](Store*) {}));
  const Publication published = publish_with(publisher, users_at("http://6"));
  EXPECT_EQ(published.announcement.generation, 6U);
  EXPECT_EQ(live_uri(), "http://6");
  EXPECT_THAT(currents, ElementsAre(4, 6)) << "not one old generation after the other";
}

TEST_F(PublisherTest, an_old_copy_of_current_is_brought_up_to_date_at_once) {
  (void)publish(users_at("http://1"));
  const std::vector<std::byte> old = support::read_bytes(store_.root() / "current");
  for (int i = 2; i <= 5; ++i) (void)publish(users_at("http://" + std::to_string(i)));
  // As pruning leaves it: the log no longer begins where the copy was made.
  for (const char* key : {"generations/1", "generations/2"}) std::filesystem::remove(store_.root() / key);
  support::write_bytes(store_.root() / "current", old);
  EXPECT_EQ(publish(users_at("http://5")).announcement.generation, 5U);
  EXPECT_EQ(live_uri(), "http://5");
  EXPECT_EQ(publish(users_at("http://6")).announcement.generation, 6U);
}

TEST_F(PublisherTest, a_damaged_current_tells_how_it_is_mended) {
  (void)publish(users_at("http://1"));
  support::write_bytes(store_.root() / "current", internal::as_bytes("damaged"));
  EXPECT_THAT(error_from([&] { (void)publish(users_at("http://2")); }).what(), testing::HasSubstr("remove \"current\""));
  std::filesystem::remove(store_.root() / "current");
  EXPECT_EQ(publish(users_at("http://2")).announcement.generation, 2U);
}

TEST_F(PublisherTest, after_the_last_number_there_is_no_other) {
  (void)publish(users_at("http://1"));
  std::filesystem::remove(store_.root() / "current");
  leave_unfinished(users_at("http://2"), UINT64_MAX);
  EXPECT_EQ(publish(users_at("http://2")).announcement.generation, UINT64_MAX);
  EXPECT_THAT(error_from([&] { (void)publish(users_at("http://3")); }),
              IsError(ErrorCode::kLimitExceeded, store_.root().string(), kNowhere, "has the last generation that there can be"));
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PublisherTest, only_on_top_of_the_generation_that_is_asked_for) {
  const auto publish_if = [&](std::uint64_t generation, const std::string& uri) {
    Terms only = terms();
    only.if_generation = generation;
    only.on_conflict = OnConflict::kRetry;
    return publisher_.publish(publisher_.settle(), users_at(uri), only);
  };
  EXPECT_THAT(error_from([&] { (void)publish_if(1, "http://1"); }).what(), testing::HasSubstr("nothing was published yet"));
  EXPECT_TRUE(changed(publish_if(0, "http://1")));
  EXPECT_THAT(error_from([&] { (void)publish_if(0, "http://2"); }).what(), testing::HasSubstr("only as the first one"));
  EXPECT_TRUE(changed(publish_if(1, "http://2")));
  EXPECT_THAT(error_from([&] { (void)publish_if(1, "http://3"); }),
              IsError(ErrorCode::kConflict, store_.root().string(), kNowhere, "generation 2 (revision \"r1\", snapshot "));
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PublisherTest, a_log_that_cannot_be_read_is_no_empty_one) {
  for (int i = 1; i <= 3; ++i) (void)publish(users_at("http://" + std::to_string(i)));
  std::filesystem::remove(store_.root() / "current");
  for (std::uint64_t i = 1; i <= 3; ++i) support::write_bytes(store_.root() / internal::generation_key(i), internal::as_bytes("damaged"));
  const Base base = publisher_.settle();
  EXPECT_EQ(base.unknown, "none of the 3 generations can be read");
  Terms first = terms();
  first.if_generation = 0;
  EXPECT_THAT(error_from([&] { (void)publisher_.publish(base, users_at("http://4"), first); }),
              IsError(ErrorCode::kConflict, store_.root().string(), kNowhere,
                      "none of the 3 generations can be read, and this was to be published only as the first one"));
  EXPECT_THAT(error_from([&] { (void)pin("freeze"); }), IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere,
                                                                "none of the 3 generations can be read; publish --allow-unknown"));
  EXPECT_EQ(publisher_.publish(base, users_at("http://4"), terms()).announcement.generation, 4U);
}

TEST_F(PublisherTest, who_began_before_another_publication_is_refused_and_told_by_which) {
  (void)publish(users_at("http://1"));
  const Base before = publisher_.settle();
  const Publication other = publish(users_at("http://2"));
  const auto late = [&](const std::string& uri, OnConflict on_conflict) {
    Terms how = terms();
    how.on_conflict = on_conflict;
    return publisher_.publish(before, users_at(uri), how);
  };
  const std::vector<std::string> keys = support::keys_of(*store_.store(), "");
  EXPECT_THAT(error_from([&] { (void)late("http://3", OnConflict::kRefuse); }),
              IsError(ErrorCode::kConflict, store_.root().string(), kNowhere,
                      "generation 2 (revision \"r1\", snapshot " + other.announcement.snapshot_id + ") was published meanwhile"));
  EXPECT_EQ(support::keys_of(*store_.store(), ""), keys);
  EXPECT_EQ(late("http://2", OnConflict::kRefuse).outcome, Publication::Outcome::kUnchanged);
  EXPECT_EQ(late("http://3", OnConflict::kRetry).announcement.generation, 3U);
}

TEST_F(PublisherTest, on_top_of_another_base_it_asks_again) {
  (void)publish(users_at("http://1"));
  const Base before = publisher_.settle();
  (void)publish(users_at("http://2"));
  std::vector<std::uint64_t> asked;
  Terms how = terms();
  how.on_conflict = OnConflict::kRetry;
  how.approve = [&](const Base& base, const Announcement& next) {
    asked.push_back(base.generation());
    EXPECT_EQ(next.generation, base.generation() + 1);
    return base.generation() == 1;
  };
  EXPECT_EQ(publisher_.publish(before, users_at("http://3"), how).outcome, Publication::Outcome::kNotApproved);
  EXPECT_THAT(asked, ElementsAre(1, 2));
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PublisherTest, a_dry_run_writes_nothing) {
  (void)publish(users_at("http://1"));
  leave_unfinished(users_at("http://2"), 2);
  const auto written = [](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut || call.kind == StoreCall::Kind::kRemove) throw std::logic_error(call.key);
  };
  Publisher publisher(std::make_shared<HookedStore>(store_.store(), written));
  Terms dry = terms();
  dry.dry_run = true;
  const Publication would = publisher.publish(publisher.log().base(), users_at("http://3"), dry);
  EXPECT_EQ(would.outcome, Publication::Outcome::kDryRun);
  EXPECT_EQ(would.announcement.generation, 3U) << "on top of what the next publisher finishes";
  EXPECT_EQ(publisher.publish(publisher.log().base(), users_at("http://2"), dry).outcome, Publication::Outcome::kUnchanged);
}

TEST_F(PublisherTest, an_old_snapshot_is_put_anew_before_it_is_announced_again) {
  const std::string id = publish(users_at("http://1")).announcement.snapshot_id;
  (void)publish(users_at("http://2"));
  const std::filesystem::path file = store_.root() / internal::snapshot_key(id);
  const auto long_ago = std::filesystem::last_write_time(file) - std::chrono::hours(30);
  std::filesystem::last_write_time(file, long_ago);
  (void)publish(users_at("http://1"));
  EXPECT_GT(std::filesystem::last_write_time(file), long_ago + std::chrono::hours(29));
  (void)publish(users_at("http://2"));
  const auto fresh = std::filesystem::last_write_time(file);
  (void)publish(users_at("http://1"));
  EXPECT_EQ(std::filesystem::last_write_time(file), fresh);
}

TEST_F(PublisherTest, a_snapshot_that_is_removed_meanwhile_is_put_again) {
  const std::vector<std::byte> snapshot = users_at("http://1");
  const std::filesystem::path file = store_.root() / internal::snapshot_key(Snapshot::from_bytes(snapshot, "x").id());
  Publisher publisher(std::make_shared<HookedStore>(
      store_.store(), [](const auto&) {},
      [&](const StoreCall& call) {
        if (call.kind == StoreCall::Kind::kPut && call.key == "current") std::filesystem::remove(file);
      }));
  EXPECT_TRUE(changed(publish_with(publisher, snapshot)));
  EXPECT_EQ(support::read_bytes(file), snapshot);
}

// Whether the store did it before its answer was lost, or did not.

TEST_F(PublisherTest, a_lost_answer_is_looked_up) {
  (void)publish(users_at("http://1"));
  const auto lose = [](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut && call.key.starts_with("generations/")) {
      throw Error(ErrorCode::kTimedOut, call.key, "no answer");
    }
  };
  Publisher after(std::make_shared<HookedStore>(
      store_.store(), [](const auto&) {}, lose));
  EXPECT_EQ(publish_with(after, users_at("http://2")).announcement.generation, 2U);
  EXPECT_EQ(live_uri(), "http://2");
  Publisher before(std::make_shared<HookedStore>(store_.store(), lose));
  EXPECT_THAT(error_from([&] { (void)publish_with(before, users_at("http://3")); }),
              IsError(ErrorCode::kTimedOut, store_.root().string(), kNowhere, "it is not known whether generation 3 was announced"));
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PublisherTest, a_lost_answer_to_the_last_step_is_no_failure_when_the_step_was_done) {
  (void)publish(users_at("http://1"));
  bool lost = false;
  Publisher overtaken(std::make_shared<HookedStore>(
      store_.store(), [](const auto&) {},
      [&](const StoreCall& call) {
        if (call.kind != StoreCall::Kind::kPut || call.key != "current" || std::exchange(lost, true)) return;
        (void)publish(users_at("http://3"));
        throw Error(ErrorCode::kInputOutput, call.key, "has changed meanwhile; whether it was written is not known");
      }));
  EXPECT_EQ(publish_with(overtaken, users_at("http://2")).announcement.generation, 2U);
  EXPECT_TRUE(lost);
  EXPECT_EQ(live_uri(), "http://3");
}

TEST_F(PublisherTest, who_fails_behind_the_announcement_says_that_it_is_announced) {
  (void)publish(users_at("http://1"));
  Publisher publisher(std::make_shared<HookedStore>(store_.store(), [](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut && call.key == "current") throw Error(ErrorCode::kInputOutput, call.key, "broken");
  }));
  EXPECT_THAT(
      error_from([&] { (void)publish_with(publisher, users_at("http://2")); }),
      IsError(ErrorCode::kInputOutput, store_.root().string(), kNowhere, "generation 2 is announced, and becomes live with the next"));
  EXPECT_FALSE(changed(publish(users_at("http://2"))));
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PublisherTest, who_is_overtaken_behind_the_announcement_has_published_and_undoes_nothing) {
  (void)publish(users_at("http://1"));
  bool overtaken = false;
  Publisher slow(std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut && call.key == "current" && !std::exchange(overtaken, true)) (void)publish(users_at("http://3"));
  }));
  const Publication published = publish_with(slow, users_at("http://2"));
  EXPECT_TRUE(changed(published));
  EXPECT_EQ(published.announcement.generation, 2U);
  EXPECT_EQ(generation(2).snapshot_id, published.announcement.snapshot_id);
  EXPECT_EQ(live().generation, 3U);
  EXPECT_EQ(live_uri(), "http://3");
}

TEST_F(PublisherTest, what_could_not_be_fetched_is_not_passed_over) {
  (void)publish(users_at("http://1"));
  leave_unfinished(users_at("http://2"), 2);
  Publisher publisher(std::make_shared<HookedStore>(store_.store(), [](const StoreCall& call) {
    if (call.key.starts_with("snapshots/")) throw Error(ErrorCode::kTimedOut, call.key, "no answer");
  }));
  EXPECT_EQ(error_from([&] { (void)publish_with(publisher, users_at("http://3")); }).code(), ErrorCode::kTimedOut);
  EXPECT_EQ(live().generation, 1U);
  EXPECT_EQ(store_.store()->list("generations/").size(), 2U);
}

}  // namespace
}  // namespace almanac::publish
