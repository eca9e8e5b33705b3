// Generations in phases from end to end: what a publisher puts into a store, and what registries make of it by their clocks.
#include <almanac/registry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <vector>

#include "model/rollout_kinds.h"
#include "open_live.h"
#include "publish/publisher.h"
#include "registry_access.h"
#include "support/clean_environment.h"
#include "support/file_bytes.h"
#include "support/fleet.h"
#include "support/published_store.h"

namespace almanac::publish {
namespace {

using internal::Announcement;
using internal::GenerationRollout;
using internal::Moment;
using support::part_of;
using namespace std::chrono_literals;

constexpr Moment kStart = Moment(1'800'000'000s);
constexpr int kRegistries = 60;
constexpr std::uint64_t kFleet = 5;  // see fleet.h; each generation draws its own sample of it

class PhasesTest : public testing::Test {
 protected:
  PhasesTest() {
    options_.cache_directory = folder_ / "cache";
    options_.max_age = 0s;  // each view() looks
  }

  void open(int count) {
    for (int i = 0; i < count; ++i) {
      options_.caller = Caller().set("instance", "i-" + std::to_string(registries_.size()));
      registries_.push_back(internal::RegistryAccess::open(store_.store(), options_, [this] { return Time(now_); }));
    }
  }

  [[nodiscard]] Announcement live() const { return internal::open_live(store_.store(), {}).announcement; }
  [[nodiscard]] std::string uri_of(std::uint64_t generation) const {
    return std::string(internal::open_generation(store_.store(), generation, {}).snapshot.in("prod").find("users").value().uri());
  }

  // Each has the generation that it is its turn to have. How many have the one that is live.
  int look() {
    const Announcement announced = live();
    int moved = 0;
    for (Registry& registry : registries_) {
      const bool has_come = !announced.rollout || announced.rollout->status_for(registry.caller(), now_).moved;
      const std::uint64_t generation = has_come ? announced.generation : announced.rollout->previous_generation;
      const View view = registry.view();
      EXPECT_EQ(view.generation(), generation) << registry.status().instance;
      EXPECT_EQ(view.find("users").value().uri(), uri_of(generation));
      EXPECT_EQ(registry.status().next_generation, has_come ? 0 : announced.generation);
      EXPECT_EQ(registry.status().failures, 0U) << registry.status().last_error;
      moved += has_come ? 1 : 0;
    }
    return moved;
  }
  // At each of these moments; their number only grows. How many in the end.
  int look_until(Moment end) {
    int moved = look();
    while (now_ < end) {
      now_ += 1min;
      const int more = look();
      EXPECT_GE(more, moved);
      moved = more;
    }
    return moved;
  }
  [[nodiscard]] int size() const { return static_cast<int>(registries_.size()); }

  // Of 10,000 instances as many have moved as the schedule says, and nobody moves back.
  static void expect_shares(const GenerationRollout& rollout) {
    const std::vector<Caller> fleet = support::fleet_of(kFleet);
    std::vector<bool> has_moved(fleet.size());
    for (Moment now = rollout.schedule.stages.front().at - 1min; now <= rollout.end() + 1min; now += 67s) {
      int moved = 0;
      for (std::size_t i = 0; i < fleet.size(); ++i) {
        const bool moves = rollout.status_for(fleet[i], now).moved;
        ASSERT_TRUE(moves || !has_moved[i]) << fleet[i].text() << " moved back";
        has_moved[i] = moves;
        moved += moves ? 1 : 0;
      }
      EXPECT_NEAR(static_cast<double>(moved) / support::kFleetSize, part_of(rollout.schedule.share_at(now)), support::kOnePoint)
          << std::chrono::duration_cast<std::chrono::seconds>(now - rollout.schedule.stages.front().at).count() << " s from the start";
    }
  }

  using Time = std::chrono::system_clock::time_point;

  support::CleanEnvironment environment_;
  support::TemporaryDirectory folder_;
  support::PublishedStore store_;
  Moment now_ = kStart;  // by all clocks
  RegistryOptions options_;
  std::vector<Registry> registries_;
};

class PublisherPhasesTest : public PhasesTest {
 protected:
  [[nodiscard]] Terms terms() const {
    Terms terms;
    terms.now = Time(now_);
    return terms;
  }
  [[nodiscard]] Terms over(std::chrono::minutes time) const {
    Terms phased = terms();
    phased.schedule = model::even(now_, time, kWholeShare);
    return phased;
  }
  void publish(const std::string& version, const Terms& terms) {
    const auto snapshot = support::snapshot_of({{"prod", {support::service("users").uri("http://" + version)}}});
    ASSERT_TRUE(support::changed(publisher_.publish(publisher_.settle(), snapshot, terms)));
  }
  void roll_back() {
    const Base base = publisher_.settle();
    const Announced target = publisher_.log().before(base.live->announcement);
    ASSERT_TRUE(support::changed(publisher_.roll_back(base, target, publisher_.log().read_snapshot(target), std::nullopt, terms())));
  }

  Publisher publisher_{store_.store()};
};

TEST_F(PublisherPhasesTest, instances_move_at_their_turn_until_all_have) {
  publish("1", terms());
  open(kRegistries);
  EXPECT_EQ(look(), size());
  publish("2", over(30min));
  expect_shares(live().rollout.value());
  EXPECT_EQ(look(), 0);
  const int half = look_until(now_ + 15min);
  EXPECT_GT(half, size() / 4);
  EXPECT_LT(half, size() * 3 / 4);
  open(kRegistries);  // some of these begin with the one before
  EXPECT_LT(look(), size());
  EXPECT_EQ(look_until(now_ + 15min), size());

  // The next one.
  publish("3", over(10min));
  expect_shares(live().rollout.value());
  EXPECT_EQ(look(), 0);
  EXPECT_EQ(look_until(now_ + 10min), size());
}

TEST_F(PublisherPhasesTest, pins_go_on_with_it_and_a_rollback_ends_it) {
  publish("1", terms());
  open(kRegistries);
  publish("2", over(30min));
  const int before = look_until(kStart + 10min);
  (void)publisher_.pin(publisher_.settle(), "freeze", terms());
  EXPECT_GE(look(), before);
  EXPECT_EQ(live().generation, 3U);
  const int pinned = look_until(kStart + 15min);
  open(kRegistries);
  (void)publisher_.unpin(publisher_.settle(), terms());
  const int unpinned = look();
  EXPECT_GE(unpinned, pinned);
  EXPECT_LT(unpinned, size());
  expect_shares(live().rollout.value());

  roll_back();
  EXPECT_EQ(look(), size());
  EXPECT_EQ(uri_of(live().generation), "http://1");
  // The same once more is another rollout, with turns of its own.
  publish("2", over(30min));
  expect_shares(live().rollout.value());
  EXPECT_EQ(look_until(now_ + 30min), size());
}

TEST_F(PublisherPhasesTest, a_publication_that_ends_it_is_for_all_at_once) {
  publish("1", terms());
  open(kRegistries);
  publish("2", over(30min));
  EXPECT_LT(look_until(kStart + 15min), size());
  Terms ending = terms();
  ending.end_rollout = true;
  publish("3", ending);
  EXPECT_EQ(look(), size());
  EXPECT_EQ(uri_of(live().generation), "http://3");
}

class ProgramPhasesTest : public PhasesTest {
 protected:
  void run(const std::string& arguments) const {
    const std::string output = (folder_ / "output").string();
    const std::string command = "'" ALMANAC_GENERATE_SNAPSHOT "' " + arguments + " > '" + output + "' 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0) << arguments << "\n" << internal::as_text(support::read_bytes(output));
  }
  void publish(const std::string& version, const std::string& options) const {
    const std::filesystem::path documents = folder_ / "prod.jsonl";
    support::write_bytes(documents,
                         internal::as_bytes(R"({"namespace":"prod","name":"users","endpoints":[{"uri":"http://)" + version + "\"}]}\n"));
    run("publish '" + documents.string() + "' --to '" + store_.root().string() + "' " + options);
  }
  void end_with(const std::string& command) const { run(command + " '" + store_.root().string() + "'"); }
};

// The program goes by the machine's clock; the registries' clocks stand where they are put.
TEST_F(ProgramPhasesTest, what_the_program_publishes_comes_in_phases_too) {
  publish("1", "");
  now_ = internal::moment_of(std::chrono::system_clock::now());
  open(kRegistries);
  publish("2", "--over 30m");
  const GenerationRollout rollout = live().rollout.value();
  expect_shares(rollout);
  now_ = rollout.schedule.stages.front().at;
  EXPECT_EQ(look(), 0);
  const int half = look_until(now_ + 15min);
  EXPECT_GT(half, size() / 4);
  EXPECT_LT(half, size() * 3 / 4);
  end_with("pin --reason freeze");
  EXPECT_GE(look(), half);
  end_with("unpin");
  end_with("rollback");
  EXPECT_EQ(look(), size());
  EXPECT_EQ(uri_of(live().generation), "http://1");

  publish("3", "--canary 10%:20m");
  now_ = live().rollout.value().schedule.stages.front().at;
  EXPECT_LT(look(), size() / 2);
  EXPECT_EQ(look_until(now_ + 20min), size());
  publish("4", "--end-rollout");
  EXPECT_EQ(look(), size());
}

}  // namespace
}  // namespace almanac::publish
