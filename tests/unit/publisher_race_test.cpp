// Publishers at once: the log has no gap, no update is lost, and each is told the truth.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <barrier>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "publish/conditional_writes.h"
#include "publisher_fixture.h"

namespace almanac::publish {
namespace {

class PublisherRaceTest : public PublisherTest {
 protected:
  // `action` on that many threads, which begin together; each has a store and a publisher of its own.
  void at_once(int threads, const std::function<void(Publisher& own, int thread)>& action) const {
    std::barrier together(threads);
    std::vector<std::jthread> running;
    for (int i = 0; i < threads; ++i) {
      running.emplace_back([&, i] {
        Publisher own(keep_conditions(open_store(store_.root().string()), Unkept::kRefuse));
        together.arrive_and_wait();
        action(own, i);
      });
    }
  }

  // Every announcement of the log, which has no gap; each has its snapshot, and the last one is live.
  std::vector<Announcement> whole_log() {
    std::vector<Announcement> log;
    const std::size_t size = store_.store()->list("generations/").size();
    for (std::uint64_t number = 1; number <= size; ++number) {
      const internal::LiveSnapshot then = internal::open_generation(store_.store(), number, {});
      then.snapshot.verify();
      EXPECT_EQ(then.announcement.generation, number);
      log.push_back(then.announcement);
    }
    EXPECT_EQ(live().generation, size);
    EXPECT_EQ(live().snapshot_id, log.back().snapshot_id);
    return log;
  }
};

constexpr int kPublishers = 50;

std::string uri_of(int thread, int round) { return "http://" + std::to_string(thread) + "-" + std::to_string(round); }

TEST_F(PublisherRaceTest, fifty_publishers_that_retry_lose_no_update) {
  std::mutex mutex;
  std::map<std::uint64_t, std::string> told;  // generation, snapshot
  at_once(kPublishers, [&](Publisher& own, int thread) {
    const Publication done = publish_with(own, users_at(uri_of(thread, 0)));
    const std::scoped_lock lock(mutex);
    EXPECT_TRUE(changed(done));
    EXPECT_TRUE(told.emplace(done.announcement.generation, done.announcement.snapshot_id).second) << "two were told the same generation";
  });
  const std::vector<Announcement> log = whole_log();
  ASSERT_EQ(log.size(), kPublishers);
  for (const Announcement& announcement : log) EXPECT_EQ(told[announcement.generation], announcement.snapshot_id);
}

TEST_F(PublisherRaceTest, fifty_publishers_that_do_not_retry_are_told_the_truth) {
  std::mutex mutex;
  std::map<std::uint64_t, std::string> told;
  std::set<std::string> refused;
  constexpr int kRounds = 3;
  at_once(kPublishers, [&](Publisher& own, int thread) {
    for (int round = 0; round < kRounds; ++round) {
      const std::vector<std::byte> snapshot = users_at(uri_of(thread, round));
      try {
        const Publication done = own.publish(own.settle(), snapshot, terms());
        const std::scoped_lock lock(mutex);
        EXPECT_TRUE(told.emplace(done.announcement.generation, done.announcement.snapshot_id).second);
      } catch (const Refused& error) {
        const std::scoped_lock lock(mutex);
        EXPECT_EQ(error.reason(), Refused::Reason::kConflict) << error.what();
        refused.insert(Snapshot::from_bytes(snapshot, "x").id());
      }
    }
  });
  const std::vector<Announcement> log = whole_log();
  EXPECT_EQ(log.size(), told.size());
  EXPECT_EQ(told.size() + refused.size(), kPublishers * kRounds);
  for (const Announcement& announcement : log) {
    EXPECT_EQ(told[announcement.generation], announcement.snapshot_id);
    EXPECT_FALSE(refused.contains(announcement.snapshot_id)) << "refused, and in the log";
  }
}

TEST_F(PublisherRaceTest, among_fifty_publishers_none_goes_over_a_rollout_unasked) {
  (void)publish(users_at("http://0"));
  std::mutex mutex;
  std::set<std::uint64_t> enders;  // generations of those who end rollouts
  int refused = 0;
  at_once(kPublishers, [&](Publisher& own, int thread) {
    Terms terms = PublisherTest::terms();
    terms.on_conflict = OnConflict::kRetry;
    terms.end_rollout = thread % 3 == 0;
    if (thread % 3 == 1) terms = in_phases(terms);
    try {
      const Publication done = own.publish(own.settle(), users_at(uri_of(thread, 0)), terms);
      const std::scoped_lock lock(mutex);
      EXPECT_TRUE(changed(done));
      if (terms.end_rollout) enders.insert(done.announcement.generation);
    } catch (const Refused& error) {
      const std::scoped_lock lock(mutex);
      EXPECT_EQ(error.reason(), Refused::Reason::kRollout) << error.what();
      EXPECT_FALSE(terms.end_rollout);
      ++refused;
    }
  });
  const std::vector<Announcement> log = whole_log();
  EXPECT_EQ(log.size(), static_cast<std::size_t>(1 + kPublishers - refused));
  int rollouts = 0;
  for (std::size_t i = 1; i < log.size(); ++i) {
    EXPECT_TRUE(!log[i - 1].rollout || enders.contains(log[i].generation)) << "generation " << log[i].generation;
    if (!log[i].rollout) continue;
    ++rollouts;
    EXPECT_EQ(log[i].rollout->previous_generation, log[i - 1].generation);
    EXPECT_EQ(log[i].rollout->previous_id, log[i - 1].snapshot_id);
    EXPECT_EQ(log[i].rollout->seed, log[i].generation);
  }
  EXPECT_GE(rollouts, 1) << "one of them has met no rollout of another";
}

TEST_F(PublisherRaceTest, nothing_slips_past_a_pin) {
  (void)publish(users_at("http://0"));
  std::mutex mutex;
  std::vector<std::uint64_t> published;
  std::uint64_t pinned = 0;
  constexpr int kThreads = 8;
  at_once(kThreads + 1, [&](Publisher& own, int thread) {
    if (thread == kThreads) {
      Terms retry = terms();
      retry.on_conflict = OnConflict::kRetry;
      const Publication pin = own.pin(own.settle(), "freeze", retry);
      const std::scoped_lock lock(mutex);
      pinned = pin.announcement.generation;
      return;
    }
    // On until the pin, which has come long before that.
    constexpr int kMostRounds = 1000;
    for (int round = 0; round < kMostRounds; ++round) {
      try {
        const Publication done = publish_with(own, users_at(uri_of(thread, round)));
        const std::scoped_lock lock(mutex);
        published.push_back(done.announcement.generation);
      } catch (const Refused& refused) {
        EXPECT_EQ(refused.reason(), Refused::Reason::kPinned) << refused.what();
        return;
      }
    }
    ADD_FAILURE() << "the pin stopped nobody";
  });
  EXPECT_EQ(whole_log().size(), pinned);
  EXPECT_EQ(live().pinned, "freeze");
  for (const std::uint64_t generation : published) EXPECT_LT(generation, pinned);
}

}  // namespace
}  // namespace almanac::publish
