#include "inspect/follow/stop_signals.h"

#include <gtest/gtest.h>

#include <csignal>

#include "support/child_process.h"

namespace almanac::inspect {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

TEST(StopSignals, waits_until_one_comes) {
  for (const int number : {SIGTERM, SIGINT}) {
    StopSignals signals;
    EXPECT_FALSE(signals.wait_for(milliseconds(1)));
    EXPECT_FALSE(signals.came());
    ASSERT_EQ(::raise(number), 0);
    EXPECT_TRUE(signals.wait_for(minutes(10)));
    EXPECT_TRUE(signals.came());
    EXPECT_TRUE(signals.wait_for(minutes(10)));
  }
}

TEST(StopSignals, tells_of_children) {
  StopSignals signals;
  EXPECT_EQ(signals.next_within(milliseconds(1)), 0);
  ASSERT_EQ(::raise(SIGCHLD), 0);
  EXPECT_EQ(signals.next_within(minutes(10)), SIGCHLD);
  EXPECT_FALSE(signals.came());
}

TEST(StopSignals, end_the_program_where_nothing_is_to_be_finished) {
  const int status = support::in_child_process([] {
    StopSignals signals;
    const StopSignals::Abandonable nothing_to_finish;
    (void)::raise(SIGTERM);
    return 7;
  });
  EXPECT_EQ(status, 0);
}

TEST(StopSignals, that_are_ignored_stay_so) {
  const int status = support::in_child_process([] {
    (void)std::signal(SIGINT, SIG_IGN);
    StopSignals signals;
    (void)::raise(SIGINT);
    if (signals.wait_for(milliseconds(1))) return 1;
    {
      const StopSignals::Abandonable nothing_to_finish;
      (void)::raise(SIGINT);
    }
    (void)::raise(SIGINT);
    if (signals.wait_for(milliseconds(1))) return 2;
    (void)::raise(SIGTERM);
    return signals.wait_for(minutes(10)) ? 7 : 3;
  });
  EXPECT_EQ(status, 7);
}

TEST(StopSignals, do_what_they_did_before_afterwards) {
  const int status = support::in_child_process([] {
    { StopSignals signals; }
    (void)::raise(SIGTERM);
    return 7;
  });
  EXPECT_EQ(status, -1);
}

}  // namespace
}  // namespace almanac::inspect
