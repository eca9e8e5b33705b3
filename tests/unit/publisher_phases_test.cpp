// Generations that come to instances one after another: how they begin, go on, and end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "publisher_fixture.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/hooked_store.h"
#include "support/store_keys.h"

namespace almanac::publish {
namespace {

using internal::GenerationRollout;
using support::error_from;
using support::HookedStore;
using support::IsError;
using support::kNowhere;
using support::StoreCall;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PhasesTest : public PublisherTest {
 protected:
  Publication publish_half_way(const std::vector<std::byte>& snapshot, bool end_rollout) {
    Terms terms = half_way();
    terms.end_rollout = end_rollout;
    return publisher_.publish(publisher_.settle(), snapshot, terms);
  }
  Publication roll_back_half_way(std::optional<std::uint64_t> generation = std::nullopt) {
    const Base base = publisher_.settle();
    const Announced target = generation ? publisher_.log().get(*generation) : publisher_.log().before(base.live->announcement);
    return publisher_.roll_back(base, target, publisher_.log().read_snapshot(target), std::nullopt, half_way());
  }
  // When all instances have moved.
  [[nodiscard]] static Terms after() {
    Terms after = terms();
    after.now += kRollout;
    return after;
  }
  // As the reader sees it, of the generation that is live.
  [[nodiscard]] RolloutStatus status_of(const std::string& instance, std::chrono::system_clock::time_point at) {
    Caller caller;
    caller.set("instance", instance);
    return live().rollout.value().status_for(caller, internal::moment_of(at));
  }
  [[nodiscard]] std::filesystem::path file_of(const Announcement& announcement) const {
    return store_.root() / internal::snapshot_key(announcement.snapshot_id);
  }
};

TEST_F(PhasesTest, a_publication_tells_what_instances_move_from_and_when) {
  const Announcement before = publish(users_at("http://1")).announcement;
  const Publication done = publish_in_phases(users_at("http://2"));
  EXPECT_TRUE(changed(done));
  const GenerationRollout rollout = live().rollout.value();
  EXPECT_EQ(rollout, done.announcement.rollout);
  EXPECT_EQ(rollout.previous_generation, 1U);
  EXPECT_EQ(rollout.previous_id, before.snapshot_id);
  EXPECT_EQ(rollout.previous_size, before.snapshot_size);
  EXPECT_EQ(rollout.previous_published, before.published);
  EXPECT_EQ(rollout.previous_revision, before.revision);
  EXPECT_EQ(rollout.seed, 2U);
  EXPECT_EQ(rollout.schedule, in_phases(terms()).schedule);
  EXPECT_EQ(generation(2).rollout, rollout);
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_FALSE(status_of("i-1", kPublished).moved);
  EXPECT_TRUE(status_of("i-1", kPublished + kRollout).moved);
}

TEST_F(PhasesTest, the_first_generation_is_for_all_at_once) {
  EXPECT_TRUE(changed(publish_in_phases(users_at("http://1"))));
  EXPECT_EQ(live().rollout, std::nullopt);
}

TEST_F(PhasesTest, nothing_is_published_over_a_rollout_until_it_is_complete) {
  (void)publish(users_at("http://1"));
  const std::string id = publish_in_phases(users_at("http://2")).announcement.snapshot_id;
  const auto refused = IsError(ErrorCode::kConflict, store_.root().string(), kNowhere,
                               "generation 2 (revision \"r1\", snapshot " + id +
                                   ") is on its way to instances: 50 % now, all at 2023-11-14T22:43:20Z; nothing was changed");
  EXPECT_THAT(error_from([&] { (void)publish_half_way(users_at("http://3"), false); }), refused);
  EXPECT_THROW((void)publish_in_phases(users_at("http://3")), Refused);
  EXPECT_EQ(publish_half_way(users_at("http://2"), false).outcome, Publication::Outcome::kUnchanged) << "it is what is live already";
  EXPECT_EQ(live().generation, 2U);

  EXPECT_EQ(publisher_.publish(publisher_.settle(), users_at("http://3"), after()).announcement.generation, 3U);
  EXPECT_EQ(live().rollout, std::nullopt);
}

TEST_F(PhasesTest, who_retries_does_not_go_on_top_of_a_rollout_that_came_meanwhile) {
  (void)publish(users_at("http://1"));
  const Base base = publisher_.settle();
  (void)publish_in_phases(users_at("http://2"));
  Terms retry = half_way();
  retry.on_conflict = OnConflict::kRetry;
  try {
    (void)publisher_.publish(base, users_at("http://3"), retry);
    FAIL() << "it was published";
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.reason(), Refused::Reason::kRollout);
    EXPECT_EQ(refused.winner().value().generation, 2U);
  }
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PhasesTest, a_publication_can_end_it_for_all_at_once) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  const Publication done = publish_half_way(users_at("http://3"), true);
  EXPECT_EQ(done.announcement.generation, 3U);
  EXPECT_EQ(done.replaced.value().generation, 2U);
  EXPECT_EQ(live().rollout, std::nullopt);
  EXPECT_EQ(live_uri(), "http://3");
}

TEST_F(PhasesTest, so_can_that_of_the_snapshot_which_is_live) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  EXPECT_EQ(publish_half_way(users_at("http://2"), true).announcement.generation, 3U);
  EXPECT_EQ(live().rollout, std::nullopt);
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_EQ(publish_half_way(users_at("http://2"), true).outcome, Publication::Outcome::kUnchanged) << "there is nothing to end";
  EXPECT_EQ(roll_back().announcement.rollback_of, 1U);
}

TEST_F(PhasesTest, what_ends_a_rollout_does_not_begin_one) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  Terms both = in_phases(half_way());
  both.end_rollout = true;
  (void)publisher_.publish(publisher_.settle(), users_at("http://3"), both);
  EXPECT_EQ(live().rollout, std::nullopt) << "who has not moved from 1 would be told to stay on 2";
  both.now += kRollout;
  (void)publisher_.publish(publisher_.settle(), users_at("http://4"), both);
  EXPECT_EQ(live().rollout.value().previous_generation, 3U) << "nothing was left to end";
}

TEST_F(PhasesTest, a_rollback_ends_it_with_one_write_to_current) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish_in_phases(users_at("http://3"));
  std::vector<std::string> written;
  const auto note = [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut) written.push_back(call.key);
  };
  publisher_ = Publisher(std::make_shared<HookedStore>(store_.store(), note));
  const Publication back = roll_back_half_way();
  EXPECT_THAT(written, ElementsAre("generations/4", "current"));
  EXPECT_EQ(back.announcement.rollback_of, 2U);
  EXPECT_EQ(back.replaced.value().generation, 3U);
  EXPECT_EQ(live().rollout, std::nullopt);
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PhasesTest, a_rollback_after_the_end_goes_to_the_same_snapshot) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  Terms after = terms();
  after.now += 2 * kRollout;
  const Base base = publisher_.settle();
  const Announced target = publisher_.log().before(base.live->announcement);
  (void)publisher_.roll_back(base, target, publisher_.log().read_snapshot(target), std::nullopt, after);
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PhasesTest, a_rollback_needs_nothing_of_the_log) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish_in_phases(users_at("http://3"));
  support::write_bytes(store_.root() / "generations/2", internal::as_bytes("damaged"));
  EXPECT_EQ(publisher_.log().before(live()).announcement.generation, 2U);
  std::filesystem::remove(store_.root() / "generations/2");
  EXPECT_EQ(roll_back_half_way().announcement.rollback_of, 2U);
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PhasesTest, a_rollback_to_what_is_on_its_way_is_for_all_at_once) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  EXPECT_EQ(roll_back_half_way(2).announcement.generation, 3U);
  EXPECT_EQ(live().rollout, std::nullopt);
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PhasesTest, a_rollback_to_what_once_came_in_phases_does_not_bring_them_back) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  (void)publish_half_way(users_at("http://3"), true);
  EXPECT_EQ(roll_back_half_way(2).announcement.rollout, std::nullopt);
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(PhasesTest, pins_carry_it_on) {
  (void)publish(users_at("http://1"));
  const GenerationRollout begun = publish_in_phases(users_at("http://2")).announcement.rollout.value();
  (void)publisher_.pin(publisher_.settle(), "freeze", half_way());
  EXPECT_EQ(live().generation, 3U);
  EXPECT_EQ(live().rollout, begun);
  (void)publisher_.unpin(publisher_.settle(), half_way());
  EXPECT_EQ(live().generation, 4U);
  EXPECT_EQ(live().rollout, begun);
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_EQ(roll_back_half_way().announcement.rollback_of, 1U);
  EXPECT_EQ(live_uri(), "http://1");
}

// By a clock that is fast; instances with others have not all moved.
TEST_F(PhasesTest, so_does_a_pin_for_which_it_is_complete) {
  (void)publish(users_at("http://1"));
  const GenerationRollout begun = publish_in_phases(users_at("http://2")).announcement.rollout.value();
  (void)publisher_.pin(publisher_.settle(), "freeze", after());
  EXPECT_EQ(live().rollout, begun);
  (void)publisher_.unpin(publisher_.settle(), after());
  EXPECT_EQ(live().rollout, begun);
  EXPECT_EQ(roll_back().announcement.rollback_of, 1U);
}

TEST_F(PhasesTest, who_finishes_for_a_killed_publisher_before_it_begins_keeps_it) {
  (void)publish(users_at("http://1"));
  const GenerationRollout begun = announce_in_phases(users_at("http://2")).rollout.value();
  EXPECT_EQ(live().generation, 1U);
  EXPECT_EQ(publisher_.settle(kPublished).live->announcement.rollout, begun);
  EXPECT_EQ(live().rollout, begun);
}

TEST_F(PhasesTest, so_does_who_puts_a_lost_current_back) {
  (void)publish(users_at("http://1"));
  const GenerationRollout begun = publish_in_phases(users_at("http://2")).announcement.rollout.value();
  std::filesystem::remove(store_.root() / "current");
  EXPECT_EQ(publisher_.settle(half_way().now).live->announcement.rollout, begun);
  EXPECT_EQ(live().rollout, begun);
}

TEST_F(PhasesTest, so_does_who_finishes_a_pin_of_it) {
  (void)publish(users_at("http://1"));
  const GenerationRollout begun = publish_in_phases(users_at("http://2")).announcement.rollout.value();
  const std::vector<std::byte> current = support::read_bytes(store_.root() / "current");
  (void)publisher_.pin(publisher_.settle(), "freeze", half_way());
  support::write_bytes(store_.root() / "current", current);
  EXPECT_EQ(publisher_.settle(half_way().now).generation(), 3U);
  EXPECT_EQ(live().generation, 3U);
  EXPECT_EQ(live().rollout, begun);
}

TEST_F(PhasesTest, what_lost_is_told_when_more_than_its_rollout_begins) {
  (void)publish(users_at("http://1"));
  const Base base = publisher_.settle();
  (void)announce_in_phases(users_at("http://2"));
  Terms ending = half_way();
  ending.end_rollout = true;
  try {
    (void)publisher_.publish(base, users_at("http://3"), ending);
    FAIL() << "it was published over what came meanwhile";
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.reason(), Refused::Reason::kConflict);
    EXPECT_EQ(refused.winner().value().generation, 2U);
  }
}

TEST_F(PhasesTest, it_begins_with_no_clock_that_is_behind_what_is_live) {
  (void)publish(users_at("http://1"));
  Terms behind = terms();
  behind.now -= std::chrono::milliseconds(1);
  for (const bool dry : {true, false}) {
    Terms terms = in_phases(behind);
    terms.dry_run = dry;
    EXPECT_THAT(error_from([&] { (void)publisher_.publish(publisher_.settle(), users_at("http://2"), terms); }),
                IsError(ErrorCode::kConflict, store_.root().string(), kNowhere,
                        "it is 2023-11-14T22:13:19.999Z by this clock, and generation 1, which is live, was published at "
                        "2023-11-14T22:13:20Z: a rollout that begins in the past would skip instances; nothing was changed"));
  }
  EXPECT_EQ(live().generation, 1U);
  EXPECT_TRUE(changed(publisher_.publish(publisher_.settle(), users_at("http://2"), behind))) << "at once, it can";
}

TEST_F(PhasesTest, what_is_mended_keeps_it) {
  (void)publish(users_at("http://1"));
  const std::vector<std::byte> large = large_users_at("http://2");
  const Publication done = publish_in_phases(large);
  std::filesystem::remove(file_of(done.announcement));
  const Publication mended = publish_half_way(large, false);
  EXPECT_EQ(mended.outcome, Publication::Outcome::kUnchanged);
  EXPECT_TRUE(mended.mended);
  EXPECT_EQ(live().rollout, done.announcement.rollout);
  EXPECT_TRUE(std::filesystem::exists(file_of(done.announcement)));
}

// Until then `current` may be all that has the snapshot, and it is about to be replaced.
TEST_F(PhasesTest, what_instances_stay_on_is_in_the_store_beside_current) {
  const std::vector<std::byte> first = users_at("http://1");
  const Announcement before = publish(first).announcement;
  std::filesystem::remove(file_of(before));
  Terms dry_run = in_phases(terms());
  dry_run.dry_run = true;
  EXPECT_EQ(publisher_.publish(publisher_.settle(), users_at("http://2"), dry_run).outcome, Publication::Outcome::kDryRun);
  EXPECT_THAT(support::keys_of(*store_.store(), "snapshots/"), IsEmpty());
  (void)publish_in_phases(users_at("http://2"));
  EXPECT_EQ(support::read_bytes(file_of(before)), first);
}

TEST_F(PhasesTest, a_damaged_copy_of_it_is_replaced) {
  const std::vector<std::byte> first = users_at("http://1");
  const Announcement before = publish(first).announcement;
  support::write_bytes(file_of(before), internal::as_bytes("damaged"));
  (void)publish_in_phases(users_at("http://2"));
  EXPECT_EQ(support::read_bytes(file_of(before)), first);
}

TEST_F(PhasesTest, it_cannot_begin_from_a_snapshot_that_is_gone) {
  const Announcement before = publish(large_users_at("http://1")).announcement;
  std::filesystem::remove(file_of(before));
  Terms dry_run = in_phases(terms());
  for (const bool dry : {true, false}) {
    dry_run.dry_run = dry;
    try {
      (void)publisher_.publish(publisher_.settle(), users_at("http://2"), dry_run);
      FAIL() << "it was published";
    } catch (const Refused& refused) {
      EXPECT_EQ(refused.reason(), Refused::Reason::kRollout);
      EXPECT_THAT(refused.what(), HasSubstr("instances that wait for their turn could not go on with generation 1: "));
    }
  }
  EXPECT_EQ(live().generation, 1U);
  EXPECT_TRUE(changed(publish(users_at("http://2"))));
}

TEST_F(PhasesTest, a_schedule_that_readers_would_refuse_is_not_announced) {
  (void)publish(users_at("http://1"));
  Terms wrong = terms();
  const internal::Moment now = internal::moment_of(kPublished);
  for (const internal::Schedule& schedule : {internal::Schedule{}, internal::Schedule{{{now, 1}, {now, kWholeShare}}, false},
                                             internal::Schedule{{{now, 0}, {now + kRollout, kWholeShare - 1}}, true}}) {
    wrong.schedule = schedule;
    EXPECT_EQ(error_from([&] { (void)publisher_.publish(publisher_.settle(), users_at("http://2"), wrong); }).code(),
              ErrorCode::kInvalidArgument);
  }
  EXPECT_EQ(live().generation, 1U);
}

TEST_F(PhasesTest, who_is_interrupted_knows_what_was_reached) {
  (void)publish(users_at("http://1"));
  std::vector<Step> reached;
  std::vector<std::string> written;
  const auto note = [&](const StoreCall& call) {
    if (call.kind != StoreCall::Kind::kPut) return;
    written.push_back(call.key);
    EXPECT_EQ(reached.size(), call.key == "generations/2" ? 1U : call.key == "current" ? 2U : 0U) << call.key;
  };
  Terms terms = PublisherTest::terms();
  terms.at_step = [&](Step step, std::uint64_t number) {
    EXPECT_EQ(number, 2U);
    reached.push_back(step);
  };
  Publisher watched(std::make_shared<HookedStore>(store_.store(), note));
  (void)watched.publish(watched.settle(), users_at("http://2"), terms);
  EXPECT_THAT(reached, ElementsAre(Step::kAnnouncing, Step::kAnnounced, Step::kLive));
  EXPECT_THAT(written, ElementsAre(HasSubstr("snapshots/"), "generations/2", "current"));
}

TEST_F(PhasesTest, who_is_interrupted_after_losing_a_race_has_announced_nothing) {
  (void)publish(users_at("http://1"));
  std::vector<Step> reached;
  const auto be_faster = [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut && call.key == "generations/2") (void)publish(users_at("http://2"));
  };
  Terms terms = PublisherTest::terms();
  terms.at_step = [&](Step step, std::uint64_t) { reached.push_back(step); };
  Publisher slow(std::make_shared<HookedStore>(store_.store(), be_faster));
  EXPECT_THROW((void)slow.publish(slow.settle(), users_at("http://3"), terms), Refused);
  EXPECT_THAT(reached, ElementsAre(Step::kAnnouncing, Step::kNotAnnounced));
}

}  // namespace
}  // namespace almanac::publish
