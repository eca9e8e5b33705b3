#include "registrations/registering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "bytes.h"
#include "registrations/registered.h"
#include "support/error_matchers.h"
#include "support/hooked_store.h"
#include "support/store_keys.h"
#include "support/temporary_directory.h"

namespace almanac::registrations {
namespace {

using support::error_from;
using support::HookedStore;
using support::IsError;
using support::kNowhere;
using support::StoreCall;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Registration registration(const std::string& name, const std::string& registrant, const std::string& value = "1") {
  return {registrant, "prod", name, std::chrono::hours(24), R"({"namespace":"prod","name":")" + name + R"(","value":")" + value + R"("})"};
}

class RegisteringTest : public testing::Test {
 protected:
  static constexpr const char* kKey = "registrations/prod/users/a.json";

  [[nodiscard]] std::string value_of(const std::string& key) {
    return parse_registration(internal::as_text(store_->get(key).bytes), key).record;
  }
  Declared declare(Store& store, const std::vector<Registration>& all) {
    progress::Progress silent;
    return registrations::declare(store, "a", all, silent);
  }
  [[nodiscard]] std::vector<std::string> keys() { return support::keys_of(*store_, ""); }
  static std::vector<Change> changes_of(const Declared& declared) {
    std::vector<Change> changes;
    for (const Outcome& outcome : declared.outcomes) changes.push_back(outcome.change);
    return changes;
  }

  support::TemporaryDirectory folder_;
  std::shared_ptr<Store> store_ = open_store(folder_.path().string());
};

TEST_F(RegisteringTest, is_new_then_renewed_then_changed) {
  EXPECT_EQ(put(*store_, registration("users", "a")).change, Change::kNew);
  const ObjectInfo first = store_->list(kKey).front();
  const std::string etag = store_->get(kKey).etag;
  EXPECT_EQ(put(*store_, registration("users", "a")).change, Change::kRenewed);
  EXPECT_GT(store_->list(kKey).front().modified, first.modified);
  EXPECT_NE(store_->get(kKey).etag, etag);
  EXPECT_EQ(put(*store_, registration("users", "a", "2")).change, Change::kChanged);
  EXPECT_THAT(value_of(kKey), HasSubstr(R"("value":"2")"));
  Registration forever = registration("users", "a", "2");
  forever.lease.reset();
  EXPECT_EQ(put(*store_, forever).change, Change::kChanged);
  EXPECT_EQ(put(*store_, registration("users", "b")).change, Change::kNew);
  EXPECT_THAT(keys(), ElementsAre(kKey, "registrations/prod/users/b.json"));
}

TEST_F(RegisteringTest, who_declares_all_learns_what_had_lapsed) {
  const auto write_lapsed = [this](const Registration& registration) {
    (void)put(*store_, registration);
    const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(24);
    std::filesystem::last_write_time(folder_ / registration_key(registration.namespace_name, registration.name, registration.registrant),
                                     long_ago);
  };
  Registration forever = registration("queue", "a");
  forever.lease.reset();
  write_lapsed(forever);
  write_lapsed(registration("users", "a"));
  EXPECT_THAT(changes_of(declare(*store_, {registration("users", "a"), forever, registration("topic", "a")})),
              ElementsAre(Change::kRevived, Change::kRenewed, Change::kNew));
}

TEST_F(RegisteringTest, nothing_is_listed_for_a_single_one) {
  (void)put(*store_, registration("users", "a"));
  HookedStore hooked(store_, [](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kList) throw Error(ErrorCode::kTimedOut, "store", "does not answer");
  });
  EXPECT_EQ(put(hooked, registration("users", "a")).change, Change::kRenewed);
}

TEST_F(RegisteringTest, what_cannot_be_read_is_replaced_and_told) {
  for (const std::string& damaged : {std::string("{"), std::string(kMaxSize + 5, ' '), encode(registration("users", "a")) + "x"}) {
    ASSERT_TRUE(store_->put(kKey, internal::as_bytes(damaged), {}));
    const Outcome outcome = put(*store_, registration("users", "a"));
    EXPECT_EQ(outcome.change, Change::kChanged);
    EXPECT_THAT(outcome.damage, HasSubstr("registrations/prod/users/a.json: not valid JSON"));
    EXPECT_NO_THROW((void)value_of(kKey));
  }
}

TEST_F(RegisteringTest, who_meets_another_writer_tries_again) {
  for (const char* state : {"absent", "there"}) {
    int meetings = 0;
    HookedStore hooked(store_, [&](const StoreCall& call) {
      if (call.kind == StoreCall::Kind::kPut && meetings++ < 2) (void)put(*store_, registration("users", "a", "theirs"));
    });
    (void)put(hooked, registration("users", "a", "ours"));
    EXPECT_EQ(meetings, 3) << state;
    EXPECT_THAT(value_of(kKey), HasSubstr("ours"));
  }
}

TEST_F(RegisteringTest, who_meets_another_writer_each_time_gives_up) {
  HookedStore hooked(store_, [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut) (void)put(*store_, registration("users", "a", "theirs"));
  });
  EXPECT_THAT(error_from([&] { (void)put(hooked, registration("users", "a", "ours")); }),
              IsError(ErrorCode::kConflict, folder_.path().string() + "/" + kKey, kNowhere, "somebody else wrote it each of 10 times"));
  EXPECT_THAT(value_of(kKey), HasSubstr("theirs"));
}

TEST_F(RegisteringTest, who_meets_another_writer_of_the_same_is_done) {
  int meetings = 0;
  HookedStore hooked(store_, [&](const StoreCall& call) {
    if (call.kind != StoreCall::Kind::kPut) return;
    ++meetings;
    (void)put(*store_, registration("users", "a"));
  });
  EXPECT_EQ(put(hooked, registration("users", "a")).change, Change::kRenewed);
  EXPECT_EQ(put(hooked, registration("users", "a")).change, Change::kRenewed);
  EXPECT_EQ(meetings, 2);
}

TEST_F(RegisteringTest, a_write_whose_outcome_is_not_known_is_looked_for) {
  const auto not_known = [](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kPut) throw Error(ErrorCode::kInputOutput, call.key, "whether it was written is not known");
  };
  HookedStore written(
      store_, [](const StoreCall&) {}, not_known);
  EXPECT_EQ(put(written, registration("users", "a")).change, Change::kNew);
  EXPECT_EQ(put(written, registration("users", "a", "2")).change, Change::kChanged);
  EXPECT_THAT(value_of(kKey), HasSubstr(R"("value":"2")"));
  HookedStore not_written(store_, not_known);
  EXPECT_EQ(error_from([&] { (void)put(not_written, registration("users", "a", "3")); }).code(), ErrorCode::kInputOutput);
  EXPECT_THAT(value_of(kKey), HasSubstr(R"("value":"2")"));
}

TEST_F(RegisteringTest, many_at_once_all_come_through) {
  constexpr int kThreads = 8;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        EXPECT_NO_THROW((void)put(*store_, registration("own", std::to_string(i))));
        EXPECT_NO_THROW((void)put(*store_, registration("shared", "a", std::to_string(i))));
      });
    }
  }
  EXPECT_EQ(keys().size(), kThreads + 1U);
  EXPECT_NO_THROW((void)value_of("registrations/prod/shared/a.json"));
}

TEST_F(RegisteringTest, taking_away_can_be_repeated) {
  (void)put(*store_, registration("users", "a"));
  EXPECT_TRUE(remove(*store_, kKey));
  EXPECT_FALSE(remove(*store_, kKey));
  EXPECT_THAT(keys(), IsEmpty());
}

TEST_F(RegisteringTest, taking_away_what_is_not_there_still_tells_of_a_store_that_cannot_be_written_to) {
  HookedStore hooked(store_, [](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kRemove) throw Error(ErrorCode::kUnsupported, "store", "is read-only");
  });
  EXPECT_EQ(error_from([&] { (void)remove(hooked, kKey); }).code(), ErrorCode::kUnsupported);
}

TEST_F(RegisteringTest, a_declaration_is_all_that_its_registrant_has) {
  EXPECT_THAT(changes_of(declare(*store_, {registration("users", "a"), registration("queue", "a")})),
              ElementsAre(Change::kNew, Change::kNew));
  (void)put(*store_, registration("queue", "b"));
  const Declared second = declare(*store_, {registration("users", "a"), registration("topic", "a")});
  EXPECT_THAT(changes_of(second), ElementsAre(Change::kRenewed, Change::kNew));
  EXPECT_THAT(second.removed, ElementsAre("registrations/prod/queue/a.json"));
  EXPECT_THAT(second.left, IsEmpty());
  EXPECT_THAT(keys(), ElementsAre("registrations/prod/queue/b.json", "registrations/prod/topic/a.json", kKey));
  EXPECT_THAT(keys_of(*store_, "a"), ElementsAre("registrations/prod/topic/a.json", kKey));
  progress::Progress silent;
  remove_all(*store_, keys_of(*store_, "a"), silent);
  EXPECT_THAT(keys(), ElementsAre("registrations/prod/queue/b.json"));
}

TEST_F(RegisteringTest, a_declaration_puts_before_it_takes_away) {
  (void)declare(*store_, {registration("old", "a"), registration("older", "a")});
  std::string order;
  std::mutex mutex;
  HookedStore hooked(store_, [&](const StoreCall& call) {
    const std::scoped_lock lock(mutex);
    if (call.kind == StoreCall::Kind::kPut) order += 'p';
    if (call.kind == StoreCall::Kind::kRemove) {
      EXPECT_EQ(call.condition, PutCondition::Kind::kIfMatch);
      order += 'r';
    }
  });
  (void)declare(hooked, {registration("new", "a"), registration("newer", "a")});
  EXPECT_EQ(order, "pprr");
}

// Two deployments of one stack at once must not take each other's services for their own old ones.
TEST_F(RegisteringTest, a_declaration_leaves_what_was_registered_anew_meanwhile) {
  (void)declare(*store_, {registration("old", "a"), registration("older", "a")});
  bool renewed = false;
  HookedStore hooked(store_, [&](const StoreCall& call) {
    if (call.kind != StoreCall::Kind::kPut || std::exchange(renewed, true)) return;
    (void)put(*store_, registration("old", "a"));
    (void)put(*store_, registration("theirs", "a"));
  });
  const Declared declared = declare(hooked, {registration("new", "a")});
  EXPECT_THAT(declared.removed, ElementsAre("registrations/prod/older/a.json"));
  EXPECT_THAT(declared.left, ElementsAre("registrations/prod/old/a.json"));
  EXPECT_THAT(keys(), ElementsAre("registrations/prod/new/a.json", "registrations/prod/old/a.json", "registrations/prod/theirs/a.json"));
}

}  // namespace
}  // namespace almanac::registrations
