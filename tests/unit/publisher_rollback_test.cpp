// Rolling back, pinning and unpinning: generations that name a snapshot which is there already.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "publisher_fixture.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/store_keys.h"

namespace almanac::publish {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;

TEST_F(PublisherTest, rollback_brings_back_the_snapshot_before) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish(users_at("http://3"));
  const Publication back = roll_back();
  EXPECT_TRUE(changed(back));
  EXPECT_EQ(back.announcement.generation, 4U);
  EXPECT_EQ(back.announcement.rollback_of, 2U);
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_EQ(generation(4).snapshot_id, generation(2).snapshot_id);
}

TEST_F(PublisherTest, rollback_twice_goes_back_two_snapshots) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish(users_at("http://3"));
  (void)roll_back();
  const Publication again = roll_back();
  EXPECT_EQ(again.announcement.generation, 5U);
  EXPECT_EQ(again.announcement.rollback_of, 1U);
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_THAT(error_from([&] { (void)roll_back(); }), IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere,
                                                              "has no snapshot before that of generation 1; name a generation to go to"));
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, rollback_after_a_publication_goes_back_to_what_was_live_then) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)roll_back();                    // 3: http://1
  (void)publish(users_at("http://4"));  // 4
  const Publication back = roll_back();
  EXPECT_EQ(back.announcement.generation, 5U);
  EXPECT_EQ(back.announcement.rollback_of, 1U);
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, rollback_to_a_generation) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish(users_at("http://3"));
  EXPECT_EQ(roll_back(1).announcement.rollback_of, 1U);
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_EQ(roll_back(3).announcement.rollback_of, 3U);
  EXPECT_EQ(live_uri(), "http://3");
  const Publication none = roll_back(3);
  EXPECT_FALSE(changed(none));
  EXPECT_EQ(none.announcement.generation, 5U);
}

TEST_F(PublisherTest, rollback_needs_something_to_go_back_to) {
  (void)publish(users_at("http://1"));
  EXPECT_THAT(error_from([&] { (void)roll_back(); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "has no snapshot before that of generation 1"));
  EXPECT_THAT(error_from([&] { (void)roll_back(9); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "has no generation 9; it has 1: see history"));
}

TEST_F(PublisherTest, rollback_to_a_snapshot_that_is_gone_or_damaged_changes_nothing) {
  const std::string first = publish(users_at("http://1")).announcement.snapshot_id;
  (void)publish(users_at("http://2"));
  const std::filesystem::path file = store_.root() / internal::snapshot_key(first);
  std::vector<std::byte> bytes = support::read_bytes(file);
  bytes.back() ^= std::byte{1};
  support::write_bytes(file, bytes);
  EXPECT_EQ(error_from([&] { (void)roll_back(); }).code(), ErrorCode::kCorrupt);
  std::filesystem::remove(file);
  EXPECT_THAT(error_from([&] { (void)roll_back(); }), IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere,
                                                              "no longer has the snapshot of generation 1, " + first + ": see history"));
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_EQ(store_.store()->list("generations/").size(), 2U);
}

TEST_F(PublisherTest, a_pin_is_a_generation_that_only_its_end_may_follow) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  const Publication pinned = pin("freeze\x1b[2J");
  EXPECT_TRUE(changed(pinned));
  EXPECT_EQ(pinned.announcement.generation, 3U);
  EXPECT_EQ(generation(3).pinned, "freeze\x1b[2J");
  EXPECT_EQ(generation(3).snapshot_id, generation(2).snapshot_id);
  EXPECT_EQ(live().generation, 3U);
  EXPECT_EQ(live_uri(), "http://2");
  const auto refused = IsError(ErrorCode::kConflict, store_.root().string(), kNowhere,
                               "is pinned since generation 3 (2023-11-14T22:13:20Z): \"freeze\\x1b[2J\"; nothing was changed");
  EXPECT_THAT(error_from([&] { (void)publish(users_at("http://3")); }), refused);
  EXPECT_THAT(error_from([&] { (void)roll_back(); }), refused);
  EXPECT_FALSE(changed(pin("freeze\x1b[2J")));
  EXPECT_EQ(pin("another").announcement.generation, 4U);
  EXPECT_EQ(unpin().announcement.generation, 5U);
  EXPECT_FALSE(changed(unpin()));
  EXPECT_EQ(live().pinned, std::nullopt);
  EXPECT_EQ(publish(users_at("http://3")).announcement.generation, 6U);
}

TEST_F(PublisherTest, a_pin_needs_something_to_pin) {
  EXPECT_THAT(error_from([&] { (void)pin(""); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "nothing was ever published"));
  EXPECT_THAT(support::keys_of(*store_.store(), ""), testing::IsEmpty());
}

TEST_F(PublisherTest, a_pin_that_cannot_become_live_can_be_ended) {
  (void)publish(users_at("http://1"));
  const std::vector<std::byte> current = support::read_bytes(store_.root() / "current");
  (void)publish(users_at("http://2"));
  (void)pin("freeze");
  for (const char* key : {"generations/2", "current"}) std::filesystem::remove(store_.root() / key);
  support::write_bytes(store_.root() / "current", current);
  const std::string lost = generation(3).snapshot_id;
  std::filesystem::remove(store_.root() / internal::snapshot_key(lost));
  // As a log that was restored in part: generation 1 is live, and 3 a pin.
  ASSERT_TRUE(store_.store()->put("generations/2", {}, {}));
  EXPECT_EQ(publisher_.settle().unknown, "generation 3 came later, and pins a snapshot that is gone or damaged, " + lost);
  EXPECT_EQ(unpin().announcement.generation, 4U);
  EXPECT_EQ(publisher_.settle().unknown, "");
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, a_rollback_can_pin_in_the_same_generation) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  const Publication back = roll_back(1, "2 is broken");
  EXPECT_EQ(back.announcement.generation, 3U);
  EXPECT_EQ(generation(3).pinned, "2 is broken");
  EXPECT_EQ(generation(3).rollback_of, 1U);
  EXPECT_THAT(error_from([&] { (void)publish(users_at("http://3")); }).what(), testing::HasSubstr("2 is broken"));
}

TEST_F(PublisherTest, rollback_to_a_pinned_generation_brings_back_its_snapshot_and_not_its_pin) {
  (void)publish(users_at("http://1"));
  (void)pin("freeze");
  (void)unpin();
  (void)publish(users_at("http://2"));
  EXPECT_EQ(roll_back(2).announcement.pinned, std::nullopt);
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, rollback_goes_behind_pins_and_earlier_rollbacks) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  (void)publish(users_at("http://3"));
  (void)roll_back(std::nullopt, "3 is broken");  // to 2
  (void)unpin();
  EXPECT_EQ(roll_back().announcement.rollback_of, 1U);
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherTest, rollback_says_when_what_was_before_cannot_be_told) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  support::write_bytes(store_.root() / "generations/1", internal::as_bytes("damaged"));
  EXPECT_THAT(error_from([&] { (void)roll_back(); }).what(), testing::HasSubstr("name a generation to go to"));
  std::filesystem::remove(store_.root() / "generations/1");
  EXPECT_THAT(error_from([&] { (void)roll_back(); }).what(), testing::HasSubstr("has no snapshot before that of generation 2"));
}

}  // namespace
}  // namespace almanac::publish
