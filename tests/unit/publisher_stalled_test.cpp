// A publisher that is killed when it has announced a generation in phases: who comes after that generation's time has begun.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "publisher_fixture.h"
#include "support/error_matchers.h"
#include "support/hooked_store.h"

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

class StalledTest : public PublisherTest {
 protected:
  void SetUp() override {
    (void)publish(users_at("http://1"));
    stalled_ = announce_in_phases(users_at("http://2"));
  }
  Base settle() { return publisher_.settle(half_way().now); }
  void expect_untouched() {
    EXPECT_EQ(live().generation, 1U);
    EXPECT_EQ(live_uri(), "http://1");
    EXPECT_THAT(publisher_.log().numbers(), ElementsAre(1, 2));
  }
  void expect_refused(const std::function<void()>& action) {
    EXPECT_THAT(error_from(action), IsError(ErrorCode::kConflict, store_.root().string(), kNowhere,
                                            "generation 2 (revision \"r1\", snapshot " + stalled_.snapshot_id +
                                                ") was announced at 2023-11-14T22:13:20Z with a rollout and never became live"));
    expect_untouched();
  }

  Announcement stalled_;
};

TEST_F(StalledTest, nobody_makes_it_live) {
  const Base base = settle();
  EXPECT_EQ(base.live.value().announcement.generation, 1U);
  EXPECT_TRUE(base.is_current);
  EXPECT_EQ(base.stalled.value().announcement.rollout, stalled_.rollout);
  EXPECT_EQ(base.generation(), 2U);
  EXPECT_EQ(base.last, 2U);
  expect_untouched();
}

TEST_F(StalledTest, nobody_does_when_all_should_have_it_by_now) {
  EXPECT_TRUE(publisher_.settle(terms().now + 2 * kRollout).stalled.has_value());
  expect_untouched();
}

TEST_F(StalledTest, from_its_first_share_on) {
  // A millionth of half an hour is 1.8 ms.
  EXPECT_TRUE(publisher_.settle(kPublished + std::chrono::milliseconds(2)).stalled.has_value());
  expect_untouched();
  EXPECT_FALSE(publisher_.settle(kPublished + std::chrono::milliseconds(1)).stalled.has_value()) << "its schedule is still whole";
  EXPECT_EQ(live().generation, 2U);
}

TEST_F(StalledTest, publications_and_pins_are_refused) {
  expect_refused([&] { (void)publisher_.publish(settle(), users_at("http://3"), half_way()); });
  expect_refused([&] { (void)publisher_.publish(settle(), users_at("http://3"), in_phases(half_way())); });
  expect_refused([&] { (void)publisher_.publish(settle(), users_at("http://2"), half_way()); });
  expect_refused([&] { (void)publisher_.pin(settle(), "freeze", half_way()); });
  Terms dry_run = half_way();
  dry_run.dry_run = true;
  expect_refused([&] { (void)publisher_.publish(publisher_.log().base(dry_run.now), users_at("http://3"), dry_run); });
  EXPECT_EQ(publisher_.publish(settle(), users_at("http://1"), half_way()).outcome, Publication::Outcome::kUnchanged) << "it is live";
}

TEST_F(StalledTest, who_is_refused_is_told_what_can_be_done) {
  EXPECT_THAT(error_from([&] { (void)publisher_.publish(settle(), users_at("http://3"), half_way()); }).what(),
              HasSubstr("; nothing was changed. Withdraw it with rollback " + store_.root().string() +
                        ", bring it to all instances at once with publish --end-rollout --to " + store_.root().string()));
}

TEST_F(StalledTest, a_rollback_withdraws_it_with_one_write_to_current) {
  std::vector<std::string> written;
  publisher_ = Publisher(std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut) written.push_back(call.key);
  }));
  const Base base = settle();
  const Announced target = publisher_.log().before(*base.newest());
  const Publication back = publisher_.roll_back(base, target, publisher_.log().read_snapshot(target), std::nullopt, half_way());
  EXPECT_TRUE(changed(back));
  EXPECT_EQ(back.announcement.rollback_of, 1U);
  EXPECT_EQ(back.replaced.value().generation, 1U);
  EXPECT_EQ(back.passed_over.value().generation, 2U);
  EXPECT_THAT(written, ElementsAre("generations/3", "current"));
  EXPECT_EQ(live().generation, 3U);
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_TRUE(changed(publisher_.publish(settle(), users_at("http://3"), half_way())));
}

TEST_F(StalledTest, a_publication_that_ends_rollouts_goes_over_it) {
  Terms ending = half_way();
  ending.end_rollout = true;
  for (const char* uri : {"http://1", "http://2", "http://3"}) {
    const Publication done = publisher_.publish(settle(), users_at(uri), ending);
    EXPECT_TRUE(changed(done)) << uri;
    EXPECT_EQ(live().rollout, std::nullopt);
    EXPECT_EQ(live_uri(), uri);
    EXPECT_EQ(done.passed_over.has_value(), done.announcement.generation == 3);
  }
  EXPECT_EQ(live().generation, 5U);
}

TEST_F(StalledTest, it_can_be_brought_to_all_without_its_documents) {
  const Publication done = publisher_.end_rollout(settle(), half_way());
  EXPECT_EQ(done.announcement.generation, 3U);
  EXPECT_EQ(done.announcement.snapshot_id, stalled_.snapshot_id);
  EXPECT_EQ(done.passed_over.value().generation, 2U);
  EXPECT_EQ(live().rollout, std::nullopt);
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(StalledTest, only_on_top_of_means_that_one) {
  Terms ending = half_way();
  ending.end_rollout = true;
  ending.if_generation = 1;
  EXPECT_THAT(error_from([&] { (void)publisher_.publish(settle(), users_at("http://3"), ending); }).what(),
              HasSubstr(") is announced, and this was to be published only on top of generation 1; nothing was changed"));
  expect_untouched();
  ending.if_generation = 2;
  EXPECT_TRUE(changed(publisher_.publish(settle(), users_at("http://3"), ending)));
}

TEST_F(StalledTest, one_whose_snapshot_is_gone_is_passed_over) {
  std::filesystem::remove(store_.root() / internal::snapshot_key(stalled_.snapshot_id));
  EXPECT_FALSE(settle().stalled.has_value());
  EXPECT_EQ(publisher_.publish(settle(), users_at("http://3"), half_way()).announcement.generation, 3U);
}

TEST_F(StalledTest, its_publisher_can_still_come_to_its_end) {
  publisher_ = Publisher(std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.key != "generations/3" || call.kind != StoreCall::Kind::kPut) return;
    const Object announced = store_.store()->get("generations/2");
    (void)store_.store()->put("current", announced.bytes, {});
  }));
  const Base base = settle();
  const Announced target = publisher_.log().before(*base.newest());
  (void)publisher_.roll_back(base, target, publisher_.log().read_snapshot(target), std::nullopt, half_way());
  EXPECT_EQ(live().generation, 3U);
  EXPECT_EQ(live_uri(), "http://1");
}

class FinishedTest : public PublisherTest {
 protected:
  void SetUp() override { (void)publish(users_at("http://1")); }

  std::vector<std::uint64_t> begun_;
  std::vector<std::uint64_t> finished_;
  const Publisher::AtFinishing note_ = [this](Step step, std::uint64_t generation) {
    (step == Step::kLive ? finished_ : begun_).push_back(generation);
  };
  Publisher watched_{store_.store(), note_};
};

TEST_F(FinishedTest, who_makes_anothers_generation_live_is_told) {
  (void)watched_.settle();
  EXPECT_THAT(finished_, IsEmpty());
  leave_unfinished(users_at("http://2"), 2);
  (void)watched_.settle();
  EXPECT_THAT(finished_, ElementsAre(2));
  EXPECT_EQ(live().generation, 2U);
  (void)watched_.settle();
  EXPECT_THAT(finished_, ElementsAre(2));
}

TEST_F(FinishedTest, also_when_it_is_not_known_whether_the_write_arrived) {
  leave_unfinished(users_at("http://2"), 2);
  const auto lose_the_answer = [](const StoreCall& call) {
    if (call.key == "current" && call.kind == StoreCall::Kind::kPut) throw Error(ErrorCode::kTimedOut, call.key, "no answer");
  };
  watched_ = Publisher(std::make_shared<HookedStore>(
                           store_.store(), [](const StoreCall&) {}, lose_the_answer),
                       note_);
  (void)watched_.settle();
  EXPECT_THAT(finished_, ElementsAre(2));
}

TEST_F(FinishedTest, whose_publisher_was_faster_is_none) {
  leave_unfinished(users_at("http://2"), 2);
  bool done = false;
  const auto be_faster = [&](const StoreCall& call) {
    if (call.key == "current" && call.kind == StoreCall::Kind::kPut && !std::exchange(done, true)) (void)publisher_.settle();
  };
  watched_ = Publisher(std::make_shared<HookedStore>(store_.store(), be_faster), note_);
  EXPECT_EQ(watched_.settle().generation(), 2U);
  EXPECT_THAT(begun_, ElementsAre(2));
  EXPECT_THAT(finished_, IsEmpty());
}

TEST_F(FinishedTest, then_a_refusal_does_not_say_that_nothing_was_changed) {
  Terms first = terms();
  first.if_generation = 1;
  leave_unfinished(users_at("http://2"), 2);
  EXPECT_THAT(error_from([&] { (void)watched_.publish(watched_.settle(), users_at("http://3"), first); }).what(),
              HasSubstr("only on top of generation 1; nothing more was changed"));
  EXPECT_THAT(error_from([&] { (void)publisher_.publish(publisher_.settle(), users_at("http://3"), first); }).what(),
              HasSubstr("only on top of generation 1; nothing was changed"));
}

TEST_F(FinishedTest, also_in_a_race) {
  const Base base = watched_.settle();
  leave_unfinished(users_at("http://2"), 2);
  EXPECT_THAT(error_from([&] { (void)watched_.publish(base, users_at("http://3"), terms()); }).what(),
              HasSubstr(" was published meanwhile; nothing more was changed"));
  EXPECT_THAT(finished_, ElementsAre(2));
}

}  // namespace
}  // namespace almanac::publish
