#include "publish/prune.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "publish/conditional_writes.h"
#include "publisher_fixture.h"
#include "registrations/registering.h"
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
using testing::IsEmpty;
using testing::SizeIs;

constexpr PruneRules kWhateverItsAge = {1, std::chrono::seconds(0), false};

class PruneTest : public PublisherTest {
 protected:
  void publish_uris(int first, int last) {
    for (int i = first; i <= last; ++i) (void)publish(users_at("http://" + std::to_string(i)));
  }
  Pruning prune(const PruneRules& rules) { return prune(publisher_.log(), rules); }
  static Pruning prune(const GenerationLog& log, const PruneRules& rules) {
    progress::Progress silent;
    return publish::prune(log, rules, silent);
  }
  [[nodiscard]] std::vector<std::uint64_t> numbers() { return publisher_.log().numbers(); }
  [[nodiscard]] std::filesystem::path file_of(std::uint64_t number) {
    return store_.root() / internal::snapshot_key(generation(number).snapshot_id);
  }
  static void age(const std::filesystem::path& file, std::chrono::hours by) {
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - by);
  }
  void register_for(const std::string& name, std::optional<std::chrono::seconds> lease) {
    const std::string record = R"({"namespace":"prod","name":")" + name + R"(","value":"1"})";
    (void)registrations::put(*store_.store(), {"a", "prod", name, lease, record});
  }
  [[nodiscard]] std::vector<std::string> registered() { return support::keys_of(*store_.store(), "registrations/"); }
  static std::vector<std::string> lapsed(const Pruning& pruning) {
    std::vector<std::string> keys;
    for (const registrations::Registered& each : pruning.lapsed) keys.push_back(each.key);
    return keys;
  }
  void age_all(std::chrono::hours by) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(store_.root())) {
      if (entry.is_regular_file()) age(entry.path(), by);
    }
  }
};

TEST_F(PruneTest, keeps_the_newest_generations_and_their_snapshots) {
  publish_uris(1, 5);
  const Pruning pruning = prune({2, std::chrono::seconds(0), false});
  EXPECT_THAT(pruning.generations, ElementsAre(1, 2, 3));
  EXPECT_THAT(pruning.kept, ElementsAre(4, 5));
  EXPECT_THAT(pruning.snapshots, SizeIs(3));
  EXPECT_THAT(numbers(), ElementsAre(4, 5));
  EXPECT_THAT(store_.store()->list("snapshots/"), SizeIs(2));
  EXPECT_EQ(live_uri(), "http://5");
  EXPECT_EQ(roll_back().announcement.rollback_of, 4U);
  EXPECT_EQ(publish(users_at("http://7")).announcement.generation, 7U);
}

TEST_F(PruneTest, keeps_what_the_rollout_that_is_live_began_from) {
  publish_uris(1, 3);
  (void)publish_in_phases(users_at("http://4"));
  const Pruning pruning = prune(kWhateverItsAge);
  EXPECT_THAT(pruning.generations, ElementsAre(1, 2));
  EXPECT_THAT(pruning.kept, ElementsAre(3, 4));
  EXPECT_THAT(store_.store()->list("snapshots/"), SizeIs(2));
  EXPECT_EQ(roll_back().announcement.rollback_of, 3U);
  EXPECT_EQ(live_uri(), "http://3");
}

TEST_F(PruneTest, keeps_it_behind_pins_that_carry_the_rollout_on) {
  publish_uris(1, 2);
  (void)publish_in_phases(users_at("http://3"));
  (void)pin("freeze");
  (void)unpin();
  EXPECT_THAT(prune(kWhateverItsAge).kept, ElementsAre(2, 3, 4, 5)) << "the log goes on from there without a gap";
  EXPECT_TRUE(std::filesystem::exists(file_of(2)));
}

TEST_F(PruneTest, keeps_the_snapshot_also_when_its_generation_is_lost) {
  publish_uris(1, 2);
  const std::filesystem::path file = file_of(2);
  (void)publish_in_phases(users_at("http://3"));
  std::filesystem::remove(store_.root() / "generations/2");
  EXPECT_THAT(prune(kWhateverItsAge).snapshots, SizeIs(1));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(PruneTest, lets_it_go_once_the_rollout_was_ended) {
  publish_uris(1, 2);
  (void)publish_in_phases(users_at("http://3"));
  Terms end = terms();
  end.end_rollout = true;
  (void)publisher_.publish(publisher_.settle(), users_at("http://4"), end);
  EXPECT_THAT(prune(kWhateverItsAge).kept, ElementsAre(4));
  EXPECT_THAT(store_.store()->list("snapshots/"), SizeIs(1));
}

TEST_F(PruneTest, a_snapshot_stays_while_any_kept_generation_names_it) {
  publish_uris(1, 2);
  (void)roll_back();
  EXPECT_THAT(prune(kWhateverItsAge).snapshots, SizeIs(1));
  EXPECT_THAT(numbers(), ElementsAre(3));
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_TRUE(std::filesystem::exists(file_of(3)));
}

TEST_F(PruneTest, what_is_young_stays) {
  publish_uris(1, 2);
  age_all(std::chrono::hours(25));
  publish_uris(3, 4);
  PruneRules rules;
  EXPECT_THAT(prune(rules).generations, ElementsAre(1, 2));
  EXPECT_THAT(numbers(), ElementsAre(3, 4));
  EXPECT_THAT(store_.store()->list("snapshots/"), SizeIs(2));
  EXPECT_THAT(prune(rules).generations, IsEmpty());
}

TEST_F(PruneTest, a_snapshot_that_was_put_and_not_announced_yet_stays_until_it_is_old) {
  publish_uris(1, 1);
  const std::vector<std::byte> waiting = users_at("http://2");
  const std::string key = internal::snapshot_key(Snapshot::from_bytes(waiting, "x").id());
  ASSERT_TRUE(store_.store()->put(key, waiting, {}));
  EXPECT_THAT(prune({}).snapshots, IsEmpty());
  age(store_.root() / key, std::chrono::hours(25));
  EXPECT_THAT(prune({}).snapshots, SizeIs(1));
  EXPECT_FALSE(std::filesystem::exists(store_.root() / key));
}

TEST_F(PruneTest, what_is_live_stays_however_old_and_so_does_all_behind_it) {
  publish_uris(1, 2);
  const std::vector<std::byte> current = support::read_bytes(store_.root() / "current");
  publish_uris(3, 4);
  support::write_bytes(store_.root() / "current", current);  // 3 and 4 are announced only
  age_all(std::chrono::hours(100));
  EXPECT_THAT(prune(kWhateverItsAge).generations, ElementsAre(1));
  EXPECT_THAT(numbers(), ElementsAre(2, 3, 4));
  EXPECT_EQ(live_uri(), "http://2");
  (void)publisher_.settle();
  EXPECT_EQ(live_uri(), "http://4");
}

TEST_F(PruneTest, the_pin_stays_with_its_end) {
  publish_uris(1, 1);
  (void)pin("freeze");
  (void)unpin();
  EXPECT_THAT(prune(kWhateverItsAge).kept, ElementsAre(2, 3));
  publish_uris(2, 2);
  EXPECT_THAT(prune(kWhateverItsAge).kept, ElementsAre(4));
}

TEST_F(PruneTest, a_dry_run_says_what_would_go_and_writes_nothing) {
  publish_uris(1, 3);
  const std::vector<std::string> keys = support::keys_of(*store_.store(), "");
  const Pruning would = prune({1, std::chrono::seconds(0), true});
  EXPECT_THAT(would.generations, ElementsAre(1, 2));
  EXPECT_THAT(would.snapshots, SizeIs(2));
  EXPECT_EQ(support::keys_of(*store_.store(), ""), keys);
  const Pruning done = prune(kWhateverItsAge);
  EXPECT_EQ(done.generations, would.generations);
  EXPECT_THAT(done.snapshots, SizeIs(2));
}

TEST_F(PruneTest, takes_what_probes_left) {
  publish_uris(1, 1);
  (void)publish_with(Publisher(keep_conditions(store_.store(), Unkept::kRefuse)), users_at("http://2"));
  EXPECT_THAT(support::keys_of(*store_.store(), kProbeKey), SizeIs(1));
  (void)prune({});
  EXPECT_THAT(support::keys_of(*store_.store(), kProbeKey), IsEmpty());
}

TEST_F(PruneTest, announcements_go_before_snapshots) {
  publish_uris(1, 3);
  std::vector<std::string> removed;
  const auto watched = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kRemove) removed.push_back(call.key.substr(0, call.key.find('/')));
  });
  (void)prune(GenerationLog(watched), kWhateverItsAge);
  EXPECT_THAT(removed, ElementsAre("clock", "generations", "generations", "snapshots", "snapshots", "probe"));
}

// The pruning has chosen its snapshot when somebody publishes that very one again.
TEST_F(PruneTest, an_old_snapshot_that_is_published_again_meanwhile_stays) {
  publish_uris(1, 2);
  age_all(std::chrono::hours(25));
  const std::string key = internal::snapshot_key(generation(1).snapshot_id);
  bool published = false;
  const auto between = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.kind != StoreCall::Kind::kList || call.key != key || published) return;
    published = true;
    (void)publish(users_at("http://1"));
  });
  EXPECT_THAT(prune(GenerationLog(between), {}).snapshots, IsEmpty());
  EXPECT_TRUE(published);
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_NO_THROW((void)publisher_.log().read_snapshot(publisher_.log().get(3)));
}

// Its age was looked at for the last time, and the removal is on its way.
TEST_F(PruneTest, a_snapshot_that_is_published_again_right_before_it_is_removed_is_put_back) {
  publish_uris(1, 3);
  age_all(std::chrono::hours(25));
  const std::string key = internal::snapshot_key(generation(1).snapshot_id);
  bool published = false;
  const auto between = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.kind != StoreCall::Kind::kRemove || call.key != key) return;
    published = changed(publish(users_at("http://1")));
  });
  const Pruning done = prune(GenerationLog(between), {});
  EXPECT_TRUE(published);
  EXPECT_THAT(done.snapshots, SizeIs(1)) << "that of generation 2";
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_EQ(publisher_.log().read_snapshot(publisher_.log().get(4)), users_at("http://1"));
}

TEST_F(PruneTest, registrations_go_when_their_lease_ran_out_long_ago) {
  publish_uris(1, 1);
  register_for("users", std::nullopt);
  register_for("queue", std::chrono::hours(1));
  register_for("topic", std::chrono::hours(10));
  age_all(std::chrono::hours(30));
  register_for("fresh", std::chrono::seconds(1));
  ASSERT_TRUE(store_.store()->put("registrations/damaged", {}, {}));
  const std::string queue = "registrations/prod/queue/a.json";
  EXPECT_THAT(lapsed(prune({1, std::chrono::hours(24), true})), ElementsAre(queue)) << "a dry run";
  EXPECT_THAT(registered(), SizeIs(5));
  EXPECT_THAT(lapsed(prune({})), ElementsAre(queue));
  EXPECT_THAT(lapsed(prune({})), IsEmpty());
  EXPECT_THAT(lapsed(prune(kWhateverItsAge)), ElementsAre("registrations/prod/topic/a.json"));
  EXPECT_THAT(registered(), ElementsAre("registrations/damaged", "registrations/prod/fresh/a.json", "registrations/prod/users/a.json"));
}

TEST_F(PruneTest, a_lapsed_registration_of_a_live_service_stays_until_another_one_counts) {
  publish_uris(1, 1);
  register_for("users", std::chrono::hours(1));
  age_all(std::chrono::hours(30));
  const std::string key = "registrations/prod/users/a.json";
  Pruning pruning = prune({});
  EXPECT_THAT(lapsed(pruning), IsEmpty());
  EXPECT_EQ(pruning.lapsed_and_live, 1U);
  EXPECT_THAT(registered(), ElementsAre(key));
  const std::string record = R"({"namespace":"prod","name":"users","value":"1"})";
  (void)registrations::put(*store_.store(), {"b", "prod", "users", std::chrono::hours(1), record});
  pruning = prune({});
  EXPECT_THAT(lapsed(pruning), ElementsAre(key));
  EXPECT_EQ(pruning.lapsed_and_live, 0U);
}

// Between the list and the reading, the reading and the second list, or that and the removal: the condition is for the last.
TEST_F(PruneTest, a_registration_that_is_renewed_meanwhile_stays) {
  publish_uris(1, 1);
  for (const StoreCall::Kind kind : {StoreCall::Kind::kGet, StoreCall::Kind::kList, StoreCall::Kind::kRemove}) {
    register_for("queue", std::chrono::hours(1));
    age_all(std::chrono::hours(30));
    bool renewed = false;
    const auto between = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
      if (call.kind != kind || !call.key.ends_with("/a.json") || std::exchange(renewed, true)) return;
      register_for("queue", std::chrono::hours(1));
    });
    EXPECT_THAT(lapsed(prune(GenerationLog(between), {})), IsEmpty());
    EXPECT_TRUE(renewed);
    EXPECT_THAT(registered(), SizeIs(1));
  }
}

TEST_F(PruneTest, says_which_snapshot_it_could_not_put_back) {
  publish_uris(1, 2);
  age_all(std::chrono::hours(25));
  const std::string key = internal::snapshot_key(generation(1).snapshot_id);
  const auto failing = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kRemove && call.key == key) (void)publish(users_at("http://1"));
    if (call.kind == StoreCall::Kind::kPut && call.key == key) throw Error(ErrorCode::kTimedOut, call.key, "no answer");
  });
  EXPECT_THAT(error_from([&] { (void)prune(GenerationLog(failing), {}); }),
              IsError(ErrorCode::kTimedOut, store_.root().string() + "/" + key, kNowhere,
                      "could not be put back; publish it once more: no answer"));
}

// At every step of a pruning, what was live before is published anew.
TEST_F(PruneTest, leaves_what_is_published_between_any_two_of_its_steps) {
  int steps = 1;
  for (int step = 1; step <= steps; ++step) {
    SCOPED_TRACE(step);
    publish_uris(1, 3);
    age_all(std::chrono::hours(25));
    int request = 0;
    const auto between = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall&) {
      if (++request == step) (void)publish(users_at("http://1"));
    });
    (void)prune(GenerationLog(between), {});
    EXPECT_EQ(live_uri(), "http://1");
    EXPECT_EQ(publisher_.log().read_snapshot(publisher_.log().get(live().generation)), users_at("http://1"));
    steps = request;
  }
  EXPECT_GT(steps, 15);
}

// At every step of a publication of what was live before, a whole pruning takes place that spares nothing.
TEST_F(PruneTest, a_publisher_puts_again_what_is_pruned_between_any_two_steps) {
  int steps = 1;
  for (int step = 1; step <= steps; ++step) {
    SCOPED_TRACE(step);
    publish_uris(1, 2);
    int request = 0;
    const auto between = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall&) {
      if (++request == step) (void)prune(kWhateverItsAge);
    });
    const Publication done = publish_with(Publisher(between), users_at("http://1"));
    EXPECT_TRUE(changed(done));
    EXPECT_EQ(live().generation, done.announcement.generation);
    EXPECT_NO_THROW((void)publisher_.log().read_snapshot(publisher_.log().get(done.announcement.generation)));
    steps = request;
  }
  EXPECT_GT(steps, 8);
}

TEST_F(PruneTest, tells_how_far_it_is) {
  publish_uris(1, 4);
  ProgressRecord progress;
  (void)publish::prune(publisher_.log(), {2, std::chrono::seconds(0), false}, progress);
  EXPECT_THAT(progress.lines, ElementsAre("removing generations 2: 1 2", "reading the log 2: 1 2", "removing snapshots 2: 0 1",
                                          "removing documents 0:", "reading registrations 0:"));
}

TEST_F(PruneTest, refuses_rules_and_stores_that_cannot_be) {
  EXPECT_THAT(error_from([&] { (void)prune({}); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "nothing was ever published"));
  EXPECT_FALSE(std::filesystem::exists(store_.root())) << "made by looking at it";
  publish_uris(1, 1);
  EXPECT_THAT(error_from([&] {
                (void)prune({0, std::chrono::seconds(0), false});
              }),
              IsError(ErrorCode::kInvalidArgument, store_.root().string(), kNowhere, "at least 1 stays"));
  for (const std::chrono::seconds too_young : {std::chrono::seconds(1), std::chrono::seconds(7199), std::chrono::seconds(-1)}) {
    EXPECT_THAT(error_from([&] {
                  (void)prune({1, too_young, false});
                }),
                IsError(ErrorCode::kInvalidArgument, store_.root().string(), kNowhere, "less than 2 hours does not spare"));
  }
  EXPECT_THAT(prune({1, std::chrono::hours(2), false}).generations, IsEmpty());
  EXPECT_THAT(numbers(), ElementsAre(1));
}

TEST_F(PruneTest, a_damaged_generation_keeps_nothing_else_from_going) {
  publish_uris(1, 4);
  support::write_bytes(store_.root() / "generations/3", internal::as_bytes("damaged"));
  EXPECT_THAT(prune({2, std::chrono::seconds(0), false}).generations, ElementsAre(1, 2));
  EXPECT_THAT(store_.store()->list("snapshots/"), SizeIs(1));
}

}  // namespace
}  // namespace almanac::publish
