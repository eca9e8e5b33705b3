// Generations that come to one instance after another.
#include "phased_registry.h"
#include "support/file_bytes.h"
#include "support/ruled_registry.h"
#include "support/schedules.h"

namespace almanac::internal {
namespace {

using support::announcement_of;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;
using Outcome = RefreshEvent::Outcome;

// With a rollout from "blue" to "green".
std::vector<std::byte> ruled(const std::string& version, Schedule schedule) {
  const std::vector<std::string> names = {"blue", "green"};
  support::RuledSnapshot rules(names);
  rules.rule("blue", {}, {{"green", std::move(schedule)}});
  return support::with_rules(support::snapshot_of_frames(names, version), rules);
}

using RegistryGenerationsTest = PhasedRegistryTest;

TEST_F(RegistryGenerationsTest, what_is_open_is_served_until_the_moment) {
  publish(1, 1);
  Registry registry = open();
  publish_in_phases(2, 2, 1, support::ramp(kStart, 30min));
  look(registry);
  expect_serves(registry, 1, 1);
  EXPECT_EQ(events_.back().outcome, Outcome::kUnchanged);
  const RegistryStatus before = registry.status();
  EXPECT_EQ(before.next_generation, 2U);
  EXPECT_FALSE(before.generation_rollout->moved);
  EXPECT_EQ(before.revision, "r1");
  EXPECT_EQ(asked_since(1), std::vector<std::string>{"current"});
  const Moment moment = moment_of(before.generation_rollout->moves);
  EXPECT_GT(moment, kStart);
  EXPECT_LE(moment, kStart + 30min);
  set_clock(moment - 1ms);
  expect_serves(registry, 1, 1);
  EXPECT_EQ(store_->gets().size(), 2U);
  set_clock(moment);
  expect_serves(registry, 2, 2);
  EXPECT_EQ(asked_since(2), std::vector<std::string>{"current"});
  EXPECT_EQ(store_->gets().back().options.if_none_match, store_->answer("current", {})->etag);
  EXPECT_EQ(events_.back().outcome, Outcome::kChanged);
  const RegistryStatus after = registry.status();
  EXPECT_EQ(after.next_generation, 0U);
  EXPECT_TRUE(after.generation_rollout->moved);
  EXPECT_EQ(after.revision, "r2");
  EXPECT_EQ(generation_kept(), 2U);
}

TEST_F(RegistryGenerationsTest, a_cold_start_before_its_moment_is_one_request_more) {
  publish(1, 1);
  publish_in_phases(2, 2, 1, support::ramp(kStart, 30min));
  Registry registry = open();
  EXPECT_THAT(asked_since(0), ElementsAre("current", key_of(1)));
  EXPECT_EQ(store_->gets().back().options.size, small(1).size());
  EXPECT_LE(store_->gets().back().options.deadline, std::chrono::steady_clock::now() + options_.open_deadline);
  expect_serves(registry, 1, 1);
  EXPECT_EQ(registry.status().origin, Origin::kStore);
  EXPECT_EQ(registry.status().revision, "r1");
  EXPECT_EQ(registry.status().published, announcement_of(1, small(1)).published);
  EXPECT_EQ(registry.status().next_generation, 2U);
  EXPECT_EQ(generation_kept(), 1U);
  // A start without the store has the copy.
  store_->fail_with(ErrorCode::kTimedOut);
  Registry offline = open_as("i-2");
  expect_serves(offline, 1, 1);
  EXPECT_EQ(offline.status().origin, Origin::kCache);
  store_->heal();

  set_clock(kStart + 30min);
  const std::size_t before = store_->gets().size();
  expect_serves(registry, 2, 2);
  EXPECT_EQ(asked_since(before), std::vector<std::string>{"current"});
  const std::size_t then = store_->gets().size();
  Registry late = open_as("i-3");
  expect_serves(late, 2, 2);
  EXPECT_EQ(asked_since(then), std::vector<std::string>{"current"});
}

TEST_F(RegistryGenerationsTest, a_look_that_fails_does_not_stop_it) {
  publish_an_hour_ahead();
  Registry registry = open();
  store_->fail_with(ErrorCode::kTimedOut);
  set_clock(kStart + 1h);
  expect_serves(registry, 2, 2);
  EXPECT_EQ(registry.status().failures, 1U);
  EXPECT_EQ(events_.back().outcome, Outcome::kChanged);
}

TEST_F(RegistryGenerationsTest, a_new_one_that_cannot_be_opened_is_tried_again) {
  options_.max_age = 60s;
  publish(1, 1);
  publish_in_phases(2, 2, 1, support::all_at(kStart + 10s));
  const std::vector<std::byte> whole = store_->get("current").bytes;
  Announcement announcement = parse_announcement(whole, "current").announcement;
  (void)store_->publish_as(announcement, small(2), 0);
  Registry registry = open();
  fail_snapshots(ErrorCode::kTimedOut);
  set_clock(kStart + 10s);
  expect_serves(registry, 1, 1);
  EXPECT_THAT(registry.status().last_error, HasSubstr("scripted"));
  EXPECT_EQ(registry.status().next_generation, 2U);
  store_->heal();
  pass(60s);
  expect_serves(registry, 2, 2);
  EXPECT_EQ(registry.status().failures, 0U);
}

TEST_F(RegistryGenerationsTest, a_rollback_ends_it_at_once) {
  publish(1, 1);
  Registry early = open();
  publish_in_phases(2, 2, 1, support::all_at(kStart + 1h));
  look(early);
  Registry late = open_as("i-2");
  set_clock(kStart + 1h);
  expect_serves(late, 2, 2);
  set_clock(kStart);
  publish(3, 1);
  look(early);
  look(late);
  expect_serves(early, 1, 3);
  expect_serves(late, 1, 3);
  EXPECT_FALSE(early.status().generation_rollout);
  EXPECT_EQ(early.status().next_generation, 0U);
  set_clock(kStart + 2h);
  expect_serves(early, 1, 3);
}

TEST_F(RegistryGenerationsTest, pins_carry_it_on_and_nobody_moves_back) {
  publish_an_hour_ahead();
  Registry moved = open();
  set_clock(kStart + 1h);
  expect_serves(moved, 2, 2);
  set_clock(kStart);  // and the clock is put back
  publish_in_phases(3, 2, 1, support::all_at(kStart + 1h), 2);
  Registry waiting = open_as("i-2");
  expect_serves(moved, 2, 3);
  EXPECT_EQ(moved.status().next_generation, 0U);
  expect_serves(waiting, 1, 1);
  EXPECT_EQ(waiting.status().next_generation, 3U);
  publish_in_phases(4, 2, 1, support::all_at(kStart + 1h), 2);
  look(waiting);
  expect_serves(waiting, 1, 1);
  set_clock(kStart + 1h);
  expect_serves(waiting, 2, 4);
}

TEST_F(RegistryGenerationsTest, whoever_ends_it_ends_it_for_everyone) {
  publish_an_hour_ahead();
  Registry registry = open();
  expect_serves(registry, 1, 1);
  publish(3, 2);
  look(registry);
  expect_serves(registry, 2, 3);
  EXPECT_FALSE(registry.status().generation_rollout);
}

// What it would bring may be what the newer one is there to end.
TEST_F(RegistryGenerationsTest, it_is_not_gone_on_with_once_something_newer_is_announced) {
  options_.max_age = 60s;
  publish_an_hour_ahead();
  Registry registry = open();
  const std::vector<std::byte> third = small(3);
  store_->erase(store_->publish_as(announcement_of(3, third), third, 0));
  pass(60s);
  expect_serves(registry, 1, 1);
  EXPECT_EQ(registry.status().failures, 1U);
  store_->fail_with(ErrorCode::kTimedOut);
  set_clock(kStart + 1h);
  expect_serves(registry, 1, 1);
  EXPECT_EQ(registry.status().failures, 2U);
  store_->heal();
  publish(3, 3);
  pass(1h);
  expect_serves(registry, 3, 3);
}

TEST_F(RegistryGenerationsTest, an_older_announcement_than_the_one_that_waits_is_refused) {
  publish(1, 1);
  publish_in_phases(3, 3, 1, support::all_at(kStart + 1h));
  Registry registry = open();
  publish(2, 2);
  look(registry);
  expect_serves(registry, 1, 1);
  EXPECT_THAT(registry.status().last_error, HasSubstr("announces generation 2, older than 3 which was announced before"));
}

TEST_F(RegistryGenerationsTest, one_that_was_missed_is_caught_up_with) {
  publish(1, 1);
  Registry registry = open();
  publish(2, 2);
  publish_in_phases(3, 3, 2, support::all_at(kStart + 1h));
  look(registry);
  expect_serves(registry, 2, 2);
  EXPECT_THAT(asked_since(1), ElementsAre("current", key_of(2)));
  set_clock(kStart + 1h);
  expect_serves(registry, 3, 3);
}

TEST_F(RegistryGenerationsTest, a_copy_and_a_bundle_are_served_as_they_are) {
  publish_in_phases(2, 2, 1, support::all_at(kStart + 1h));
  options_.bundled = folder_ / "bundled";
  support::write_bytes(options_.bundled, store_->get("current").bytes);
  store_->fail_with(ErrorCode::kTimedOut);
  Registry registry = open();
  expect_serves(registry, 2, 2);
  EXPECT_EQ(registry.status().origin, Origin::kBundled);
  EXPECT_FALSE(registry.status().generation_rollout);
  // Who has it does not go back when the store is there again.
  store_->heal();
  look(registry);
  pass(1s);
  set_clock(kStart - 1h);
  expect_serves(registry, 2, 2);
  EXPECT_EQ(registry.status().origin, Origin::kStore);
  EXPECT_TRUE(registry.status().generation_rollout->moved);
}

TEST_F(RegistryGenerationsTest, both_kinds_of_rollout_go_on_at_once) {
  const std::vector<std::byte> first = ruled("1", support::all_at(kStart + 2h));
  const std::vector<std::byte> second = ruled("2", support::all_at(kStart + 2h));
  (void)store_->publish_as(announcement_of(1, first), first);
  Announcement announcement = announcement_of(2, second);
  announcement.rollout = support::rollout_from(announcement_of(1, first), 2, support::all_at(kStart + 1h));
  (void)store_->publish_as(announcement, second);
  Registry registry = open();
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  set_clock(kStart + 1h);
  EXPECT_EQ(users(registry.view()), "http://blue/2");
  set_clock(kStart + 2h);
  EXPECT_EQ(users(registry.view()), "http://green/2");
  Registry other = open_as("i-2");
  EXPECT_EQ(users(other.view()), "http://green/2");
}

TEST_F(RegistryGenerationsTest, a_move_that_is_overdue_hides_no_other) {
  options_.max_age = 1h;
  const std::vector<std::byte> first = ruled("1", support::all_at(kStart + 10s));
  const std::vector<std::byte> second = ruled("2", support::all_at(kStart + 10s));
  const std::string key = store_->publish_head(1, first);
  Registry registry = open();
  Announcement announcement = announcement_of(2, second);
  announcement.rollout = support::rollout_from(announcement_of(1, first), 2, support::all_at(kStart + 20s));
  (void)store_->publish_as(announcement, second);
  look(registry);
  EXPECT_EQ(registry.status().next_generation, 2U);
  store_->script([&](std::string_view asked, const GetOptions& get) {
    if (asked == key) throw Error(ErrorCode::kTimedOut, key, "no frame today");
    return store_->answer(asked, get);
  });
  set_clock(kStart + 10s);
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  EXPECT_EQ(registry.status().failures, 1U);
  set_clock(kStart + 20s);
  EXPECT_EQ(users(registry.view()), "http://green/2");
}

TEST_F(RegistryGenerationsTest, a_generation_is_judged_by_the_latest_time_unless_the_clock_was_wrong) {
  options_.max_age = 0ms;
  publish(1, 1);
  Registry registry = open();
  set_clock(kStart + 20min);
  (void)registry.view();
  publish_in_phases(2, 2, 1, support::all_at(kStart + 10min));
  set_clock(kStart);
  expect_serves(registry, 2, 2);

  set_clock(kStart + 24h);
  (void)registry.view();
  publish_in_phases(3, 3, 2, support::all_at(kStart + 2h));
  set_clock(kStart + 30min);
  expect_serves(registry, 2, 2);
  EXPECT_EQ(registry.status().next_generation, 3U);
  EXPECT_EQ(registry.status().generation_rollout->share, 0U);
  set_clock(kStart + 2h);
  expect_serves(registry, 3, 3);
}

TEST_F(RegistryGenerationsTest, a_thousand_instances_follow_the_ramp_until_a_rollback_returns_all) {
  constexpr int kInstances = 1000;
  options_.max_age = 30s;
  publish(1, 1);
  std::vector<Registry> registries;
  for (int i = 0; i < kInstances; ++i) registries.push_back(open_as("i-" + std::to_string(i)));
  publish_in_phases(2, 2, 1, support::ramp(kStart, 20min));
  std::vector<bool> has_moved(kInstances, false);
  for (int minute = 1; minute <= 15; ++minute) {
    set_clock(kStart + minute * 1min);
    int moved = 0;
    for (std::size_t i = 0; i < registries.size(); ++i) {
      const bool is_new = registries[i].view().generation() == 2;
      EXPECT_TRUE(is_new || !has_moved[i]);
      has_moved[i] = is_new;
      moved += static_cast<int>(is_new);
    }
    EXPECT_NEAR(moved, kInstances * minute / 20, 60);
  }
  publish(3, 1);
  pass(1min);
  for (Registry& registry : registries) expect_serves(registry, 1, 3);
}

}  // namespace
}  // namespace almanac::internal
