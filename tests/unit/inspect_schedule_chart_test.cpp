#include "inspect/schedule_chart.h"
#include "support/schedules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace almanac::inspect {
namespace {

using internal::Moment;
using internal::Schedule;
using internal::Stage;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr Moment kNine = support::kStart;

Schedule steps(std::vector<Stage> stages) { return {std::move(stages), false}; }
Schedule ramp(std::vector<Stage> stages) { return {std::move(stages), true}; }

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(ScheduleChart, draws_steps_as_stairs) {
  const Schedule schedule = steps({{kNine, 200'000}, {kNine + minutes(10), 450'000}, {kNine + minutes(20), 1'000'000}});
  EXPECT_EQ(schedule_chart(schedule, kNine + minutes(5)),
            " 100 % |                  :                                             ____\n"
            "  90 % |                  :                                            |\n"
            "  80 % |                  :                                            |\n"
            "  70 % |                  :                                            |\n"
            "  60 % |                  :                                            |\n"
            "  50 % |                  :                                            |\n"
            "  40 % |                  :              |-----------------------------|\n"
            "  30 % |                  :              |\n"
            "  20 % |     ____________________________|\n"
            "  10 % |    |             :\n"
            "   0 % |____|             :\n"
            "       +----+-------------:--------------------------------------------+----\n"
            "                          ^ now 20 %\n"
            "            2026-11-20T09:00:00Z                    2026-11-20T09:20:00Z\n");
}

TEST(ScheduleChart, draws_a_ramp_as_a_slope) {
  const Schedule schedule = ramp({{kNine, 0}, {kNine + minutes(30), 1'000'000}});
  EXPECT_EQ(schedule_chart(schedule, kNine + minutes(30)),
            " 100 % |                                                               _____\n"
            "  90 % |                                                         _..-'':\n"
            "  80 % |                                                   _..-''      :\n"
            "  70 % |                                             _..-''            :\n"
            "  60 % |                                       _..-''                  :\n"
            "  50 % |                                 _..-''                        :\n"
            "  40 % |                           __.--'                              :\n"
            "  30 % |                     __.--'                                    :\n"
            "  20 % |               __.--'                                          :\n"
            "  10 % |         __.--'                                                :\n"
            "   0 % |_____.--'                                                      :\n"
            "       +----+----------------------------------------------------------:----\n"
            "                                                             now 100 % ^\n"
            "            2026-11-20T09:00:00Z                    2026-11-20T09:30:00Z\n");
}

TEST(ScheduleChart, says_on_which_side_now_lies_when_it_is_not_on_it) {
  const Schedule schedule = steps({{kNine, 200'000}, {kNine + minutes(10), 500'000}});
  const std::vector<std::string> before = lines_of(schedule_chart(schedule, kNine - minutes(10)));
  const std::vector<std::string> behind = lines_of(schedule_chart(schedule, kNine + minutes(20)));
  ASSERT_EQ(before.size(), 14U);
  EXPECT_EQ(before[12], "        < now 0 %");
  EXPECT_EQ(behind[12], std::string(66, ' ') + "now 50 % >");
  EXPECT_EQ(std::ranges::count(schedule_chart(schedule, kNine - minutes(10)), ':'), 4);  // those of the two times
}

TEST(ScheduleChart, what_has_always_been_is_no_moment_of_a_change) {
  EXPECT_FALSE(is_drawable(steps({{internal::kAlways, 100'000}})));
  EXPECT_FALSE(is_drawable(steps({{kNine, 100'000}})));
  EXPECT_FALSE(is_drawable(steps({{internal::kAlways, 100'000}, {kNine, 200'000}})));
  EXPECT_TRUE(is_drawable(steps({{kNine, 100'000}, {kNine + milliseconds(1), 200'000}})));
  EXPECT_TRUE(is_drawable(ramp({{internal::kAlways, 0}, {kNine, 200'000}})));
  const std::string chart = schedule_chart(steps({{internal::kAlways, 100'000}, {kNine, 200'000}, {kNine + minutes(20), 300'000}}), kNine);
  EXPECT_NE(chart.find("            2026-11-20T09:00:00Z                    2026-11-20T09:20:00Z\n"), std::string::npos);
  EXPECT_NE(chart.find("\n  10 % |____|"), std::string::npos);
}

TEST(ScheduleChart, a_step_that_was_never_level_is_drawn_from_bottom_to_top) {
  std::vector<Stage> stages;
  for (std::uint32_t i = 0; i < 1000; ++i) stages.push_back({kNine + milliseconds(i), i * 1001});
  const std::vector<std::string> lines = lines_of(schedule_chart(steps(stages), kNine));
  for (std::size_t row = 1; row < 11; ++row) EXPECT_NE(lines[row].find('|', 8), std::string::npos) << row;
}

TEST(ScheduleChart, the_shortest_and_the_longest_are_drawn_too) {
  const Schedule shortest = steps({{kNine, 100'000}, {kNine + milliseconds(1), 1'000'000}});
  const Schedule longest = steps({{internal::kAlways + milliseconds(1), 100'000}, {internal::kLastMoment, 1'000'000}});
  for (const Schedule& schedule : {shortest, longest}) {
    const std::string chart = schedule_chart(schedule, schedule.stages.back().at);
    EXPECT_NE(chart.find("----:----\n"), std::string::npos) << chart;
    EXPECT_NE(chart.find("now 100 % ^\n"), std::string::npos) << chart;
  }
}

// Whatever the schedule: plain characters, at most 80 columns, every row, and the height of the line in a column is the share.
TEST(ScheduleChart, any_schedule_fits_a_log_file) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2000; ++round) {
    Schedule schedule;
    schedule.is_ramp = random() % 2 == 0;
    std::int64_t at = static_cast<std::int64_t>(random() % 2'000'000'000'000);
    std::uint32_t share = 0;
    const std::int64_t most = std::int64_t{1} << (random() % 36U);
    for (std::size_t i = 2 + random() % 30; i > 0; --i) {
      at += 1 + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(most));
      share += static_cast<std::uint32_t>(random() % (1'000'001 - share)) / (random() % 4 == 0 ? 1 : 8);
      schedule.stages.push_back({Moment(milliseconds(at)), share});
    }
    ASSERT_EQ(internal::fault_of(schedule), nullptr);
    ASSERT_TRUE(is_drawable(schedule));
    const Moment now(milliseconds(static_cast<std::int64_t>(random() % 4'000'000'000'000)));
    const std::vector<std::string> lines = lines_of(schedule_chart(schedule, now));
    ASSERT_EQ(lines.size(), 14U);
    for (const std::string& line : lines) {
      ASSERT_LE(line.size(), 80U);
      ASSERT_TRUE(std::ranges::all_of(line, [](char c) { return c >= ' ' && c <= '~'; })) << line;
    }
    // The last column is at the final share.
    const std::string& top = lines[10 - share / 100'000];
    ASSERT_EQ(top.size(), 76U) << top;
    ASSERT_EQ(top.back(), "_.-'"[share % 100'000 / 25'000]) << top;
  }
}

}  // namespace
}  // namespace almanac::inspect
