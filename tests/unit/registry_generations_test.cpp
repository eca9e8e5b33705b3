// Generations that come to one instance after another.
#include "clocked_registry.h"
#include "last_good.h"
#include "support/file_bytes.h"
#include "support/ruled_registry.h"
#include "support/schedules.h"

namespace almanac::internal {
namespace {

using support::announcement_of;
using support::kPercent;
using support::service;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;
using Outcome = RefreshEvent::Outcome;

std::vector<std::byte> small(std::uint64_t version) {
  return support::snapshot_of({{"prod", {service("users").uri("http://" + std::to_string(version))}}});
}

// With a rollout from "blue" to "green".
std::vector<std::byte> ruled(const std::string& version, Schedule schedule) {
  const std::vector<std::string> names = {"blue", "green"};
  support::RuledSnapshot rules(names);
  rules.rule("blue", {}, {{"green", std::move(schedule)}});
  return support::with_rules(support::snapshot_of_frames(names, version), rules);
}

class RegistryGenerationsTest : public ClockedRegistryTest {
 protected:
  void publish(std::uint64_t generation, std::uint64_t version) {
    const std::vector<std::byte> snapshot = small(version);
    (void)store_->publish_as(announcement_of(generation, snapshot), snapshot);
  }
  // In the place of version `previous`, which was generation `previous`.
  void publish_in_phases(std::uint64_t generation, std::uint64_t version, std::uint64_t previous, Schedule schedule,
                         std::uint64_t seed = 0) {
    const std::vector<std::byte> snapshot = small(version);
    Announcement announcement = announcement_of(generation, snapshot);
    announcement.rollout =
        support::rollout_from(announcement_of(previous, small(previous)), seed == 0 ? generation : seed, std::move(schedule));
    (void)store_->publish_as(announcement, snapshot);
  }
  // The first, and the second in its place an hour after the start.
  void publish_an_hour_ahead() {
    publish(1, 1);
    publish_in_phases(2, 2, 1, support::all_at(kStart + 1h));
  }
  static std::string key_of(std::uint64_t version) { return snapshot_key(announcement_of(1, small(version)).snapshot_id); }
  // The store answers about `current` alone.
  void fail_snapshots(ErrorCode code) {
    store_->script([this, code](std::string_view key, const GetOptions& get) {
      if (key != "current") throw Error(code, std::string(key), "scripted");
      return store_->answer(key, get);
    });
  }
  // A clock that is put back is a moment to look, and nothing else.
  void look(Registry& registry) {
    pass(-1ms);
    (void)registry.view();
  }
  static void expect_serves(Registry& registry, std::uint64_t version, std::uint64_t generation) {
    const View view = registry.view();
    EXPECT_EQ(users(view), "http://" + std::to_string(version));
    EXPECT_EQ(view.generation(), generation);
    EXPECT_EQ(registry.status().generation, generation);
  }
  [[nodiscard]] std::uint64_t generation_kept() const {
    return parse_announcement(LastGood(options_.cache_directory, store_->identity()).read(), "copy").announcement.generation;
  }
};

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

TEST_F(RegistryGenerationsTest, a_large_previous_snapshot_is_read_in_ranges) {
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

TEST_F(RegistryGenerationsTest, a_previous_snapshot_that_is_lost_is_not_waited_for) {
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

TEST_F(RegistryGenerationsTest, one_that_may_come_yet_is_waited_for_unless_there_is_nothing_else) {
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

TEST_F(RegistryGenerationsTest, a_start_asks_for_nothing_twice) {
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

TEST_F(RegistryGenerationsTest, a_damaged_previous_snapshot_is_not_waited_for) {
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

TEST_F(RegistryGenerationsTest, who_must_not_serve_the_previous_one_takes_the_new_one) {
  publish(1, 1);
  publish_in_phases(2, 2, 1, support::ramp(kStart, 30min));
  options_.min_generation = 2;
  Registry registry = open();
  expect_serves(registry, 2, 2);
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
