#include "publish/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "publisher_fixture.h"
#include "support/file_bytes.h"
#include "support/hooked_store.h"

namespace almanac::publish {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class HistoryTest : public PublisherTest {
 protected:
  [[nodiscard]] History history(std::uint64_t most = 0) { return history(publisher_.log(), most); }
  [[nodiscard]] static History history(const GenerationLog& log, std::uint64_t most = 0) {
    progress::Progress silent;
    return read_history(log, most, kPublished + kRollout / 2, silent);
  }

  // "3 live rollback", one an entry.
  [[nodiscard]] static std::vector<std::string> words(const History& history) {
    std::vector<std::string> words;
    for (const HistoryEntry& entry : history.entries) {
      std::string text = std::to_string(entry.generation);
      text += entry.state == HistoryEntry::State::kLive ? " live" : entry.state == HistoryEntry::State::kPending ? " pending" : "";
      if (entry.snapshot_is_gone) text += " gone";
      if (entry.is_missing) text += " missing";
      text += entry.announcement ? " " + std::string(to_string(entry.what)) : " damaged";
      words.push_back(text);
    }
    return words;
  }
};

TEST_F(HistoryTest, of_an_empty_store_is_empty) {
  EXPECT_THAT(history().entries, IsEmpty());
  EXPECT_FALSE(history().is_damaged());
}

TEST_F(HistoryTest, tells_what_each_generation_did_newest_first) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)pin("freeze");
  (void)pin("another reason");
  (void)unpin();
  (void)roll_back();
  (void)publish(users_at("http://2"));
  (void)roll_back(std::nullopt, "2 is broken");
  (void)unpin();
  EXPECT_THAT(words(history()),
              ElementsAre("9 live unpin", "8 rollback", "7 publish", "6 rollback", "5 unpin", "4 pin", "3 pin", "2 publish", "1 publish"));
  EXPECT_EQ(history().entries[1].announcement->pinned, "2 is broken");
  EXPECT_FALSE(history().is_damaged());
}

TEST_F(HistoryTest, tells_how_far_rollouts_came) {
  using Rollout = HistoryEntry::Rollout;
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  EXPECT_EQ(history().entries[0].rollout, Rollout::kUnderWay);
  EXPECT_EQ(history().entries[0].share, 500'000U);
  EXPECT_EQ(history(1).entries[0].share, 500'000U);

  Terms early = terms();
  early.now += kRollout / 4;
  (void)publisher_.pin(publisher_.settle(), "freeze", early);
  EXPECT_EQ(history().entries[1].rollout, Rollout::kCarriedOn);
  EXPECT_EQ(history().entries[1].share, 250'000U);
  EXPECT_EQ(history().entries[0].rollout, Rollout::kUnderWay);
  EXPECT_EQ(history().entries[0].share, 500'000U);

  (void)publisher_.unpin(publisher_.settle(), early);
  (void)roll_back();
  const History ended = history();
  EXPECT_EQ(ended.entries[1].rollout, Rollout::kEnded);
  EXPECT_EQ(ended.entries[1].share, 0U) << "by the time of the rollback";
  EXPECT_EQ(ended.entries[2].rollout, Rollout::kCarriedOn);
}

TEST_F(HistoryTest, a_rollout_that_came_to_its_end_is_over) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  Terms after = terms();
  after.now += kRollout;
  (void)publisher_.publish(publisher_.settle(), users_at("http://3"), after);
  EXPECT_EQ(history().entries[1].rollout, HistoryEntry::Rollout::kOver);
  EXPECT_EQ(history().entries[1].share, kWholeShare);
}

TEST_F(HistoryTest, a_rollout_that_is_not_live_yet_has_not_begun) {
  (void)publish(users_at("http://1"));
  (void)announce_in_phases(users_at("http://2"));
  EXPECT_THAT(words(history()), ElementsAre("2 pending publish", "1 live publish"));
  EXPECT_EQ(history().entries[0].rollout, HistoryEntry::Rollout::kNotBegun);
  EXPECT_EQ(history().entries[0].share, 0U);
}

TEST_F(HistoryTest, a_rollout_goes_on_whose_pin_is_not_live_yet) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  const std::vector<std::byte> current = support::read_bytes(store_.root() / "current");
  (void)pin("freeze");
  support::write_bytes(store_.root() / "current", current);
  EXPECT_THAT(words(history()), ElementsAre("3 pending pin", "2 live publish", "1 publish"));
  EXPECT_EQ(history().entries[0].rollout, HistoryEntry::Rollout::kUnderWay);
  EXPECT_EQ(history().entries[0].share, 500'000U);
}

TEST_F(HistoryTest, pins_of_what_has_come_to_all_are_over) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  Terms after = terms();
  after.now += kRollout;
  (void)publisher_.pin(publisher_.settle(), "freeze", after);
  (void)publisher_.unpin(publisher_.settle(), after);
  progress::Progress silent;
  const History all = read_history(publisher_.log(), 0, after.now, silent);
  EXPECT_THAT(words(all), ElementsAre("4 live unpin", "3 pin", "2 publish", "1 publish"));
  for (const HistoryEntry& entry : all.entries) EXPECT_EQ(entry.rollout, HistoryEntry::Rollout::kOver) << entry.generation;
  EXPECT_FALSE(all.is_damaged());
}

TEST_F(HistoryTest, what_a_rollout_began_from_is_needed_until_it_is_complete) {
  const std::string id = publish(users_at("http://1")).announcement.snapshot_id;
  (void)publish_in_phases(users_at("http://2"));
  EXPECT_FALSE(history().is_damaged());
  std::filesystem::remove(store_.root() / internal::snapshot_key(id));
  EXPECT_TRUE(history().is_damaged());
  EXPECT_THAT(history(1).damage,
              HasSubstr("the snapshot of generation 1, from which instances move to generation 2, is gone: "
                        "instances that start now take generation 2 at once; complete that with generate-snapshot publish "
                        "--end-rollout --to " +
                        store_.root().string()));
  progress::Progress silent;
  EXPECT_FALSE(read_history(publisher_.log(), 0, kPublished + kRollout, silent).is_damaged());
}

TEST_F(HistoryTest, shows_as_many_as_wanted_and_counts_the_others) {
  (void)publish(users_at("http://1"));
  (void)pin("");
  (void)unpin();
  (void)publish(users_at("http://2"));
  EXPECT_THAT(words(history(2)), ElementsAre("4 live publish", "3 unpin")) << "an unpin, though its pin is not shown";
  EXPECT_EQ(history(2).older, 2U);
  EXPECT_EQ(history(4).older, 0U);
  EXPECT_EQ(history(99).entries.size(), 4U);
  EXPECT_EQ(history(UINT64_MAX).entries.size(), 4U);
}

TEST_F(HistoryTest, marks_what_is_not_live_yet_and_what_cannot_be_gone_back_to) {
  const std::string first = publish(users_at("http://1")).announcement.snapshot_id;
  (void)publish(users_at("http://2"));
  leave_unfinished(users_at("http://3"), 3);
  std::filesystem::remove(store_.root() / internal::snapshot_key(first));
  EXPECT_THAT(words(history()), ElementsAre("3 pending publish", "2 live publish", "1 gone publish"));
  EXPECT_FALSE(history().is_damaged());
}

TEST_F(HistoryTest, goes_on_behind_what_is_damaged) {
  for (int i = 1; i <= 3; ++i) (void)publish(users_at("http://" + std::to_string(i)));
  support::write_bytes(store_.root() / "generations/2", internal::as_bytes("damaged"));
  EXPECT_THAT(words(history()), ElementsAre("3 live publish", "2 damaged", "1 publish"));
  EXPECT_THAT(history().entries[1].damage, HasSubstr("generations/2: is not an almanac announcement"));
  EXPECT_TRUE(history().is_damaged());
  EXPECT_FALSE(history(1).is_damaged());
}

TEST_F(HistoryTest, without_a_readable_current_nothing_is_called_live_or_pending) {
  (void)publish(users_at("http://1"));
  support::write_bytes(store_.root() / "current", internal::as_bytes("damaged"));
  EXPECT_THAT(words(history()), ElementsAre("1 publish"));
  EXPECT_THAT(history().damage, HasSubstr("current: is not an almanac announcement"));
  EXPECT_TRUE(history().is_damaged());
}

TEST_F(HistoryTest, what_could_not_be_fetched_is_an_error_and_no_damage) {
  (void)publish(users_at("http://1"));
  const auto fail = [](const support::StoreCall& call) {
    if (call.key == "generations/1") throw Error(ErrorCode::kTimedOut, call.key, "no answer");
  };
  EXPECT_THROW((void)history(GenerationLog(std::make_shared<support::HookedStore>(store_.store(), fail))), Error);
}

TEST_F(HistoryTest, tells_how_far_it_is) {
  for (int i = 1; i <= 4; ++i) (void)publish(users_at("http://" + std::to_string(i)));
  ProgressRecord progress;
  (void)read_history(publisher_.log(), 2, kPublished, progress);
  EXPECT_THAT(progress.lines, ElementsAre("reading the log 3: 1 2 3"));
}

TEST_F(HistoryTest, what_is_published_meanwhile_has_its_snapshot) {
  (void)publish(users_at("http://1"));
  bool published = false;
  const auto between = std::make_shared<support::HookedStore>(store_.store(), [&](const support::StoreCall& call) {
    if (call.kind == support::StoreCall::Kind::kList && call.key == "generations/" && !std::exchange(published, true))
      (void)publish(users_at("http://2"));
  });
  EXPECT_THAT(words(history(GenerationLog(between))), ElementsAre("2 pending publish", "1 live publish"));
}

TEST_F(HistoryTest, what_is_pruned_meanwhile_is_none_of_it) {
  for (int i = 1; i <= 4; ++i) (void)publish(users_at("http://" + std::to_string(i)));
  const auto between = std::make_shared<support::HookedStore>(store_.store(), [&](const support::StoreCall& call) {
    if (call.key != "generations/4") return;
    for (const char* key : {"generations/1", "generations/2"}) store_.store()->remove(key);
  });
  const History left = history(GenerationLog(between));
  EXPECT_THAT(words(left), ElementsAre("4 live publish", "3 publish"));
  EXPECT_EQ(left.older, 0U);
  EXPECT_FALSE(left.is_damaged());
}

TEST_F(HistoryTest, shows_what_is_live_and_missing_from_the_log) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  leave_unfinished(users_at("http://3"), 3);
  std::filesystem::remove(store_.root() / "generations/2");
  EXPECT_THAT(words(history()), ElementsAre("3 pending publish", "2 live missing publish", "1 publish"));
  EXPECT_EQ(history().damage, "generation 2 is live, and missing from the log");
  EXPECT_TRUE(history().is_damaged());
  std::filesystem::remove_all(store_.root() / "generations");
  EXPECT_THAT(words(history(1)), ElementsAre("2 live missing publish"));
  EXPECT_TRUE(history().is_damaged());
}

TEST_F(HistoryTest, a_live_snapshot_that_is_gone_is_damage_unless_current_has_it) {
  for (const bool is_large : {false, true}) {
    const std::string id = publish(is_large ? large_users_at("http://1") : users_at("http://1")).announcement.snapshot_id;
    std::filesystem::remove(store_.root() / internal::snapshot_key(id));
    EXPECT_THAT(words(history(1)), ElementsAre(is_large ? "2 live gone publish" : "1 live gone publish"));
    EXPECT_EQ(history(1).is_damaged(), is_large);
  }
  EXPECT_THAT(history().damage, HasSubstr("the snapshot of generation 2, which is live, is gone"));
}

}  // namespace
}  // namespace almanac::publish
