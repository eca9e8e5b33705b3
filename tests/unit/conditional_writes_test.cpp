#include "publish/conditional_writes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "bytes.h"
#include "publisher_fixture.h"
#include "support/error_matchers.h"
#include "support/hooked_store.h"
#include "support/store_keys.h"

namespace almanac::publish {
namespace {

using support::error_from;
using support::HookedStore;
using support::IsError;
using support::kNowhere;
using support::StoreCall;
using testing::ElementsAre;

// A directory that takes conditions for nothing, or says that it knows none.
class Heedless final : public Store {
 public:
  enum class Which { kTakesAll, kIgnoresMatch, kKnowsNone, kReadOnly };
  Heedless(std::shared_ptr<Store> store, Which which) : store_(std::move(store)), which_(which) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "heedless"; }
  [[nodiscard]] std::optional<Object> get(std::string_view key, const GetOptions& options) override { return store_->get(key, options); }
  [[nodiscard]] bool put(std::string_view key, std::span<const std::byte> bytes, const PutCondition& condition) override {
    const bool conditional = condition.kind != PutCondition::Kind::kNone;
    if (which_ == Which::kReadOnly) throw Error(ErrorCode::kUnsupported, "heedless", "is read-only");
    if (which_ == Which::kKnowsNone && conditional) throw Error(ErrorCode::kUnsupported, "heedless", "knows no conditions");
    const bool keeps = which_ == Which::kIgnoresMatch && condition.kind == PutCondition::Kind::kIfAbsent;
    return store_->put(key, bytes, keeps ? condition : PutCondition());
  }
  [[nodiscard]] std::vector<ObjectInfo> list(std::string_view prefix) override { return store_->list(prefix); }
  [[nodiscard]] bool remove(std::string_view key, const PutCondition& condition) override {
    if (which_ == Which::kKnowsNone && condition.kind != PutCondition::Kind::kNone)
      throw Error(ErrorCode::kUnsupported, "heedless", "knows no conditions");
    return store_->remove(key, {});
  }

 private:
  std::shared_ptr<Store> store_;
  Which which_;
};

class ConditionalWritesTest : public PublisherTest {};

TEST_F(ConditionalWritesTest, a_store_that_keeps_them_is_seen_to_before_the_first_one_and_once) {
  std::vector<std::string> puts;
  const auto hooked = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut) puts.push_back(call.key);
  });
  Publisher publisher(keep_conditions(hooked, Unkept::kRefuse));
  (void)publish_with(publisher, users_at("http://1"));
  ASSERT_GT(puts.size(), 3U);
  EXPECT_EQ(puts[2], kProbeKey);
  EXPECT_EQ(std::ranges::count(puts, kProbeKey), 3);
  puts.clear();
  (void)publish_with(publisher, users_at("http://2"));
  EXPECT_EQ(std::ranges::count(puts, kProbeKey), 0);
  EXPECT_EQ(live_uri(), "http://2");
}

TEST_F(ConditionalWritesTest, nothing_is_written_where_nothing_is_to_be_written) {
  (void)publish(users_at("http://1"));
  Publisher publisher(keep_conditions(store_.store(), Unkept::kRefuse));
  (void)publish_with(publisher, users_at("http://1"));
  EXPECT_THAT(support::keys_of(*store_.store(), "probe"), testing::IsEmpty());
}

TEST_F(ConditionalWritesTest, a_store_that_does_not_keep_them_is_refused_before_anything_is_announced) {
  for (const auto which : {Heedless::Which::kTakesAll, Heedless::Which::kIgnoresMatch, Heedless::Which::kKnowsNone}) {
    Publisher publisher(keep_conditions(std::make_shared<Heedless>(store_.store(), which), Unkept::kRefuse));
    const Error error = error_from([&] { (void)publish_with(publisher, users_at("http://1")); });
    EXPECT_THAT(error, IsError(ErrorCode::kUnsupported, "heedless", kNowhere, "does not keep the conditions of writes"));
    EXPECT_THAT(error.what(), testing::HasSubstr("--unsafe-no-cas"));
    EXPECT_THAT(support::keys_of(*store_.store(), ""), ElementsAre("probe"));
  }
}

TEST_F(ConditionalWritesTest, a_store_without_any_writes_says_so_itself) {
  Publisher publisher(keep_conditions(std::make_shared<Heedless>(store_.store(), Heedless::Which::kReadOnly), Unkept::kRefuse));
  EXPECT_THAT(error_from([&] { (void)publish_with(publisher, users_at("http://1")); }),
              IsError(ErrorCode::kUnsupported, "heedless", kNowhere, "is read-only"));
}

TEST_F(ConditionalWritesTest, emulated_they_hold_while_one_writes_at_a_time) {
  for (const auto which : {Heedless::Which::kTakesAll, Heedless::Which::kIgnoresMatch, Heedless::Which::kKnowsNone}) {
    int warnings = 0;
    const auto store = keep_conditions(std::make_shared<Heedless>(store_.store(), which), Unkept::kEmulate, [&] { ++warnings; });
    const std::vector<std::byte> first(1, std::byte{1});
    const std::vector<std::byte> second(2, std::byte{2});
    EXPECT_FALSE(store->put("key", first, PutCondition::if_match("0")));
    EXPECT_TRUE(store->put("key", first, PutCondition::if_absent()));
    EXPECT_FALSE(store->put("key", second, PutCondition::if_absent()));
    EXPECT_FALSE(store->put("key", second, PutCondition::if_match("0")));
    EXPECT_EQ(store->get("key").bytes, first);
    EXPECT_TRUE(store->put("key", second, PutCondition::if_match(store->get("key").etag)));
    EXPECT_EQ(store->get("key").bytes, second);
    EXPECT_FALSE(store->remove("key", PutCondition::if_match("0")));
    EXPECT_EQ(store->get("key").bytes, second);
    EXPECT_TRUE(store->remove("key", PutCondition::if_match(store->get("key").etag)));
    EXPECT_TRUE(store->remove("key", PutCondition::if_match("0"))) << "which is not there";
    EXPECT_EQ(warnings, 1);
  }
}

TEST_F(ConditionalWritesTest, a_good_store_needs_no_emulation) {
  bool warned = false;
  Publisher publisher(keep_conditions(store_.store(), Unkept::kEmulate, [&] { warned = true; }));
  (void)publish_with(publisher, users_at("http://1"));
  EXPECT_FALSE(warned);
}

TEST_F(ConditionalWritesTest, a_probe_that_is_pruned_meanwhile_does_not_make_a_good_store_look_bad) {
  bool removed = false;
  const auto hooked = std::make_shared<HookedStore>(
      store_.store(), [](const StoreCall&) {},
      [&](const StoreCall& call) {
        if (call.kind == StoreCall::Kind::kPut && call.key == kProbeKey && !std::exchange(removed, true)) store_.store()->remove(kProbeKey);
      });
  Publisher publisher(keep_conditions(hooked, Unkept::kRefuse));
  EXPECT_TRUE(changed(publish_with(publisher, users_at("http://1"))));
}

// What could not be seen for the network's sake is neither kept nor not kept.
TEST_F(ConditionalWritesTest, a_failing_probe_is_made_again) {
  bool broken = true;
  const auto hooked = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (broken && call.key == kProbeKey) throw Error(ErrorCode::kTimedOut, call.key, "no answer");
  });
  Publisher publisher(keep_conditions(hooked, Unkept::kRefuse));
  EXPECT_EQ(error_from([&] { (void)publish_with(publisher, users_at("http://1")); }).code(), ErrorCode::kTimedOut);
  broken = false;
  EXPECT_TRUE(changed(publish_with(publisher, users_at("http://1"))));
}

// A pin writes nothing before the generation, so that the probe comes with that.
TEST_F(ConditionalWritesTest, where_the_probe_fails_it_is_known_that_nothing_was_announced) {
  (void)publish(users_at("http://1"));
  const auto hooked = std::make_shared<HookedStore>(store_.store(), [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut && call.key == kProbeKey)
      throw Error(ErrorCode::kInputOutput, call.key, "read-only file system");
  });
  Publisher publisher(keep_conditions(hooked, Unkept::kRefuse));
  EXPECT_THAT(error_from([&] { (void)publisher.pin(publisher.settle(), "freeze", terms()); }),
              IsError(ErrorCode::kInputOutput, std::string(kProbeKey), kNowhere, "read-only file system"));
}

}  // namespace
}  // namespace almanac::publish
