// What every store keeps, whatever is behind it.
#include <almanac/store.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bytes.h"
#include "every_store.h"
#include "support/error_matchers.h"
#include "support/store_keys.h"

namespace almanac {
namespace {

using internal::as_bytes;
using internal::as_text;
using support::error_from;
using support::keys_of;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr int kThreads = 8;

class StoreContractTest : public support::EveryStoreTest {
 protected:
  bool put(std::string_view key, std::string_view text, const PutCondition& condition = {}) {
    return store_->put(key, as_bytes(text), condition);
  }
  std::string get(std::string_view key) { return std::string(as_text(store_->get(key).bytes)); }
};

INSTANTIATE_TEST_SUITE_P(All, StoreContractTest, support::kEveryStore, support::name_of_store);

void at_once(const std::function<void(int)>& action) {
  std::barrier start(kThreads);
  std::vector<std::jthread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      action(i);
    });
  }
}

// Nothing: the store cannot tell, because the server answered a racer with 500 (radosgw 16 does) and another's version was there then.
std::optional<bool> put_in_a_race(Store& store, std::string_view key, std::string_view text, const std::string& etag) {
  try {
    return store.put(key, as_bytes(text), PutCondition::if_match(etag));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInputOutput || !std::string_view(error.what()).ends_with("is not known")) throw;
    return std::nullopt;
  }
}

TEST_P(StoreContractTest, keeps_what_is_put) {
  for (const std::string& text : {std::string("one"), std::string(), std::string("\0\xFF\r\n", 4), std::string(1'000'000, 'x')}) {
    EXPECT_TRUE(put("current", text));
    const Object object = store_->get("current");
    EXPECT_EQ(as_text(object.bytes), text);
    EXPECT_EQ(object.size, text.size());
    EXPECT_NE(object.etag, "");
  }
}

TEST_P(StoreContractTest, another_object_has_another_etag) {
  EXPECT_TRUE(put("current", "one"));
  const std::string first = store_->get("current").etag;
  EXPECT_EQ(store_->get("current").etag, first);
  EXPECT_TRUE(put("current", "two"));
  EXPECT_NE(store_->get("current").etag, first);
}

TEST_P(StoreContractTest, what_is_not_there) {
  EXPECT_EQ(error_from([&] { (void)store_->get("none"); }).code(), ErrorCode::kNotFound);
  EXPECT_NO_THROW(store_->remove("none"));
  EXPECT_TRUE(put("current", "one"));
  store_->remove("current");
  EXPECT_EQ(error_from([&] { (void)store_->get("current"); }).code(), ErrorCode::kNotFound);
  EXPECT_EQ(error_from([&] { (void)store_->get(""); }).code(), ErrorCode::kInvalidArgument);
  EXPECT_THAT(keys_of(*store_, ""), IsEmpty());
}

TEST_P(StoreContractTest, gives_a_range) {
  EXPECT_TRUE(put("current", "0123456789"));
  const auto range = [&](std::uint64_t offset, std::optional<std::uint64_t> size) {
    GetOptions options;
    options.offset = offset;
    options.size = size;
    const Object object = store_->get("current", options).value();
    EXPECT_EQ(object.size, 10U);
    return std::string(as_text(object.bytes));
  };
  EXPECT_EQ(range(0, 4), "0123");
  EXPECT_EQ(range(4, 2), "45");
  EXPECT_EQ(range(8, 100), "89");
  EXPECT_EQ(range(7, std::nullopt), "789");
  EXPECT_EQ(range(3, 0), "");
  EXPECT_EQ(range(10, 1), "");
  EXPECT_EQ(range(99, std::nullopt), "");
  GetOptions behind;
  behind.offset = 10;
  behind.max_size = 5;  // bytes taken in, which are none, and not those of the object
  const Object none = store_->get("current", behind).value();
  EXPECT_THAT(none.bytes, IsEmpty());
  EXPECT_EQ(none.size, 10U);
}

TEST_P(StoreContractTest, gives_a_range_of_an_object_of_no_bytes) {
  EXPECT_TRUE(put("current", ""));
  GetOptions options;
  options.size = 100;
  options.max_size = 100;
  const Object object = store_->get("current", options).value();
  EXPECT_THAT(object.bytes, IsEmpty());
  EXPECT_EQ(object.size, 0U);
}

TEST_P(StoreContractTest, takes_in_no_more_than_it_was_told_to) {
  EXPECT_TRUE(put("current", "0123456789"));
  GetOptions options;
  options.max_size = 9;
  EXPECT_EQ(error_from([&] { (void)store_->get("current", options); }).code(), ErrorCode::kLimitExceeded);
  options.max_size = 10;
  EXPECT_EQ(as_text(store_->get("current", options).value().bytes), "0123456789");
}

TEST_P(StoreContractTest, gives_nothing_while_the_etag_holds) {
  EXPECT_TRUE(put("current", "one"));
  GetOptions options;
  options.if_none_match = store_->get("current").etag;
  EXPECT_EQ(store_->get("current", options), std::nullopt);
  options.size = 2;
  EXPECT_EQ(store_->get("current", options), std::nullopt);
  EXPECT_TRUE(put("current", "two"));
  EXPECT_EQ(as_text(store_->get("current", options).value().bytes), "tw");
}

TEST_P(StoreContractTest, refuses_what_has_changed_meanwhile) {
  EXPECT_TRUE(put("current", "one"));
  GetOptions options;
  options.if_match = store_->get("current").etag;
  options.offset = 1;
  EXPECT_EQ(as_text(store_->get("current", options).value().bytes), "ne");
  EXPECT_TRUE(put("current", "two"));
  EXPECT_EQ(error_from([&] { (void)store_->get("current", options); }).code(), ErrorCode::kConflict);
}

TEST_P(StoreContractTest, puts_if_absent) {
  EXPECT_TRUE(put("current", "one", PutCondition::if_absent()));
  EXPECT_FALSE(put("current", "two", PutCondition::if_absent()));
  EXPECT_FALSE(put("current", "one", PutCondition::if_absent())) << "of the same bytes, too, only one put was the first";
  EXPECT_EQ(get("current"), "one");
  store_->remove("current");
  EXPECT_TRUE(put("current", "", PutCondition::if_absent()));
  EXPECT_FALSE(put("current", "", PutCondition::if_absent()));
}

TEST_P(StoreContractTest, puts_if_the_etag_holds) {
  EXPECT_TRUE(put("current", "one"));
  const std::string first = store_->get("current").etag;
  EXPECT_TRUE(put("current", "two", PutCondition::if_match(first)));
  EXPECT_FALSE(put("current", "three", PutCondition::if_match(first)));
  EXPECT_EQ(get("current"), "two");
  EXPECT_FALSE(put("none", "one", PutCondition::if_match(first)));
  EXPECT_FALSE(put("current", "three", PutCondition::if_match("\"no etag of any version\"")));
  EXPECT_EQ(error_from([&] { (void)store_->get("none"); }).code(), ErrorCode::kNotFound);
}

// radosgw 16 passes over the condition of a removal, and the version that is meant is removed everywhere.
TEST_P(StoreContractTest, removes_if_the_etag_holds) {
  EXPECT_TRUE(put("current", "one"));
  EXPECT_TRUE(store_->remove("current", PutCondition::if_match(store_->get("current").etag)));
  EXPECT_EQ(error_from([&] { (void)store_->get("current"); }).code(), ErrorCode::kNotFound);
  EXPECT_TRUE(store_->remove("current", PutCondition::if_match("\"another\"")));
}

TEST_P(StoreContractTest, lists_by_prefix_in_byte_order) {
  for (const char* key : {"b/2", "b/10", "a", "b/1", "ä", "b1", "B"}) EXPECT_TRUE(put(key, key));
  EXPECT_THAT(keys_of(*store_, ""), ElementsAre("B", "a", "b/1", "b/10", "b/2", "b1", "ä"));
  EXPECT_THAT(keys_of(*store_, "b/"), ElementsAre("b/1", "b/10", "b/2"));
  EXPECT_THAT(keys_of(*store_, "b/1"), ElementsAre("b/1", "b/10"));
  EXPECT_THAT(keys_of(*store_, "c"), IsEmpty());
  for (const ObjectInfo& object : store_->list("b/")) {
    EXPECT_EQ(object.size, object.key.size());
    EXPECT_LT(std::chrono::abs(object.modified - std::chrono::system_clock::now()), std::chrono::minutes(10));
  }
}

TEST_P(StoreContractTest, lists_more_than_a_page) {
  constexpr int kEach = 290;  // 2,320 in all: two whole pages and a part of a third, where a page has 1,000
  at_once([&](int thread) {
    const std::unique_ptr<Store> mine = open();
    for (int i = 0; i < kEach; ++i) {
      EXPECT_TRUE(mine->put("generations/" + std::to_string(10'000 + thread * kEach + i), as_bytes("x"), {}));
    }
  });
  const std::vector<ObjectInfo> objects = store_->list("generations/");
  ASSERT_EQ(objects.size(), std::size_t{kThreads} * kEach);
  for (std::size_t i = 0; i < objects.size(); ++i) EXPECT_EQ(objects[i].key, "generations/" + std::to_string(10'000 + i));
}

TEST_P(StoreContractTest, a_key_may_have_any_letters) {
  const std::vector<std::string> keys = {"a b",       "a+b",
                                         "a=b&c=d",   "größe/日本語/🗺",
                                         "a*b",       "(a)",
                                         "a!b'c",     "$1@x:y;z,~",
                                         "100%",      "%41%2F%zz",
                                         "a#b",       "a?b=c",
                                         "a\\b",      "a\"b<c>d",
                                         "a{b}|c^d`", "tab\tin",
                                         "line\nin",  "-leading",
                                         "e\xCC\x81", "a[0]",
                                         "a..b",      std::string(200, 'k')};
  for (const std::string& key : keys) {
    EXPECT_TRUE(put(key, key, PutCondition::if_absent())) << key;
    EXPECT_EQ(get(key), key);
    EXPECT_TRUE(put(key, "second", PutCondition::if_match(store_->get(key).etag))) << key;
    EXPECT_THAT(keys_of(*store_, key), testing::Contains(key));
  }
  EXPECT_THAT(keys_of(*store_, ""), testing::UnorderedElementsAreArray(keys));
  for (const std::string& key : keys) store_->remove(key);
  EXPECT_THAT(keys_of(*store_, ""), IsEmpty());
}

TEST_P(StoreContractTest, one_of_eight_is_the_first) {
  constexpr int kRounds = 50;
  for (int round = 0; round < kRounds; ++round) {
    const std::string key = "generations/" + std::to_string(round);
    std::atomic<int> winners = 0;
    std::atomic<int> winner = -1;
    at_once([&](int thread) {
      // By one connection pool, and by others.
      const std::unique_ptr<Store> mine = thread % 2 == 0 ? nullptr : open();
      Store& store = mine ? *mine : *store_;
      if (!store.put(key, as_bytes(std::to_string(thread)), PutCondition::if_absent())) return;
      ++winners;
      winner = thread;
    });
    ASSERT_EQ(winners, 1) << key;
    ASSERT_EQ(get(key), std::to_string(winner)) << key;
  }
}

TEST_P(StoreContractTest, one_of_eight_replaces_a_version) {
  constexpr int kRounds = 50;
  EXPECT_TRUE(put("current", "begin"));
  for (int round = 0; round < kRounds; ++round) {
    const std::string etag = store_->get("current").etag;
    std::atomic<int> winners = 0;
    std::atomic<int> winner = -1;
    at_once([&](int thread) {
      const std::unique_ptr<Store> mine = thread % 2 == 0 ? nullptr : open();
      Store& store = mine ? *mine : *store_;
      const std::string text = std::to_string(round) + "/" + std::to_string(thread);
      // Nobody replaces the winner's, so the winner always knows.
      if (put_in_a_race(store, "current", text, etag) != true) return;
      ++winners;
      winner = thread;
    });
    ASSERT_EQ(winners, 1) << round;
    ASSERT_EQ(get("current"), std::to_string(round) + "/" + std::to_string(winner)) << round;
  }
}

TEST_P(StoreContractTest, no_update_is_lost) {
  constexpr int kEach = 10;
  EXPECT_TRUE(put("list", ""));
  at_once([&](int thread) {
    for (int done = 0; done < kEach;) {
      const std::string mine = std::to_string(thread) + "/" + std::to_string(done) + ";";
      const Object object = store_->get("list");
      const std::optional<bool> written = put_in_a_race(*store_, "list", std::string(as_text(object.bytes)) + mine, object.etag);
      if (written ? *written : get("list").find(mine) != std::string::npos) ++done;
    }
  });
  EXPECT_EQ(std::ranges::count(get("list"), ';'), kThreads * kEach);
}

TEST_P(StoreContractTest, counts_its_traffic) {
  const StoreTraffic before = store_->traffic();
  EXPECT_TRUE(put("current", "0123456789"));
  const std::uint64_t put_requests = store_->traffic().requests - before.requests;
  (void)store_->get("current");
  EXPECT_EQ(store_->traffic().requests - before.requests, put_requests + 1);
  EXPECT_EQ(store_->traffic().bytes - before.bytes, 10U);
}

}  // namespace
}  // namespace almanac
