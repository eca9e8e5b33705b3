#include "registrations/registered.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bytes.h"
#include "registrations/registering.h"
#include "support/error_matchers.h"
#include "support/hooked_store.h"
#include "support/temporary_directory.h"

namespace almanac::registrations {
namespace {

using std::chrono::seconds;
using support::error_from;
using support::HookedStore;
using support::StoreCall;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Registration registration(const std::string& name, const std::string& registrant, std::optional<seconds> lease = std::nullopt) {
  return {registrant, "prod", name, lease, R"({"namespace":"prod","name":")" + name + R"(","value":"1"})"};
}

class RegisteredTest : public testing::Test {
 protected:
  void put(const Registration& registration) { (void)registrations::put(*store_, registration); }
  void put_bytes(const std::string& key, std::string_view text) { ASSERT_TRUE(store_->put(key, internal::as_bytes(text), {})); }
  Reading read(Store& store, const ReadOptions& options = {}) {
    progress::Progress silent;
    return read_registrations(store, options, silent);
  }
  Reading read(const ReadOptions& options = {}) { return read(*store_, options); }
  static std::vector<std::string> names_of(const Reading& reading) {
    std::vector<std::string> names;
    for (const Registered& each : reading.registered) names.push_back(each.registration.name + " " + each.registration.registrant);
    return names;
  }

  support::TemporaryDirectory folder_;
  std::shared_ptr<Store> store_ = open_store(folder_.path().string());
};

TEST_F(RegisteredTest, reads_all_in_the_order_of_keys) {
  EXPECT_THAT(read().registered, IsEmpty());
  put(registration("users", "b"));
  put(registration("users", "a"));
  put(registration("queue", "a", seconds(90)));
  put_bytes("generations/1", "not of here");
  const Reading reading = read();
  EXPECT_THAT(names_of(reading), ElementsAre("queue a", "users a", "users b"));
  EXPECT_THAT(reading.unreadable, IsEmpty());
  const Registered& queue = reading.registered.front();
  EXPECT_EQ(queue.key, "registrations/prod/queue/a.json");
  EXPECT_EQ(queue.registration.record, R"({"namespace":"prod","name":"queue","value":"1"})");
  EXPECT_EQ(queue.registration.lease, seconds(90));
  EXPECT_EQ(queue.etag, store_->get(queue.key).etag);
  EXPECT_EQ(queue.modified, store_->list(queue.key).front().modified);
}

TEST_F(RegisteredTest, a_lease_has_run_out_when_its_time_has_come) {
  put(registration("users", "a", seconds(90)));
  put(registration("users", "b"));
  const auto modified = store_->list("registrations/prod/users/a").front().modified;
  ReadOptions options;
  const auto lapsed_at = [&](std::chrono::system_clock::time_point now) {
    options.now = now;
    const Reading reading = read(options);
    EXPECT_FALSE(reading.registered.at(1).lapsed) << "it has no lease";
    return reading.registered.at(0).lapsed;
  };
  EXPECT_FALSE(lapsed_at(modified - std::chrono::hours(1))) << "another clock";
  EXPECT_FALSE(lapsed_at(modified + std::chrono::milliseconds(89'999)));
  EXPECT_TRUE(lapsed_at(modified + seconds(90)));
  EXPECT_FALSE(read().registered.at(0).lapsed) << "by this machine's clock";
}

TEST_F(RegisteredTest, the_longest_leases_and_the_oldest_objects_are_no_trouble) {
  const auto longest = parse_lease("100000d");
  const auto first = std::chrono::system_clock::time_point::min();
  const auto last = std::chrono::system_clock::time_point::max();
  EXPECT_FALSE(has_lapsed(registration("a", "b", longest), last, first));
  EXPECT_TRUE(has_lapsed(registration("a", "b", longest), first, last));
  EXPECT_FALSE(has_lapsed(registration("a", "b", longest), std::chrono::system_clock::now(), last));
}

TEST_F(RegisteredTest, what_is_no_registration_stands_beside_the_others) {
  put(registration("users", "a"));
  const std::string other = encode(registration("users", "b"));
  put_bytes("registrations/prod/users/c.json", other);
  put_bytes("registrations/prod/users/d.json", "{");
  put_bytes("registrations/readme", "hello");
  const std::filesystem::path large = folder_.path() / "registrations/prod/users/e.json";
  std::filesystem::copy(folder_.path() / "registrations/readme", large);
  std::filesystem::resize_file(large, kMaxSize + 1);
  const Reading reading = read();
  EXPECT_THAT(names_of(reading), ElementsAre("users a"));
  ASSERT_THAT(reading.unreadable, SizeIs(4));
  EXPECT_EQ(reading.unreadable[0].key, "registrations/prod/users/c.json");
  EXPECT_THAT(reading.unreadable[0].error.what(),
              HasSubstr("/registrations/prod/users/c.json: holds the registration that belongs to registrations/prod/users/b.json"));
  EXPECT_THAT(reading.unreadable[1].error.what(), HasSubstr("users/d.json: not valid JSON"));
  EXPECT_EQ(reading.unreadable[2].error.code(), ErrorCode::kLimitExceeded);
  EXPECT_THAT(reading.unreadable[3].error.what(), HasSubstr("registrations/readme: not valid JSON"));
}

TEST_F(RegisteredTest, more_than_can_be_held_together_is_refused_before_anything_is_read) {
  put(registration("users", "a"));
  for (std::uint64_t i = 0; i < kMaxTotal / kMaxSize; ++i) {
    const std::string key = registration_key("prod", "users", std::to_string(i));
    put_bytes(key, "");
    std::filesystem::resize_file(folder_.path() / key, kMaxSize);
  }
  HookedStore hooked(store_, [&](const StoreCall& call) { EXPECT_NE(call.kind, StoreCall::Kind::kGet); });
  EXPECT_THAT(error_from([&] { (void)read(hooked); }).what(), HasSubstr("/registrations/: has registrations of 1073741"));
}

TEST_F(RegisteredTest, what_goes_meanwhile_is_not_there) {
  put(registration("users", "a"));
  put(registration("users", "b"));
  HookedStore hooked(store_, [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kGet && call.key.ends_with("/a.json")) store_->remove(call.key);
  });
  const Reading reading = read(hooked);
  EXPECT_THAT(names_of(reading), ElementsAre("users b"));
  EXPECT_THAT(reading.unreadable, IsEmpty());
}

TEST_F(RegisteredTest, what_is_renewed_with_a_shorter_lease_meanwhile_has_not_lapsed) {
  put(registration("users", "a"));
  const std::filesystem::path file = folder_.path() / "registrations/prod/users/a.json";
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) - std::chrono::hours(2));
  bool renewed = false;
  HookedStore hooked(store_, [&](const StoreCall& call) {
    if (call.kind == StoreCall::Kind::kGet && !std::exchange(renewed, true)) put(registration("users", "a", std::chrono::hours(1)));
  });
  const Reading reading = read(hooked);
  ASSERT_THAT(reading.registered, SizeIs(1));
  EXPECT_FALSE(reading.registered[0].lapsed);
  EXPECT_EQ(reading.registered[0].modified, store_->list(reading.registered[0].key).front().modified);
}

TEST_F(RegisteredTest, a_store_that_does_not_answer_is_no_empty_one) {
  for (const char* name : {"a", "b", "c"}) put(registration("users", name));
  for (const StoreCall::Kind kind : {StoreCall::Kind::kGet, StoreCall::Kind::kList}) {
    HookedStore hooked(store_, [&](const StoreCall& call) {
      if (call.kind == kind) throw Error(ErrorCode::kTimedOut, call.key, "no answer");
    });
    EXPECT_EQ(error_from([&] { (void)read(hooked); }).code(), ErrorCode::kTimedOut);
  }
}

TEST_F(RegisteredTest, reads_so_many_at_once_and_no_more) {
  constexpr unsigned kAtOnce = 4;
  for (int i = 0; i < 12; ++i) put(registration("users", std::to_string(i)));
  std::mutex mutex;
  std::condition_variable all_here;
  unsigned under_way = 0;
  unsigned most = 0;
  HookedStore hooked(
      store_,
      [&](const StoreCall& call) {
        if (call.kind != StoreCall::Kind::kGet) return;
        std::unique_lock lock(mutex);
        most = std::max(most, ++under_way);
        all_here.notify_all();
        (void)all_here.wait_for(lock, std::chrono::seconds(20), [&] { return most == kAtOnce; });
      },
      [&](const StoreCall& call) {
        if (call.kind != StoreCall::Kind::kGet) return;
        const std::scoped_lock lock(mutex);
        --under_way;
      });
  ReadOptions options;
  options.concurrency = kAtOnce;
  EXPECT_THAT(read(hooked, options).registered, SizeIs(12));
  EXPECT_EQ(most, kAtOnce);
}

TEST_F(RegisteredTest, reads_a_thousand_with_no_more_at_once_than_is_usual) {
  constexpr int kMany = 1000;
  for (int i = 0; i < kMany; ++i) put(registration("users", std::to_string(i)));
  std::atomic<unsigned> under_way = 0;
  std::atomic<unsigned> most = 0;
  HookedStore hooked(
      store_,
      [&](const StoreCall& call) {
        if (call.kind != StoreCall::Kind::kGet) return;
        const unsigned mine = ++under_way;
        for (unsigned seen = most; seen < mine && !most.compare_exchange_weak(seen, mine);) {
        }
        std::this_thread::sleep_for(std::chrono::microseconds(100));  // so that they would pile up
      },
      [&](const StoreCall& call) {
        if (call.kind == StoreCall::Kind::kGet) --under_way;
      });
  EXPECT_THAT(read(hooked).registered, SizeIs(kMany));
  EXPECT_LE(most, kConcurrency);
  EXPECT_GT(most, 1U);
}

}  // namespace
}  // namespace almanac::registrations
