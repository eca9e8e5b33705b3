#include "inspect/generation_rollout.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace almanac::inspect {
namespace {

using internal::GenerationRollout;
using internal::Moment;
using internal::Schedule;
using namespace std::chrono_literals;

constexpr Moment kStart{1'700'000'000s};

Schedule ramp(std::chrono::milliseconds time) { return {{{kStart, 0}, {kStart + time, kWholeShare}}, true}; }

GenerationRollout rollout_with(Schedule schedule) {
  GenerationRollout rollout;
  rollout.previous_generation = 6;
  rollout.previous_id = "0123456789abcdef0123456789abcdef";
  rollout.seed = 7;
  rollout.schedule = std::move(schedule);
  return rollout;
}

TEST(GenerationRollout, says_how_instances_move) {
  EXPECT_EQ(phases_text(ramp(30min)), "over 30m");
  EXPECT_EQ(phases_text(ramp(90s)), "over 90s");
  EXPECT_EQ(phases_text(ramp(48h)), "over 2d");
  EXPECT_EQ(phases_text(ramp(1500ms)), "over 1500ms");
  EXPECT_EQ(phases_text({{{kStart, 100'000}, {kStart + 20min, kWholeShare}}, true}), "from 10 % on over 20m");
  EXPECT_EQ(phases_text({{{kStart, 2'500}, {kStart + 20min, kWholeShare}}, false}), "as canary, 0.25 % for 20m");
  EXPECT_EQ(phases_text({{{kStart, 100'000}, {kStart + 20min, 500'000}, {kStart + 30min, kWholeShare}}, false}), "in 3 stages");
  EXPECT_EQ(phases_text({{{kStart, kWholeShare}}, false}), "in 1 stage");
}

TEST(GenerationRollout, says_how_far_it_is) {
  EXPECT_EQ(progress_text(rollout_with(ramp(30min)), kStart + 15min), "50 % now, all at 2023-11-14T22:43:20Z");
  EXPECT_EQ(progress_text(rollout_with(ramp(30min)), kStart + 30min - 1ms), "99.9 % now, all at 2023-11-14T22:43:20Z") << "not all yet";
  EXPECT_EQ(progress_text(rollout_with(ramp(30min)), kStart - 1h), "0 % now, all at 2023-11-14T22:43:20Z");
  const Schedule canary{{{kStart, 123'456}, {kStart + 20min, kWholeShare}}, false};
  EXPECT_EQ(progress_text(rollout_with(canary), kStart), "12.3456 % now, all at 2023-11-14T22:33:20Z");
}

// System clocks in nanoseconds end in 2262.
TEST(GenerationRollout, says_when_it_ends_however_far_that_is) {
  const Schedule far{{{kStart + 250ms, 0}, {internal::kLastMoment, kWholeShare}}, true};
  EXPECT_EQ(progress_text(rollout_with(far), kStart), "0 % now, all at 9999-12-31T23:59:59Z");
  std::string text;
  JsonText json(text);
  json.begin_object();
  append_rollout(json, rollout_with(far), kStart);
  EXPECT_NE(text.find(R"("began":"2023-11-14T22:13:20Z","share":0,"ends":"9999-12-31T23:59:59Z")"), std::string::npos) << text;
}

TEST(GenerationRollout, is_a_member_of_json) {
  std::string text;
  JsonText json(text);
  json.begin_object();
  append_rollout(json, rollout_with(ramp(30min)), kStart + 3min);
  json.end_object();
  EXPECT_EQ(text, R"({"rollout":{"state":"under way","from":6,"from_snapshot":"0123456789abcdef0123456789abcdef","began_with":7,)"
                  R"("began":"2023-11-14T22:13:20Z","share":100000,"ends":"2023-11-14T22:43:20Z"}})");
}

}  // namespace
}  // namespace almanac::inspect
