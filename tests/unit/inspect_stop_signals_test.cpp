#include "inspect/stop_signals.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "support/child_process.h"

namespace almanac::inspect {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using support::in_child_process;
using testing::ExitedWithCode;
using testing::IsEmpty;
using testing::KilledBySignal;
using testing::StrEq;

TEST(StopSignals, waits_until_one_comes) {
  for (const int number : {SIGTERM, SIGINT}) {
    StopSignals signals;
    EXPECT_FALSE(signals.wait_for(milliseconds(1)));
    EXPECT_FALSE(signals.came());
    ASSERT_EQ(::raise(number), 0);
    EXPECT_TRUE(signals.came());
    EXPECT_TRUE(signals.wait_for(minutes(10)));
    EXPECT_TRUE(signals.wait_for(minutes(10)));
  }
}

TEST(StopSignals, are_waited_for_while_children_end) {
  StopSignals signals;
  ASSERT_EQ(::raise(SIGCHLD), 0);
  EXPECT_FALSE(signals.wait_for(milliseconds(20)));
}

TEST(StopSignals, end_the_program_where_nothing_is_to_be_finished) {
  EXPECT_EQ(in_child_process([] {
              StopSignals signals;
              const StopSignals::Abandonable nothing_to_finish(signals);
              (void)::raise(SIGTERM);
              return 7;
            }),
            0);
  EXPECT_EQ(in_child_process([] {
              StopSignals signals;
              { const StopSignals::Abandonable nothing_to_finish(signals); }
              (void)::raise(SIGTERM);
              return signals.came() ? 7 : 8;
            }),
            7);
}

TEST(StopSignals, that_came_before_end_the_program_where_nothing_is_to_be_finished_any_more) {
  EXPECT_EQ(in_child_process([] {
              StopSignals signals;
              (void)::raise(SIGTERM);
              signals.abandon_from_now_on();
              return 7;
            }),
            0);
}

TEST(StopSignals, a_second_one_of_either_kind_ends_the_program_as_it_would_without) {
  for (const auto& [first, second] : {std::pair(SIGTERM, SIGTERM), std::pair(SIGTERM, SIGINT), std::pair(SIGINT, SIGTERM)}) {
    const auto send_both = [first = first, second = second] {
      StopSignals signals;
      signals.finish_from_now_on("it is half done\n");
      (void)::raise(first);
      (void)::raise(second);
    };
    EXPECT_EXIT(send_both(), KilledBySignal(second), StrEq("it is half done\n"));
  }
}

TEST(StopSignals, what_is_under_way_does_not_keep_the_program_for_ever) {
  const auto go_on_for_ever = [] {
    StopSignals signals;
    signals.finish_from_now_on("something else\n");
    signals.finish_from_now_on("it is half done\n");
    (void)::raise(SIGTERM);
    for (;;) (void)::pause();
  };
  EXPECT_EXIT(go_on_for_ever(), ExitedWithCode(0), StrEq("it is half done\n"));
}

TEST(StopSignals, say_nothing_where_what_was_under_way_came_to_its_end) {
  const auto finish = [] {
    StopSignals signals;
    signals.finish_from_now_on("it is half done\n");
    (void)::raise(SIGTERM);
    signals.finish_from_now_on();
    (void)::raise(SIGINT);
  };
  EXPECT_EXIT(finish(), KilledBySignal(SIGINT), IsEmpty());
}

TEST(StopSignals, are_handed_on_as_often_as_they_come) {
  StopSignals signals;
  {
    const StopSignals::HandedOn handed_on(signals);
    EXPECT_EQ(handed_on.next_within(milliseconds(1)), 0);
    ASSERT_EQ(::raise(SIGCHLD), 0);
    EXPECT_EQ(handed_on.next_within(minutes(10)), 0);
    EXPECT_FALSE(signals.came());
    for (const int number : {SIGTERM, SIGTERM, SIGINT}) {
      ASSERT_EQ(::raise(number), 0);
      EXPECT_EQ(handed_on.next_within(minutes(10)), number);
    }
  }
  EXPECT_TRUE(signals.came());
}

TEST(StopSignals, that_are_ignored_stay_so) {
  const int status = in_child_process([] {
    (void)std::signal(SIGINT, SIG_IGN);
    StopSignals signals;
    (void)::raise(SIGINT);
    if (signals.wait_for(milliseconds(1))) return 1;
    {
      const StopSignals::Abandonable nothing_to_finish(signals);
      (void)::raise(SIGINT);
    }
    (void)::raise(SIGINT);
    if (signals.wait_for(milliseconds(1))) return 2;
    (void)::raise(SIGTERM);
    return signals.wait_for(minutes(10)) ? 7 : 3;
  });
  EXPECT_EQ(status, 7);
}

TEST(StopSignals, that_the_program_was_started_with_blocked_come) {
  const int status = in_child_process([] {
    sigset_t blocked;
    ::sigemptyset(&blocked);
    for (const int number : {SIGTERM, SIGCHLD, SIGALRM}) ::sigaddset(&blocked, number);
    (void)::pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    {
      StopSignals signals;
      const StopSignals::HandedOn handed_on(signals);
      (void)::raise(SIGCHLD);
      if (handed_on.next_within(minutes(10)) != 0) return 1;
      (void)::raise(SIGTERM);
      if (handed_on.next_within(minutes(10)) != SIGTERM) return 2;
    }
    (void)::raise(SIGTERM);  // blocked again
    return 7;
  });
  EXPECT_EQ(status, 7);
}

TEST(StopSignals, do_what_they_did_before_afterwards) {
  const int status = in_child_process([] {
    { StopSignals signals; }
    (void)::raise(SIGTERM);
    return 7;
  });
  EXPECT_EQ(status, -1);
}

}  // namespace
}  // namespace almanac::inspect
