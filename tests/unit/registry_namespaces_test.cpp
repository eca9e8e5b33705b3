// Which namespace a registry serves to a caller that names none, while rollouts between namespaces go on.
#include <semaphore>
#include <set>
#include <thread>

#include "clocked_registry.h"
#include "support/error_matchers.h"
#include "support/ruled_registry.h"
#include "support/schedules.h"

namespace almanac::internal {
namespace {

using support::kPercent;
using support::RuledSnapshot;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;
using Outcome = RefreshEvent::Outcome;

const std::vector<std::string> kNamespaces = {"blue", "green", "red"};

class RegistryNamespacesTest : public ClockedRegistryTest {
 protected:
  // Large: every namespace is asked for by itself.
  void publish(std::uint64_t generation, RuledSnapshot rules) {
    key_ =
        store_->publish_head(generation, support::with_rules(support::snapshot_of_frames(kNamespaces, std::to_string(generation)), rules));
  }
  [[nodiscard]] static RuledSnapshot rollout(Schedule schedule, RolloutBy by = RolloutBy::kInstance) {
    RuledSnapshot rules(kNamespaces);
    rules.rule("blue", {}, {{"green", std::move(schedule)}}, by);
    return rules;
  }
  // Of the caller that a registry has, in the rollout of its rule.
  [[nodiscard]] static Moment moment_of_move(const Registry& registry) {
    return internal::moment_of(registry.status().namespace_rollout.value().moves);
  }
  [[nodiscard]] static std::string name_for(Registry& registry, const std::string& key) {
    const View view = registry.view();
    return std::string(view.for_key(key).name());
  }
  // The store answers about `current`, and has no frames today.
  void fail_frames() {
    store_->script([this](std::string_view asked, const GetOptions& get) {
      if (asked != "current") throw Error(ErrorCode::kTimedOut, std::string(asked), "no frame today");
      return store_->answer(asked, get);
    });
  }

  std::string key_;  // of the snapshot
};

TEST_F(RegistryNamespacesTest, who_names_one_gets_that) {
  publish(1, rollout(support::always(100 * kPercent)));
  environment_.set("ALMANAC_NAMESPACE", "red");
  EXPECT_EQ(users(open().view()), "http://red/1");
  options_.namespace_name = "blue";
  Registry registry = open();
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  const View view = registry.view();
  EXPECT_EQ(view.in("green").find("users")->uri(), "http://green/1");
  EXPECT_EQ(registry.status().rule, 0U);
  EXPECT_EQ(registry.status().namespace_name, "blue");
  EXPECT_FALSE(registry.status().namespace_rollout);
}

TEST_F(RegistryNamespacesTest, the_first_rule_that_matches_the_caller_counts) {
  RuledSnapshot rules(kNamespaces);
  rules.rule("red", {{"role", {"web-*"}}, {"tag.stage", {"live", "prod"}}}).rule("green", {{"role", {"web-*"}}}).rule("blue", {});
  publish(1, rules);
  EXPECT_EQ(users(open().view()), "http://blue/1");
  environment_.set("ALMANAC_CALLER", "role=web-1");
  options_.caller.reset();
  EXPECT_EQ(users(open().view()), "http://green/1");
  environment_.set("ALMANAC_CALLER", "role=web-1,tag.stage=live");
  const Registry registry = open();
  EXPECT_EQ(registry.status().namespace_name, "red");
  EXPECT_EQ(registry.status().rule, 1U);
  EXPECT_EQ(registry.caller().get("tag.stage"), "live");
}

TEST_F(RegistryNamespacesTest, registries_without_an_instance_move_as_one) {
  publish(1, rollout(support::ramp(kStart, 100min)));
  options_.caller = Caller();
  Registry first = open();
  Registry second = open();
  EXPECT_EQ(first.caller().get("instance"), first.status().instance);
  EXPECT_EQ(first.status().instance, second.status().instance);
  EXPECT_EQ(moment_of_move(first), moment_of_move(second));
  set_clock(moment_of_move(first));
  EXPECT_EQ(users(first.view()), "http://green/1");
  EXPECT_EQ(users(second.view()), "http://green/1");
}

TEST_F(RegistryNamespacesTest, no_rule_that_matches_is_an_error_that_tells_what_was_tried) {
  RuledSnapshot rules(kNamespaces);
  rules.rule("red", {{"role", {"web-*"}}});
  publish(1, rules);
  const Error error = support::error_from([&] { (void)open(); });
  EXPECT_EQ(error.code(), ErrorCode::kNotFound);
  EXPECT_THAT(error.what(), HasSubstr("its only caller rule does not match; rule 1: role is not known, and it wants \"web-*\"; give "
                                      "properties by ALMANAC_CALLER or RegistryOptions::caller, or a namespace by ALMANAC_NAMESPACE; "
                                      "inspect-snapshot explain tells more; (2) the last good copy: "));
}

TEST_F(RegistryNamespacesTest, a_caller_moves_at_its_moment_and_only_then_is_the_other_fetched) {
  publish(1, rollout(support::linear(kStart, 20 * kPercent, 6min)));
  Registry registry = open();
  EXPECT_THAT(asked_since(0), ElementsAre("current", key_));
  const RegistryStatus before = registry.status();
  EXPECT_EQ(before.going_to, "green");
  EXPECT_EQ(before.namespace_rollout->share, 0U);
  EXPECT_FALSE(before.namespace_rollout->moved);
  const Moment moment = moment_of_move(registry);
  set_clock(moment - 1ms);
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  EXPECT_EQ(store_->gets().size(), 2U);
  set_clock(moment);
  EXPECT_EQ(users(registry.view()), "http://green/1");
  EXPECT_THAT(asked_since(2), ElementsAre("current", key_));
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].outcome, Outcome::kChanged);
  EXPECT_EQ(events_[0].error, "");
  EXPECT_EQ(registry.status().namespace_name, "green");
  EXPECT_TRUE(registry.status().namespace_rollout->moved);
  pass(24h);
  EXPECT_EQ(users(registry.view()), "http://green/1");
  EXPECT_EQ(store_->gets().size(), 4U);
}

TEST_F(RegistryNamespacesTest, who_has_moved_from_the_start_needs_that_one_alone) {
  publish(1, rollout(support::always(100 * kPercent)));
  Registry registry = open();
  EXPECT_EQ(users(registry.view()), "http://green/1");
  EXPECT_THAT(asked_since(0), ElementsAre("current", key_));
  EXPECT_TRUE(registry.status().namespace_rollout->moved);
}

TEST_F(RegistryNamespacesTest, a_rollout_that_never_reaches_a_caller_is_no_reason_to_look) {
  RuledSnapshot rules(kNamespaces);
  rules.rule("blue", {}, {{"green", support::always(0)}, {"red", {{{kStart + 1h, 0}}, false}}});
  publish(1, rules);
  Registry registry = open();
  for (int i = 0; i < 10; ++i, pass(1h)) EXPECT_EQ(users(registry.view()), "http://blue/1");
  EXPECT_EQ(store_->gets().size(), 2U);
  EXPECT_EQ(registry.status().going_to, "");
  EXPECT_FALSE(registry.status().namespace_rollout->moved);
}

TEST_F(RegistryNamespacesTest, a_look_that_fails_does_not_stop_a_move) {
  publish(1, rollout(support::all_at(kStart + 1h)));
  Registry registry = open();
  const View held = registry.view();
  (void)held.in("green");  // is here
  store_->fail_with(ErrorCode::kTimedOut);
  set_clock(kStart + 1h);
  EXPECT_EQ(users(registry.view()), "http://green/1");
  EXPECT_EQ(registry.status().failures, 1U);
  ASSERT_EQ(events_.size(), 1U);
  EXPECT_EQ(events_[0].outcome, Outcome::kChanged);
  EXPECT_THAT(events_[0].error, HasSubstr("scripted failure"));
}

TEST_F(RegistryNamespacesTest, what_cannot_be_opened_is_tried_again_later) {
  options_.max_age = 60s;
  publish(1, rollout(support::all_at(kStart + 10s)));
  Registry registry = open();
  fail_frames();
  set_clock(kStart + 10s);
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  const RegistryStatus status = registry.status();
  EXPECT_EQ(status.failures, 1U);
  EXPECT_THAT(status.last_error, HasSubstr("no frame today"));
  EXPECT_EQ(status.checked, now());
  EXPECT_EQ(status.going_to, "green");
  EXPECT_FALSE(status.namespace_rollout->moved);
  EXPECT_EQ(events_.back().outcome, Outcome::kFailed);
  const std::size_t before = store_->gets().size();
  pass(29s);
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  EXPECT_EQ(store_->gets().size(), before);
  store_->heal();
  pass(31s);
  EXPECT_EQ(users(registry.view()), "http://green/1");
  EXPECT_EQ(registry.status().failures, 0U);
  EXPECT_EQ(registry.status().last_error, "");
}

TEST_F(RegistryNamespacesTest, nobody_moves_back_with_the_clock) {
  publish(1, rollout(support::all_at(kStart + 1h)));
  Registry registry = open();
  set_clock(kStart + 1h);
  EXPECT_EQ(users(registry.view()), "http://green/1");
  set_clock(kStart);
  EXPECT_EQ(users(registry.view()), "http://green/1");
  EXPECT_TRUE(registry.status().namespace_rollout->moved);
  // A pin: the same snapshot.
  publish(1, rollout(support::all_at(kStart + 1h)));
  RuledSnapshot rules = rollout(support::all_at(kStart + 1h));
  store_->publish_head(2, support::with_rules(support::snapshot_of_frames(kNamespaces, "1"), rules));
  pass(-1h);  // is a moment to look
  const View view = registry.view();
  EXPECT_EQ(view.generation(), 2U);
  EXPECT_EQ(users(view), "http://green/1");
}

TEST_F(RegistryNamespacesTest, nobody_moves_back_when_a_generation_comes_after_the_clock_was_put_back) {
  for (const std::chrono::seconds put_back : {20s, 3580s, 3600s}) {
    for (const RolloutBy by : {RolloutBy::kInstance, RolloutBy::kKey}) {
      store_ = std::make_shared<support::ScriptedStore>();
      set_clock(kStart);
      publish(1, rollout(support::all_at(kStart + 1h), by));
      Registry registry = open();
      set_clock(kStart + 1h + 10s);
      EXPECT_EQ(name_for(registry, "k"), "green");
      publish(2, rollout(support::all_at(kStart + 1h), by));
      pass(-put_back);
      const View view = registry.view();
      EXPECT_EQ(view.generation(), 2U);
      EXPECT_EQ(view.for_key("k").name(), "green");
      EXPECT_TRUE(by == RolloutBy::kKey || registry.status().namespace_rollout->moved);
      EXPECT_EQ(registry.status().namespace_rollout->share, kWholeShare);
    }
  }
}

// An earlier decision in between would also stay when the next frame cannot be had.
TEST_F(RegistryNamespacesTest, others_see_one_decision_while_a_generation_comes) {
  publish(1, rollout(support::all_at(kStart + 1h)));
  Registry registry = open();
  set_clock(kStart + 1h + 10s);
  EXPECT_EQ(users(registry.view()), "http://green/1");
  publish(2, rollout(support::all_at(kStart + 1h)));
  const std::size_t before = store_->gets().size();
  // Whenever the look asks for something, another thread takes a view.
  std::vector<std::string> seen;
  store_->script([&](std::string_view key, const GetOptions& get) {
    std::jthread([&] { seen.push_back(users(registry.view())); }).join();
    return store_->answer(key, get);
  });
  pass(-30s);
  EXPECT_EQ(users(registry.view()), "http://green/2");
  EXPECT_THAT(asked_since(before), ElementsAre("current", key_));
  EXPECT_THAT(seen, ElementsAre("http://green/1", "http://green/1"));
}

TEST_F(RegistryNamespacesTest, a_clock_that_was_far_ahead_spoils_what_is_served_and_nothing_after_it) {
  for (const RolloutBy by : {RolloutBy::kInstance, RolloutBy::kKey}) {
    store_ = std::make_shared<support::ScriptedStore>();
    set_clock(kStart);
    publish(1, rollout(support::all_at(kStart + 10h), by));
    Registry registry = open();
    set_clock(kStart + 365 * 24h);
    EXPECT_EQ(name_for(registry, "k"), "green");
    set_clock(kStart + 1h);
    EXPECT_EQ(name_for(registry, "k"), "green") << "who has moved stays while that is served";
    publish(2, rollout(support::all_at(kStart + 10h), by));
    set_clock(kStart + 1h - 1ms);  // is a moment to look
    EXPECT_EQ(name_for(registry, "k"), "blue");
    EXPECT_EQ(registry.view().generation(), 2U);
    EXPECT_EQ(registry.status().namespace_rollout->share, 0U);
    set_clock(kStart + 2h);
    EXPECT_EQ(name_for(registry, "k"), "blue");
    set_clock(kStart + 10h);
    EXPECT_EQ(name_for(registry, "k"), "green");
  }
}

TEST_F(RegistryNamespacesTest, the_rules_of_a_new_generation_are_judged_anew) {
  options_.max_age = 0ms;
  publish(1, rollout(support::always(100 * kPercent)));
  Registry registry = open();
  EXPECT_EQ(users(registry.view()), "http://green/1");
  RuledSnapshot rules(kNamespaces);
  rules.rule("green", {{"role", {"web"}}}).rule("red", {});
  publish(2, rules);
  EXPECT_EQ(users(registry.view()), "http://red/2");
  EXPECT_EQ(registry.status().rule, 2U);
  EXPECT_FALSE(registry.status().namespace_rollout);
}

TEST_F(RegistryNamespacesTest, a_generation_whose_rules_no_longer_match_replaces_nothing) {
  options_.max_age = 0ms;
  publish(1, rollout(support::always(0)));
  Registry registry = open();
  RuledSnapshot rules(kNamespaces);
  rules.rule("green", {{"role", {"web"}}});
  publish(2, rules);
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  EXPECT_THAT(registry.status().last_error, HasSubstr("its only caller rule does not match; rule 1: role is not known"));
  publish(3, RuledSnapshot(kNamespaces));
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  EXPECT_THAT(registry.status().last_error, HasSubstr("has no caller rules; neither"));
  publish(4, rollout(support::always(0)));
  EXPECT_EQ(users(registry.view()), "http://blue/4");
}

TEST_F(RegistryNamespacesTest, keys_move_one_after_another_and_stay) {
  publish(1, rollout(support::ramp(kStart + 1h, 100min), RolloutBy::kKey));
  Registry registry = open();
  constexpr int kKeys = 1000;
  std::set<std::string> moved;
  const auto move_on = [&] {
    const View view = registry.view();
    EXPECT_EQ(users(view), "http://blue/1");
    EXPECT_EQ(view.for_key("").name(), "blue");
    for (int i = 0; i < kKeys; ++i) {
      const std::string key = "customer-" + std::to_string(i);
      const Namespace served = view.for_key(key);
      if (served.name() == "green") moved.insert(key);
      EXPECT_EQ(served.name(), moved.contains(key) ? "green" : "blue");
      EXPECT_EQ(served.find("users")->uri(), "http://" + std::string(served.name()) + "/1");
    }
    return static_cast<int>(moved.size());
  };
  EXPECT_EQ(move_on(), 0);
  EXPECT_EQ(store_->gets().size(), 2U);
  const View held = registry.view();
  for (unsigned percent = 1; percent <= 100; ++percent) {
    set_clock(kStart + 1h + percent * 1min);
    EXPECT_NEAR(move_on(), kKeys / 100 * static_cast<int>(percent), 60);
    EXPECT_EQ(registry.status().namespace_rollout->share, percent * kPercent);
  }
  EXPECT_EQ(moved.size(), std::size_t{kKeys});
  EXPECT_THAT(asked_since(2), ElementsAre("current", key_));
  for (const std::string& key : moved) ASSERT_EQ(held.for_key(key).name(), "blue");
  set_clock(kStart);
  for (const std::string& key : moved) ASSERT_EQ(name_for(registry, key), "green");
  EXPECT_THAT(asked_since(4), ElementsAre("current"));  // a clock that was put back is a moment to look
}

TEST_F(RegistryNamespacesTest, keys_stay_until_their_namespace_is_open) {
  options_.max_age = 60s;
  publish(1, rollout(support::all_at(kStart + 10s), RolloutBy::kKey));
  Registry registry = open();
  fail_frames();
  set_clock(kStart + 10s);
  EXPECT_EQ(name_for(registry, "k"), "blue");
  EXPECT_EQ(registry.status().failures, 1U);
  store_->heal();
  pass(60s);
  EXPECT_EQ(name_for(registry, "k"), "green");
  EXPECT_EQ(events_.back().outcome, Outcome::kChanged);
}

TEST_F(RegistryNamespacesTest, where_no_key_moves_every_key_has_the_default) {
  publish(1, rollout(support::always(100 * kPercent)));
  const View view = open().view();
  EXPECT_EQ(view.for_key("k").name(), "green");
  EXPECT_EQ(view.for_key("").name(), "green");
}

TEST_F(RegistryNamespacesTest, a_thousand_instances_follow_the_ramp_and_none_flips) {
  constexpr int kInstances = 1000;
  publish(1, rollout(support::ramp(kStart, 20min)));
  std::vector<Registry> registries;
  for (int i = 0; i < kInstances; ++i) registries.push_back(open_as("i-" + std::to_string(i)));
  std::vector<bool> has_moved(kInstances, false);
  for (int minute = 0; minute <= 20; ++minute) {
    set_clock(kStart + minute * 1min);
    int moved = 0;
    for (std::size_t i = 0; i < registries.size(); ++i) {
      const bool is_green = users(registries[i].view()) == "http://green/1";
      EXPECT_TRUE(is_green || !has_moved[i]);
      has_moved[i] = is_green;
      moved += static_cast<int>(is_green);
    }
    EXPECT_NEAR(moved, kInstances * minute / 20, 60);
  }
  EXPECT_EQ(std::ranges::count(has_moved, true), kInstances);
}

TEST_F(RegistryNamespacesTest, in_the_background_a_move_waits_for_nobody) {
  options_.background = true;
  publish(1, rollout(support::all_at(kStart + 1h)));
  std::counting_semaphore<1000> looked(0);
  options_.on_refresh = [&](const RefreshEvent&) { looked.release(); };
  Registry registry = open();
  EXPECT_EQ(users(registry.view()), "http://blue/1");
  set_clock(kStart + 1h);
  ASSERT_TRUE(looked.try_acquire_for(10s));
  EXPECT_EQ(users(registry.view()), "http://green/1");
}

}  // namespace
}  // namespace almanac::internal
