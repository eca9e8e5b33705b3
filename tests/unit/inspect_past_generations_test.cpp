#include "inspect/past_generations.h"

#include <almanac/store.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "inspect/explain.h"
#include "inspect/print_explain.h"
#include "inspect_compiled.h"
#include "open_live.h"
#include "support/file_bytes.h"
#include "support/schedules.h"
#include "support/temporary_directory.h"

namespace almanac::inspect {
namespace {

using internal::Announcement;
using internal::Moment;
using std::chrono::minutes;

constexpr Moment kNine = support::kStart;

// A store whose generations are written down as a publisher would have announced them.
class PastGenerations : public testing::Test {
 protected:
  void announce(std::uint64_t generation, Moment published) { announce(generation, published, std::nullopt); }

  // From the generation before to this one, from 0 % to all in 30 minutes.
  void announce_in_phases(std::uint64_t generation, Moment published, std::uint64_t seed, Moment begin) {
    internal::GenerationRollout rollout;
    rollout.previous_generation = generation - 1;
    rollout.previous_id = snapshot_of(generation - 1).snapshot.id();
    rollout.previous_size = snapshot_of(generation - 1).bytes.size();
    rollout.previous_published = begin - minutes(1);
    rollout.seed = seed;
    rollout.schedule = support::ramp(begin, minutes(30));
    announce(generation, published, rollout);
  }

  [[nodiscard]] Subject open(std::uint64_t generation) const { return open_subject(root_ + "@" + std::to_string(generation)); }
  [[nodiscard]] ExplainReport explained(const std::string& what, const std::string& instance, Moment at) const {
    return explain(open_subject(root_ + what), {"x", Caller().set("instance", instance), {}, at, std::nullopt, std::nullopt});
  }
  [[nodiscard]] static std::string value_of(const ExplainReport& report) { return std::string(*report.found.front().service.value()); }

  void forget(std::uint64_t generation) { std::filesystem::remove(folder_ / internal::generation_key(generation)); }

 private:
  static Compiled snapshot_of(std::uint64_t generation) {
    return compiled(R"({"namespace":"n","name":"x","value":")" + std::to_string(generation) + "\"}");
  }

  void announce(std::uint64_t generation, Moment published, const std::optional<internal::GenerationRollout>& rollout) {
    const Compiled all = snapshot_of(generation);
    Announcement announcement;
    announcement.generation = generation;
    announcement.snapshot_id = all.snapshot.id();
    announcement.snapshot_size = all.bytes.size();
    announcement.published = published;
    announcement.rollout = rollout;
    std::filesystem::create_directories(folder_ / "generations");
    std::filesystem::create_directories(folder_ / "snapshots");
    support::write_bytes(folder_ / internal::snapshot_key(all.snapshot.id()), all.bytes);
    support::write_bytes(folder_ / internal::generation_key(generation), internal::encode_announcement(announcement));
    support::write_bytes(folder_ / "current", internal::encode_announcement(announcement));
  }

  support::TemporaryDirectory folder_;
  std::string root_ = folder_.path().string();
};

TEST_F(PastGenerations, a_rollout_is_ended_by_the_next_that_does_not_carry_it_on) {
  announce(1, kNine - minutes(1));
  announce_in_phases(2, kNine, 2, kNine);
  EXPECT_FALSE(end_of_rollout(open(2))) << "it is live";
  announce_in_phases(3, kNine + minutes(6), 2, kNine);
  EXPECT_FALSE(end_of_rollout(open(2))) << "a pin carries it on";
  announce(4, kNine + minutes(12));
  const std::optional<RolloutEnd> end = end_of_rollout(open(2));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->by, 4U);
  EXPECT_EQ(end->at, kNine + minutes(12));
  EXPECT_EQ(end->share, 400'000U);
  EXPECT_FALSE(end_of_rollout(open(1))) << "it has none";
  announce(5, kNine + minutes(15));
  forget(4);
  EXPECT_EQ(end_of_rollout(open(3)).value().by, 5U) << "as far as the store still tells";
}

TEST_F(PastGenerations, a_rollout_that_was_over_was_not_ended) {
  announce(1, kNine - minutes(1));
  announce_in_phases(2, kNine, 2, kNine);
  announce(3, kNine + minutes(30));
  EXPECT_FALSE(end_of_rollout(open(2)));
}

TEST_F(PastGenerations, who_never_had_what_was_ended_is_told_so) {
  announce(1, kNine - minutes(1));
  announce_in_phases(2, kNine, 2, kNine);
  announce(3, kNine + minutes(12));
  int had_it = 0;
  for (int i = 0; i < 100; ++i) {
    const ExplainReport report = explained("@2", "i-" + std::to_string(i), kNine + minutes(60));
    EXPECT_EQ(report.phase->status.share, 400'000U);
    const bool has = *report.phase->status.bucket < 400'000U;
    EXPECT_EQ(report.phase->status.moved, has);
    EXPECT_EQ(value_of(report), has ? "2" : "1");
    Output output(1);
    print_text(report, output);
    const std::string text = std::exchange(output.text(), {});
    const std::string ended = "generation 2: ended at 40 % by generation 3 at 2026-11-20T09:12:00Z, 48 min ago; this instance ";
    EXPECT_NE(text.find(ended + (has ? "had it\n" : "never had it\n")), std::string::npos) << text;
    EXPECT_EQ(text.find("moved        to generation 2, due since") != std::string::npos, has) << text;
    EXPECT_EQ(text.find("moves  "), std::string::npos) << text;
    had_it += has ? 1 : 0;
  }
  EXPECT_GT(had_it, 10);
  EXPECT_LT(had_it, 90);
}

TEST_F(PastGenerations, a_moment_before_what_is_live_is_one_of_an_earlier_generation) {
  for (std::uint64_t generation = 1; generation <= 5; ++generation) announce(generation, kNine + minutes(10 * generation));
  EXPECT_EQ(generation_at(open(5), kNine + minutes(49)), 4U);
  EXPECT_EQ(generation_at(open(5), kNine + minutes(20)), 2U);
  EXPECT_EQ(generation_at(open(5), kNine + minutes(9)), 0U);
  const ExplainReport then = explained("", "i-1", kNine + minutes(29));
  EXPECT_EQ(value_of(then), "2");
  EXPECT_TRUE(then.notes.empty());
  EXPECT_EQ(value_of(explained("", "i-1", kNine + minutes(50))), "5");
  EXPECT_THAT(explained("", "i-1", kNine + minutes(9)).notes,
              testing::ElementsAre("generation 5 was published 41 min after that moment, and nothing was live before generation 1"));
  const ExplainReport named = explained("@5", "i-1", kNine + minutes(29));
  EXPECT_EQ(value_of(named), "5");
  EXPECT_THAT(named.notes,
              testing::ElementsAre("generation 5 was published 21 min after that moment, when generation 2 was live; name that one"));
  forget(3);
  EXPECT_EQ(generation_at(open(5), kNine + minutes(20)), std::nullopt);
  EXPECT_THAT(explained("", "i-1", kNine + minutes(29)).notes,
              testing::ElementsAre("generation 5 was published 21 min after that moment; name the one that was live: STORE@GENERATION"));
}

TEST_F(PastGenerations, a_hundred_are_asked_at_most) {
  for (std::uint64_t generation = 1; generation <= 103; ++generation) announce(generation, kNine + minutes(generation));
  EXPECT_EQ(generation_at(open(103), kNine + minutes(3)), 3U);
  EXPECT_EQ(generation_at(open(103), kNine + minutes(2)), std::nullopt);
  EXPECT_EQ(generation_at(open(101), kNine), 0U);
}

}  // namespace
}  // namespace almanac::inspect
