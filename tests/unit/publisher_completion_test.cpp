// What is on its way to instances, for all of them at once, by whoever does not have its documents.
#include <gtest/gtest.h>

#include <filesystem>

#include "publisher_fixture.h"
#include "support/error_matchers.h"

namespace almanac::publish {
namespace {

using support::error_from;

class CompletionTest : public PublisherTest {};

TEST_F(CompletionTest, it_is_completed_without_its_documents) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  const Publication done = publisher_.end_rollout(publisher_.settle(), half_way());
  EXPECT_EQ(done.announcement.generation, 3U);
  EXPECT_EQ(done.replaced.value().generation, 2U);
  EXPECT_EQ(live().rollout, std::nullopt);
  EXPECT_EQ(live_uri(), "http://2");
  EXPECT_EQ(publisher_.end_rollout(publisher_.settle(), half_way()).outcome, Publication::Outcome::kUnchanged);
  EXPECT_EQ(live().generation, 3U);
}

TEST_F(CompletionTest, what_is_pinned_or_gone_is_not_completed) {
  EXPECT_EQ(error_from([&] { (void)publisher_.end_rollout(publisher_.settle(), half_way()); }).code(), ErrorCode::kNotFound);
  (void)publish(users_at("http://1"));
  const Announcement large = publish_in_phases(large_users_at("http://2")).announcement;
  (void)publisher_.pin(publisher_.settle(), "freeze", half_way());
  EXPECT_THROW((void)publisher_.end_rollout(publisher_.settle(), half_way()), Refused);
  (void)publisher_.unpin(publisher_.settle(), half_way());
  std::filesystem::remove(store_.root() / internal::snapshot_key(large.snapshot_id));
  EXPECT_EQ(error_from([&] { (void)publisher_.end_rollout(publisher_.settle(), half_way()); }).code(), ErrorCode::kNotFound);
  EXPECT_NE(live().rollout, std::nullopt);
}

TEST_F(CompletionTest, who_completes_what_was_replaced_meanwhile_does_not_bring_it_back) {
  (void)publish(users_at("http://1"));
  (void)publish_in_phases(users_at("http://2"));
  const Base base = publisher_.settle();
  Terms ending = half_way();
  ending.end_rollout = true;
  (void)publisher_.publish(publisher_.settle(), users_at("http://3"), ending);
  Terms retry = half_way();
  retry.on_conflict = OnConflict::kRetry;
  EXPECT_EQ(publisher_.end_rollout(base, retry).outcome, Publication::Outcome::kUnchanged);
  EXPECT_EQ(live_uri(), "http://3");
}

}  // namespace
}  // namespace almanac::publish
