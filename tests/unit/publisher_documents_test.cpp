#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "publish/history.h"
#include "publish/kept_documents.h"
#include "publish/prune.h"
#include "publish/publisher.h"
#include "publisher_fixture.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/hooked_store.h"
#include "support/store_keys.h"

namespace almanac::publish {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::byte> documents(const std::string& text) { return pack_documents(std::vector<source::DocumentText>{{"a.yaml", text}}); }

class PublisherDocumentsTest : public PublisherTest {
 protected:
  Publication publish_of(const std::string& uri, const std::vector<std::byte>& documents) {
    Terms terms = PublisherTest::terms();
    terms.documents = documents;
    return publisher_.publish(publisher_.settle(), users_at(uri), terms);
  }
  [[nodiscard]] std::vector<std::string> kept() { return support::keys_of(*store_.store(), "documents/"); }
  [[nodiscard]] std::filesystem::path file_of(const std::vector<std::byte>& documents) {
    return store_.root() / internal::documents_key(documents_id(documents));
  }
  void age(const std::filesystem::path& file, std::chrono::hours by) {
    std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - by);
  }
};

TEST_F(PublisherDocumentsTest, are_kept_beside_the_snapshot_and_announced) {
  const std::vector<std::byte> of = documents("one");
  const Publication published = publish_of("http://1", of);
  EXPECT_EQ(published.announcement.documents, documents_id(of));
  EXPECT_EQ(live().documents, documents_id(of));
  EXPECT_THAT(kept(), ElementsAre(internal::documents_key(documents_id(of))));
  EXPECT_EQ(publisher_.log().read_documents(live()), of);
  EXPECT_EQ(live_uri(), "http://1");
}

TEST_F(PublisherDocumentsTest, other_ones_of_the_same_snapshot_are_a_generation_of_their_own) {
  (void)publish(users_at("http://1"));
  EXPECT_EQ(live().documents, "");
  EXPECT_TRUE(changed(publish_of("http://1", documents("one"))));
  EXPECT_FALSE(changed(publish_of("http://1", documents("one"))));
  EXPECT_TRUE(changed(publish_of("http://1", documents("two"))));
  EXPECT_FALSE(changed(publish(users_at("http://1"))));  // whoever has none says nothing of them
  EXPECT_EQ(live().documents, documents_id(documents("two")));
}

TEST_F(PublisherDocumentsTest, nobody_moves_one_after_another_to_the_same_snapshot) {
  (void)publish(users_at("http://1"));
  Terms terms = in_phases(PublisherTest::terms());
  const std::vector<std::byte> of = documents("one");
  terms.documents = of;
  EXPECT_TRUE(changed(publisher_.publish(publisher_.settle(), users_at("http://1"), terms)));
  EXPECT_EQ(live().rollout, std::nullopt);
}

TEST_F(PublisherDocumentsTest, pins_carry_them_on_and_rollbacks_bring_theirs_back) {
  (void)publish_of("http://1", documents("one"));
  (void)publish_of("http://2", documents("two"));
  EXPECT_EQ(pin("look").announcement.documents, documents_id(documents("two")));
  EXPECT_EQ(unpin().announcement.documents, documents_id(documents("two")));
  EXPECT_EQ(roll_back(1).announcement.documents, documents_id(documents("one")));
  EXPECT_EQ(live().documents, documents_id(documents("one")));
  (void)publish(users_at("http://3"));
  EXPECT_EQ(live().documents, "");
  EXPECT_EQ(roll_back().announcement.documents, documents_id(documents("one")));
}

TEST_F(PublisherDocumentsTest, rollbacks_bring_theirs_back_where_the_snapshot_is_the_same) {
  (void)publish_of("http://1", documents("one"));
  (void)publish_of("http://1", documents("two"));
  EXPECT_TRUE(changed(roll_back(1)));
  EXPECT_EQ(live().documents, documents_id(documents("one")));
  EXPECT_FALSE(changed(roll_back(1)));
}

TEST_F(PublisherDocumentsTest, lost_or_damaged_ones_do_not_keep_anybody_from_going_back) {
  (void)publish_of("http://1", documents("one"));
  (void)publish_of("http://2", documents("two"));
  std::filesystem::remove(file_of(documents("one")));
  EXPECT_EQ(roll_back(1).announcement.documents, documents_id(documents("one")));
  EXPECT_EQ(live_uri(), "http://1");
  EXPECT_THAT(error_from([&] { (void)publisher_.log().read_documents(live()); }),
              IsError(ErrorCode::kNotFound, store_.root().string(), kNowhere, "no longer has the documents of generation 3, "));
  support::write_bytes(file_of(documents("one")), documents("two"));
  EXPECT_THAT(error_from([&] { (void)publisher_.log().read_documents(live()); }),
              IsError(ErrorCode::kCorrupt, store_.root().string(), kNowhere, "are damaged; publish --with-registrations again"));
}

TEST_F(PublisherDocumentsTest, damaged_ones_are_put_again_with_the_next_generation_that_has_them) {
  (void)publish_of("http://1", documents("one"));
  support::write_bytes(file_of(documents("one")), documents("two"));
  (void)publish_of("http://2", documents("one"));
  EXPECT_EQ(publisher_.log().read_documents(live()), documents("one"));
}

TEST_F(PublisherDocumentsTest, old_ones_are_put_anew_so_that_no_pruning_takes_them) {
  (void)publish_of("http://1", documents("one"));
  age(file_of(documents("one")), std::chrono::hours(48));
  const auto before = std::filesystem::last_write_time(file_of(documents("one")));
  (void)publish_of("http://2", documents("one"));
  EXPECT_GT(std::filesystem::last_write_time(file_of(documents("one"))), before + std::chrono::hours(24));
}

TEST_F(PublisherDocumentsTest, who_is_pruned_takes_those_along_that_nobody_else_names) {
  (void)publish_of("http://1", documents("one"));
  (void)publish_of("http://2", documents("two"));
  (void)publish_of("http://3", documents("two"));
  progress::Progress silent;
  const Pruning pruning = prune(publisher_.log(), {1, std::chrono::seconds(0), false}, silent);
  ASSERT_EQ(pruning.documents.size(), 1U);
  EXPECT_EQ(pruning.documents[0].key, internal::documents_key(documents_id(documents("one"))));
  EXPECT_THAT(kept(), ElementsAre(internal::documents_key(documents_id(documents("two")))));
  EXPECT_EQ(publisher_.log().read_documents(live()), documents("two"));
}

TEST_F(PublisherDocumentsTest, young_ones_stay_for_whoever_is_just_publishing_them) {
  (void)publish(users_at("http://1"));
  (void)store_.store()->put(internal::documents_key(documents_id(documents("one"))), documents("one"), {});
  progress::Progress silent;
  EXPECT_THAT(prune(publisher_.log(), {1, std::chrono::hours(24), false}, silent).documents, IsEmpty());
  EXPECT_EQ(kept().size(), 1U);
}

TEST_F(PublisherDocumentsTest, history_tells_generations_of_the_same_documents_as_syncs) {
  using What = HistoryEntry::What;
  (void)publish_of("http://1", pack_documents({}));
  (void)publish_of("http://2", documents("one"));
  (void)publish_of("http://3", documents("one"));
  (void)publish_of("http://4", documents("two"));
  (void)pin("");
  (void)unpin();
  (void)publish_of("http://5", documents("two"));
  (void)publish(users_at("http://6"));
  (void)publish(users_at("http://7"));
  progress::Progress silent;
  std::vector<What> whats;
  for (const HistoryEntry& entry : read_history(publisher_.log(), 0, kPublished, silent).entries) whats.push_back(entry.what);
  EXPECT_THAT(whats, ElementsAre(What::kPublish, What::kPublish, What::kSync, What::kUnpin, What::kPin, What::kPublish, What::kSync,
                                 What::kPublish, What::kSync));
}

}  // namespace
}  // namespace almanac::publish
