#include "open_live.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/published_store.h"
#include "support/scripted_store.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using support::PublishedStore;
using support::service;

const std::vector<support::NamespaceBuilder> kFirst = support::users_at("http://1");
const std::vector<support::NamespaceBuilder> kSecond = support::users_at("http://2");

// Too large to travel inside `current`.
std::vector<support::NamespaceBuilder> large_registry() {
  return {{"prod", support::large_services(24, "")}, {"small", {service("users").uri("http://users")}}};
}

void expect_live(const LiveSnapshot& live, std::uint64_t generation, std::string_view uri) {
  EXPECT_EQ(live.announcement.generation, generation);
  EXPECT_EQ(live.announcement.snapshot_id, live.snapshot.id());
  EXPECT_EQ(live.snapshot.in("prod").find("users").value().uri(), uri);
  EXPECT_NO_THROW(live.snapshot.verify());
}

TEST(OpenLive, an_empty_store_has_nothing) {
  const PublishedStore store;
  EXPECT_THAT(error_from([&] { (void)open_live(store.store(), {}); }),
              IsError(ErrorCode::kNotFound, (store.root() / "current").string(), kNowhere, "cannot be opened"));
}

TEST(OpenLive, a_small_snapshot_comes_with_its_announcement) {
  PublishedStore store;
  store.publish(kFirst);
  std::filesystem::remove_all(store.root() / "snapshots");
  expect_live(open_live(store.store(), {}), 1, "http://1");
}

TEST(OpenLive, a_large_snapshot_is_read_in_ranges) {
  PublishedStore store;
  store.publish(large_registry());
  // With its manifest, and no more.
  EXPECT_LT(std::filesystem::file_size(store.root() / "current"), 2000U);
  const LiveSnapshot live = open_live(store.store(), {});
  EXPECT_GT(live.snapshot.size(), std::uint64_t{1} << 20U);
  EXPECT_EQ(live.snapshot.in("small").find("users").value().uri(), "http://users");
  EXPECT_NO_THROW(live.snapshot.verify());
}

// What is not behind the announcement is read from the store, wherever that cuts.
TEST(OpenLive, any_beginning_of_the_snapshot_may_travel_along) {
  PublishedStore store;
  const auto published = store.publish(kFirst);
  const std::vector<std::byte> alone = encode_announcement(published.announcement);
  const std::vector<std::byte> snapshot = support::snapshot_of(kFirst);
  for (std::size_t size = 0; size <= snapshot.size(); ++size) {
    std::vector<std::byte> current = alone;
    current.insert(current.end(), snapshot.begin(), snapshot.begin() + static_cast<std::ptrdiff_t>(size));
    support::write_bytes(store.root() / "current", current);
    expect_live(open_live(store.store(), {}), 1, "http://1");
  }
}

TEST(OpenLive, more_than_the_snapshot_is_refused) {
  PublishedStore store;
  const std::size_t alone = encode_announcement(store.publish(kFirst).announcement).size();
  std::vector<std::byte> current = support::read_bytes(store.root() / "current");
  current.push_back(std::byte{0});
  support::write_bytes(store.root() / "current", current);
  EXPECT_THAT(error_from([&] { (void)open_live(store.store(), {}); }),
              IsError(ErrorCode::kCorrupt, (store.root() / "current").string(), alone, "carries more bytes than the snapshot"));
}

TEST(OpenLive, opens_an_older_generation) {
  PublishedStore store;
  store.publish(kFirst);
  store.publish(kSecond);
  expect_live(open_generation(store.store(), 1, {}), 1, "http://1");
  expect_live(open_generation(store.store(), 2, {}), 2, "http://2");
  EXPECT_THAT(error_from([&] { (void)open_generation(store.store(), 3, {}); }),
              IsError(ErrorCode::kNotFound, (store.root() / "generations/3").string(), kNowhere, ""));
}

TEST(OpenLive, a_missing_snapshot_is_named) {
  PublishedStore store;
  const auto published = store.publish(large_registry());
  const std::filesystem::path file = store.root() / snapshot_key(published.announcement.snapshot_id);
  std::filesystem::remove(file);
  const LiveSnapshot live = open_live(store.store(), {});
  EXPECT_THAT(error_from([&] { (void)live.snapshot.in("prod"); }),
              IsError(ErrorCode::kNotFound, file.string(), kNowhere, "cannot be opened"));
  EXPECT_THAT(error_from([&] { (void)open_generation(store.store(), 1, {}); }),
              IsError(ErrorCode::kNotFound, file.string(), kNowhere, "cannot be opened"));
}

TEST(OpenLive, a_snapshot_that_is_not_the_announced_one_is_refused) {
  PublishedStore store;
  const auto published = store.publish(kFirst).announcement;
  std::vector<support::NamespaceBuilder> of_the_same_size;
  for (char digit = '2'; support::snapshot_of(of_the_same_size).size() != published.snapshot_size; ++digit) {
    ASSERT_LE(digit, '~');
    of_the_same_size = {{"prod", {service("users").uri(std::string("http://") + digit)}}};
  }
  const std::string first = published.snapshot_id;
  const std::string second = store.publish(of_the_same_size).announcement.snapshot_id;
  const std::filesystem::path file = store.root() / snapshot_key(first);
  const std::vector<std::byte> other = support::read_bytes(store.root() / snapshot_key(second));
  std::filesystem::remove(file);
  support::write_bytes(file, other);
  EXPECT_THAT(error_from([&] { (void)open_generation(store.store(), 1, {}); }),
              IsError(ErrorCode::kCorrupt, file.string(), kNowhere, "holds snapshot " + second + " where " + first + " was announced"));
}

TEST(OpenLive, a_snapshot_that_is_not_the_announced_one_is_refused_inside_current_too) {
  PublishedStore store;
  store.publish(kFirst);
  std::vector<std::byte> current = encode_announcement(open_live(store.store(), {}).announcement);
  const std::vector<std::byte> other = support::snapshot_of(kSecond);
  current.insert(current.end(), other.begin(), other.end());
  support::write_bytes(store.root() / "current", current);
  EXPECT_EQ(error_from([&] { (void)open_live(store.store(), {}); }).code(), ErrorCode::kCorrupt);
}

TEST(OpenLive, a_shortened_snapshot_is_truncated) {
  PublishedStore store;
  const auto published = store.publish(large_registry());
  const std::filesystem::path file = store.root() / snapshot_key(published.announcement.snapshot_id);
  const LiveSnapshot live = open_live(store.store(), {});
  std::filesystem::resize_file(file, published.announcement.snapshot_size / 2);
  EXPECT_THAT(error_from([&] { (void)live.snapshot.in("prod"); }).code(), ErrorCode::kTruncated);
  std::filesystem::resize_file(file, 100);
  EXPECT_THAT(error_from([&] { (void)open_generation(store.store(), 1, {}); }),
              IsError(ErrorCode::kTruncated, file.string(), 0U, "is shorter than its announcement says"));
}

TEST(OpenLive, any_cut_and_any_flipped_bit_of_current_is_refused) {
  PublishedStore store;
  store.publish(kFirst);
  const std::filesystem::path file = store.root() / "current";
  std::vector<std::byte> current = support::read_bytes(file);
  std::filesystem::remove_all(store.root() / "snapshots");
  const auto is_refused = [&](const std::vector<std::byte>& bytes) {
    support::write_bytes(file, bytes);
    try {
      open_live(store.store(), {}).snapshot.verify();
    } catch (const Error&) {
      return true;
    }
    return false;
  };
  EXPECT_FALSE(is_refused(current));
  for (std::size_t size = 0; size < current.size(); ++size) {
    EXPECT_TRUE(is_refused({current.begin(), current.begin() + static_cast<std::ptrdiff_t>(size)})) << size;
  }
  for (std::size_t at = 0; at < current.size(); ++at) {
    current[at] ^= std::byte{1} << (at % 8);
    EXPECT_TRUE(is_refused(current)) << at;
    current[at] ^= std::byte{1} << (at % 8);
  }
}

class PreviousTest : public testing::Test {
 protected:
  // Of a snapshot that says it has that many bytes, and is there.
  [[nodiscard]] Announcement after(std::span<const std::byte> previous, std::uint64_t size) {
    Announcement announcement = support::announcement_of(2, support::snapshot_of(kSecond));
    announcement.registry = "acme";
    const Announcement before = support::announcement_of(1, previous);
    key_ = store_->publish_as(before, previous);
    announcement.rollout = {1, before.snapshot_id, size, before.published, before.revision, 2, {{{kAlways, kWholeShare}}, false}};
    return announcement;
  }
  std::shared_ptr<support::ScriptedStore> store_ = std::make_shared<support::ScriptedStore>();
  std::string key_;
};

TEST_F(PreviousTest, is_announced_as_it_was) {
  const std::vector<std::byte> first = support::snapshot_of(kFirst);
  const AnnouncedObject object = fetch_previous(*store_, after(first, first.size()));
  EXPECT_EQ(object.name, "scripted://store/" + key_);
  const LiveSnapshot live = open_announced(store_, object, {});
  expect_live(live, 1, "http://1");
  EXPECT_EQ(live.announcement.registry, "acme");
  EXPECT_EQ(live.announcement.revision, "r1");
  EXPECT_EQ(live.announcement.published, support::announcement_of(1, first).published);
  EXPECT_FALSE(live.announcement.rollout);
  EXPECT_EQ(store_->gets().size(), 1U);
  // The object can be kept, and opened again.
  expect_live(open_object(store_, "copy", {*live.object, {}, 0}, {}), 1, "http://1");
}

TEST_F(PreviousTest, of_a_wrong_size_is_refused) {
  const std::vector<std::byte> first = support::snapshot_of(kFirst);
  for (const std::uint64_t size : {std::uint64_t{0}, std::uint64_t{63}, first.size() - 1, first.size() + 1, UINT64_MAX}) {
    const Announcement announcement = after(first, size);
    const Error error = error_from([&] { (void)open_announced(store_, fetch_previous(*store_, announcement), {}); });
    EXPECT_EQ(error.object(), "scripted://store/" + key_);
    EXPECT_TRUE(error.code() == ErrorCode::kTruncated || error.code() == ErrorCode::kCorrupt) << error.what();
  }
}

TEST(ReadDeadline, holds_for_this_thread_and_while_it_lives) {
  const auto store = std::make_shared<support::ScriptedStore>();
  const std::string key = store->publish_head(1, support::snapshot_of_two_frames("http://1"));
  const LiveSnapshot live = open_live(store, {});
  const Deadline soon = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto deadline_of = [&](const char* name) {
    (void)live.snapshot.in(name);
    return store->gets().back().options.deadline;
  };
  {
    const ReadDeadline until(soon);
    EXPECT_EQ(deadline_of("prod"), soon);
    const ReadDeadline over(Deadline::min());
    EXPECT_EQ(error_from([&] { (void)live.snapshot.in("other"); }).code(), ErrorCode::kTimedOut);
    std::jthread([&] { EXPECT_EQ(ReadDeadline::current(), Deadline::max()); }).join();
  }
  EXPECT_EQ(deadline_of("other"), Deadline::max());
}

}  // namespace
}  // namespace almanac::internal
