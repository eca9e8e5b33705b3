#include "inspect/follow/live_instance.h"

#include <gmock/gmock.h>

#include "phased_registry.h"

namespace almanac::inspect {
namespace {

using internal::LiveSnapshot;
using internal::Moment;
using support::kStart;

constexpr std::chrono::minutes kHour(60);

class LiveInstanceTest : public internal::PhasedRegistryTest {
 protected:
  // The uri of what the look gives; "-": nothing new.
  static std::string look(LiveInstance& instance, Moment now = kStart, const KeptGeneration& kept = {}) {
    const std::optional<LiveSnapshot> news = instance.look(now, kept);
    return news ? std::string(news->snapshot.in("prod").find("users")->uri()) : "-";
  }
  static Caller host(const std::string& name) { return Caller().set("instance", name); }
};

TEST_F(LiveInstanceTest, gives_each_generation_once_by_conditional_requests) {
  publish(1, 1);
  LiveInstance instance(store_, host("a"));
  EXPECT_EQ(look(instance), "http://1");
  EXPECT_EQ(look(instance), "-");
  EXPECT_FALSE(store_->gets().back().options.if_none_match.empty());
  publish(2, 2);
  EXPECT_EQ(look(instance), "http://2");
  EXPECT_EQ(look(instance), "-");
}

TEST_F(LiveInstanceTest, an_error_changes_nothing_and_the_next_look_makes_up_for_it) {
  publish(1, 1);
  LiveInstance instance(store_, host("a"));
  store_->fail_with(ErrorCode::kTimedOut);
  EXPECT_THROW((void)look(instance), Error);
  store_->heal();
  EXPECT_EQ(look(instance), "http://1");
  publish(2, 2);
  store_->fail_with(ErrorCode::kInputOutput);
  EXPECT_THROW((void)look(instance), Error);
  store_->heal();
  EXPECT_EQ(look(instance), "http://2");
}

TEST_F(LiveInstanceTest, a_store_that_went_back_behind_what_is_kept_is_not_followed) {
  const KeptGeneration third{3, "where it is kept"};
  publish(3, 3);
  LiveInstance instance(store_, host("a"));
  EXPECT_EQ(look(instance, kStart, third), "http://3");
  publish(2, 2);
  try {
    (void)look(instance, kStart, third);
    ADD_FAILURE() << "went back";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kConflict);
    EXPECT_NE(std::string(error.what()).find("or where it is kept is removed"), std::string::npos) << error.what();
  }
  publish(4, 4);
  EXPECT_EQ(look(instance, kStart, third), "http://4");
  publish(2, 2);
  EXPECT_EQ(look(instance), "http://2");
}

TEST_F(LiveInstanceTest, what_is_kept_is_not_left_for_the_generation_before) {
  publish_an_hour_ahead();
  LiveInstance before(store_, host("a"));
  EXPECT_EQ(look(before), "http://1");
  LiveInstance after(store_, host("a"));
  EXPECT_EQ(look(after, kStart, {2, ""}), "http://2");
}

TEST_F(LiveInstanceTest, has_the_generation_before_until_its_turn_and_never_goes_back) {
  publish(1, 1);
  publish_an_hour_ahead();
  LiveInstance instance(store_, host("a"));
  EXPECT_EQ(look(instance), "http://1");
  EXPECT_EQ(look(instance), "-");
  EXPECT_EQ(look(instance, kStart + kHour), "http://2");
  EXPECT_EQ(look(instance), "-");  // by a clock that was put back
}

TEST_F(LiveInstanceTest, moves_with_its_instance) {
  publish(1, 1);
  publish_in_phases(2, 2, 1, support::ramp(kStart, kHour));
  int moved = 0;
  for (int i = 0; i < 100; ++i) {
    LiveInstance instance(store_, host("host-" + std::to_string(i)));
    const std::string first = look(instance, kStart + kHour / 2);
    LiveInstance again(store_, host("host-" + std::to_string(i)));
    EXPECT_EQ(look(again, kStart + kHour / 2), first) << i;
    if (first == "http://2") ++moved;
  }
  // These hundred names, always the same ones.
  EXPECT_GT(moved, 25);
  EXPECT_LT(moved, 75);
}

TEST_F(LiveInstanceTest, takes_what_is_live_where_the_one_before_was_pruned) {
  publish_an_hour_ahead();
  store_->erase(key_of(1));
  LiveInstance instance(store_, host("a"));
  EXPECT_EQ(look(instance), "http://2");
  EXPECT_EQ(look(instance), "-");
}

}  // namespace
}  // namespace almanac::inspect
