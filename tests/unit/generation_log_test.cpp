#include "publish/generation_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "publisher_fixture.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"

namespace almanac::publish {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class GenerationLogTest : public PublisherTest {
 protected:
  const GenerationLog& log_ = publisher_.log();
};

TEST_F(GenerationLogTest, of_an_empty_store_is_empty) {
  EXPECT_EQ(log_.base().live, std::nullopt);
  EXPECT_EQ(log_.base().generation(), 0U);
  EXPECT_EQ(log_.base().pinned(), std::nullopt);
  EXPECT_THAT(log_.numbers(), IsEmpty());
  EXPECT_THAT(error_from([&] { (void)log_.get(1); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "has no generation 1; it has none"));
}

TEST_F(GenerationLogTest, has_the_numbers_of_what_was_published_and_of_nothing_else) {
  for (int i = 1; i <= 11; ++i) (void)publish(users_at("http://" + std::to_string(i)));
  for (const char* stray : {"generations/0", "generations/012", "generations/x", "generations/1x", "generations/99999999999999999999"}) {
    ASSERT_TRUE(store_.store()->put(stray, {}, {}));
  }
  EXPECT_THAT(log_.numbers(), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
  EXPECT_THAT(error_from([&] { (void)log_.get(99); }).what(), HasSubstr("has no generation 99; it has 1 to 11: see history"));
  EXPECT_EQ(log_.base().generation(), 11U);
  EXPECT_EQ(log_.base().last, 11U);
  EXPECT_TRUE(log_.base().is_current);
}

TEST_F(GenerationLogTest, refuses_an_announcement_in_anothers_place) {
  (void)publish(users_at("http://1"));
  (void)publish(users_at("http://2"));
  std::filesystem::copy_file(store_.root() / "generations/1", store_.root() / "generations/2",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_THAT(error_from([&] { (void)log_.get(2); }),
              IsError(ErrorCode::kCorrupt, (store_.root() / "generations/2").string(), kNowhere, "announces generation 1"));
}

TEST_F(GenerationLogTest, a_generation_that_current_does_not_follow_yet_is_the_base) {
  (void)publish(users_at("http://1"));
  leave_unfinished(users_at("http://2"), 2);
  const Base base = log_.base();
  EXPECT_EQ(base.generation(), 2U);
  EXPECT_FALSE(base.is_current);
  EXPECT_EQ(base.snapshot, users_at("http://2"));
  EXPECT_EQ(base.unknown, "");
  EXPECT_EQ(base.etag, store_.store()->get("current").etag);
  EXPECT_EQ(log_.open_snapshot(*base.live).in("prod").find("users").value().uri(), "http://2");
}

TEST_F(GenerationLogTest, an_unusable_generation_takes_its_number_and_is_not_the_base) {
  (void)publish(users_at("http://1"));
  ASSERT_TRUE(store_.store()->put("generations/2", {}, {}));
  const Base base = log_.base();
  EXPECT_EQ(base.generation(), 1U);
  EXPECT_EQ(base.last, 2U);
  EXPECT_THAT(base.unknown, HasSubstr("generation 2 came later, and cannot be read: "));
}

TEST_F(GenerationLogTest, a_snapshot_is_read_from_current_where_that_has_it) {
  const std::string id = publish(users_at("http://1")).announcement.snapshot_id;
  std::filesystem::remove(store_.root() / internal::snapshot_key(id));
  EXPECT_EQ(log_.read_snapshot(log_.current().value()), users_at("http://1"));
  EXPECT_THAT(error_from([&] { (void)log_.read_snapshot(log_.get(1)); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "no longer has the snapshot of generation 1, " + id));
}

TEST_F(GenerationLogTest, refuses_a_snapshot_of_another_size_or_content) {
  const Announcement first = publish(users_at("http://1")).announcement;
  const std::filesystem::path file = store_.root() / internal::snapshot_key(first.snapshot_id);
  std::vector<std::byte> bytes = support::read_bytes(file);
  bytes.push_back({});
  support::write_bytes(file, bytes);
  EXPECT_THAT(error_from([&] { (void)log_.read_snapshot(log_.get(1)); }),
              IsError(ErrorCode::kCorrupt, file.string(), kNowhere, "that were announced"));
  support::write_bytes(file, users_at("http://2"));
  EXPECT_THAT(error_from([&] { (void)log_.read_snapshot(log_.get(1)); }).what(), HasSubstr("holds another snapshot"));
}

}  // namespace
}  // namespace almanac::publish
