#include "store/directory.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bytes.h"
#include "file_descriptor.h"
#include "support/child_process.h"
#include "support/error_matchers.h"
#include "support/file_bytes.h"
#include "support/file_size_limit.h"
#include "support/store_keys.h"
#include "support/temporary_directory.h"

namespace almanac::internal {
namespace {

using support::error_from;
using support::IsError;
using support::kNowhere;
using testing::ElementsAre;
using testing::IsEmpty;

class DirectoryStoreTest : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path root() const { return folder_ / "store"; }
  bool put(std::string_view key, std::string_view text, const PutCondition& condition = {}) {
    return store_->put(key, as_bytes(text), condition);
  }
  std::string get(std::string_view key) { return std::string(as_text(store_->get(key).bytes)); }

  support::TemporaryDirectory folder_;
  std::unique_ptr<Store> store_ = open_directory_store("a store", folder_ / "store", {});
};

TEST_F(DirectoryStoreTest, keeps_what_is_put) {
  EXPECT_TRUE(put("current", "one"));
  EXPECT_TRUE(put("snapshots/a.almanac", std::string(100'000, 'x')));
  EXPECT_EQ(get("current"), "one");
  EXPECT_EQ(get("snapshots/a.almanac"), std::string(100'000, 'x'));
  EXPECT_TRUE(put("current", ""));
  EXPECT_EQ(get("current"), "");
  EXPECT_EQ(store_->name(), "a store");
}

TEST_F(DirectoryStoreTest, a_missing_object_is_not_found) {
  for (const std::string key : {"current", "generations/1"}) {
    EXPECT_THAT(error_from([&] { (void)store_->get(key); }),
                IsError(ErrorCode::kNotFound, (root() / key).string(), kNowhere, "cannot be opened"));
  }
  EXPECT_TRUE(put("a", "x"));
  EXPECT_EQ(error_from([&] { (void)store_->get("a/b"); }).code(), ErrorCode::kNotFound);
}

TEST_F(DirectoryStoreTest, what_is_not_a_file_is_no_object) {
  EXPECT_TRUE(put("a/b", "x"));
  EXPECT_THAT(error_from([&] { (void)store_->get("a"); }),
              IsError(ErrorCode::kInputOutput, (root() / "a").string(), kNowhere, "is not a regular file"));
  ASSERT_EQ(::mkfifo((root() / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(error_from([&] { (void)store_->get("pipe"); }),
              IsError(ErrorCode::kInputOutput, (root() / "pipe").string(), kNowhere, "regular file"));
  EXPECT_EQ(error_from([&] { (void)put("a", "y"); }).code(), ErrorCode::kInputOutput);
  EXPECT_EQ(error_from([&] { (void)put("a/b/c", "y"); }).code(), ErrorCode::kInputOutput);
  EXPECT_EQ(get("a/b"), "x");
}

TEST_F(DirectoryStoreTest, keys_stay_inside_it) {
  support::write_bytes(folder_ / "outside", as_bytes("secret"));
  (void)put("a", "x");
  for (const std::string_view key : {std::string_view(""), std::string_view("/"), std::string_view("/etc/passwd"), std::string_view(".."),
                                     std::string_view("../outside"), std::string_view("a/../../outside"), std::string_view("a/.."),
                                     std::string_view("."), std::string_view("./a"), std::string_view("a/"), std::string_view("a//b"),
                                     std::string_view(".lock"), std::string_view("a/.hidden"), std::string_view("a\0b", 3)}) {
    const auto refused = IsError(ErrorCode::kInvalidArgument, "a store", kNowhere, "is no key of an object");
    EXPECT_THAT(error_from([&] { (void)store_->get(key); }), refused) << key;
    EXPECT_THAT(error_from([&] { (void)put(key, "x"); }), refused) << key;
    EXPECT_THAT(error_from([&] { store_->remove(key); }), refused) << key;
  }
  EXPECT_EQ(as_text(support::read_bytes(folder_ / "outside")), "secret");
}

TEST_F(DirectoryStoreTest, ranges_are_cut_at_the_end) {
  (void)put("a", "0123456789");
  const auto range = [&](std::uint64_t offset, std::optional<std::uint64_t> size) {
    GetOptions options;
    options.offset = offset;
    options.size = size;
    const Object object = store_->get("a", options).value();
    EXPECT_EQ(object.size, 10U);
    return std::string(as_text(object.bytes));
  };
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(range(0, 3), "012");
  EXPECT_EQ(range(7, 3), "789");
  EXPECT_EQ(range(8, 5), "89");
  EXPECT_EQ(range(4, std::nullopt), "456789");
  EXPECT_EQ(range(4, 0), "");
  EXPECT_EQ(range(10, 1), "");
  EXPECT_EQ(range(11, 1), "");
  EXPECT_EQ(range(kMax, kMax), "");
  EXPECT_EQ(range(1, kMax), "123456789");
}

TEST_F(DirectoryStoreTest, gets_go_where_there_is_room_for_them) {
  (void)put("a", "0123456789");
  std::vector<std::byte> memory(4);
  GetOptions options;
  options.offset = 2;
  options.size = options.max_size = 4;
  options.into = memory;
  const Object part = store_->get("a", options).value();
  EXPECT_EQ(part.bytes_put, 4U);
  EXPECT_THAT(part.bytes, IsEmpty());
  EXPECT_EQ(as_text(memory), "2345");
  options.offset = 8;
  EXPECT_EQ(store_->get("a", options).value().bytes_put, 2U);
  EXPECT_EQ(as_text(memory).substr(0, 2), "89");
  options.offset = 2;
  options.max_size = 5;
  const Object not_put = store_->get("a", options).value();
  EXPECT_EQ(not_put.bytes_put, 0U);
  EXPECT_EQ(as_text(not_put.bytes), "2345");
}

TEST_F(DirectoryStoreTest, gets_take_conditions) {
  (void)put("a", "one");
  const std::string etag = store_->get("a").etag;
  EXPECT_EQ(store_->get("a").etag, etag);
  GetOptions unless;
  unless.if_none_match = etag;
  EXPECT_FALSE(store_->get("a", unless));
  GetOptions only;
  only.if_match = etag;
  EXPECT_TRUE(store_->get("a", only));
  (void)put("a", "two");
  EXPECT_EQ(as_text(store_->get("a", unless).value().bytes), "two");
  EXPECT_THAT(error_from([&] { (void)store_->get("a", only); }),
              IsError(ErrorCode::kConflict, (root() / "a").string(), kNowhere, "has changed"));
}

TEST_F(DirectoryStoreTest, puts_take_conditions) {
  EXPECT_FALSE(put("a", "x", PutCondition::if_match("none yet")));
  EXPECT_TRUE(put("a", "one", PutCondition::if_absent()));
  EXPECT_FALSE(put("a", "two", PutCondition::if_absent()));
  EXPECT_EQ(get("a"), "one");
  const std::string etag = store_->get("a").etag;
  EXPECT_FALSE(put("a", "two", PutCondition::if_match("")));
  EXPECT_FALSE(put("a", "two", PutCondition::if_match(etag + "x")));
  EXPECT_TRUE(put("a", "two", PutCondition::if_match(etag)));
  EXPECT_FALSE(put("a", "three", PutCondition::if_match(etag)));
  EXPECT_EQ(get("a"), "two");
  EXPECT_THAT(support::names_in(root()), ElementsAre(".lock", "a"));
}

// Faster than the clock of a file system ticks, with the same bytes, and with the file taken away between.
TEST_F(DirectoryStoreTest, no_two_versions_have_the_same_etag) {
  std::set<std::string> etags;
  constexpr int kVersions = 300;
  for (int i = 0; i < kVersions; ++i) {
    if (i % 2 == 0) store_->remove("a");
    ASSERT_TRUE(put("a", "same"));
    etags.insert(store_->get("a").etag);
  }
  EXPECT_EQ(etags.size(), kVersions);
}

// Whatever the clock says: the time of a file is what tells its versions apart.
TEST_F(DirectoryStoreTest, the_time_of_an_object_grows_with_every_version) {
  (void)put("a", "one");
  const auto future = std::filesystem::file_time_type::clock::now() + std::chrono::hours(1);
  std::filesystem::last_write_time(root() / "a", future);
  const auto before = std::filesystem::last_write_time(root() / "a");
  (void)put("a", "two");
  EXPECT_GT(std::filesystem::last_write_time(root() / "a"), before);
}

// nginx makes an ETag of the second and the size; a reader behind it would take the second of two such versions for the first.
TEST_F(DirectoryStoreTest, no_two_versions_of_a_key_are_of_the_same_second) {
  std::set<std::int64_t> seconds;
  constexpr int kVersions = 5;
  for (int i = 0; i < kVersions; ++i) {
    (void)put("current", "same");
    const auto time = std::filesystem::last_write_time(root() / "current").time_since_epoch();
    seconds.insert(std::chrono::floor<std::chrono::seconds>(time).count());
  }
  EXPECT_EQ(seconds.size(), kVersions);
}

TEST_F(DirectoryStoreTest, lists_keys_in_byte_order) {
  EXPECT_THAT(support::keys_of(*store_, ""), IsEmpty());
  for (const std::string_view key : {"b", "a/2", "a/10", "a", "Z"}) {
    if (key != "a") (void)put(key, "x");
  }
  support::write_bytes(root() / ".b.123.0.tmp", as_bytes("left behind"));
  EXPECT_THAT(support::keys_of(*store_, ""), ElementsAre("Z", "a/10", "a/2", "b"));
  EXPECT_THAT(support::keys_of(*store_, "a/"), ElementsAre("a/10", "a/2"));
  EXPECT_THAT(support::keys_of(*store_, "a/1"), ElementsAre("a/10"));
  EXPECT_THAT(support::keys_of(*store_, "c"), IsEmpty());
  const auto no_folder = open_directory_store("a file", root() / "b", {});
  EXPECT_EQ(error_from([&] { (void)no_folder->list(""); }).code(), ErrorCode::kInputOutput);
}

TEST_F(DirectoryStoreTest, removing_what_is_not_there_is_no_error) {
  EXPECT_NO_THROW(store_->remove("a"));
  (void)put("a", "x");
  store_->remove("a");
  EXPECT_NO_THROW(store_->remove("a"));
  EXPECT_NO_THROW(store_->remove("b/c"));
  EXPECT_EQ(error_from([&] { (void)store_->get("a"); }).code(), ErrorCode::kNotFound);
}

TEST_F(DirectoryStoreTest, a_full_disk_leaves_the_old_object) {
  (void)put("a", "old");
  const int status = support::with_file_size_limit(1000, [&] {
    try {
      (void)put("a", std::string(5000, 'x'));
    } catch (const Error& error) {
      return error.code() == ErrorCode::kInputOutput && error.object() == (root() / "a").string() ? 0 : 1;
    }
    return 2;
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(get("a"), "old");
  EXPECT_THAT(support::names_in(root()), ElementsAre(".lock", "a"));
}

// In memory a file that is renamed over another one moves to where its own name was, and a folder is read in several pieces.
TEST_F(DirectoryStoreTest, lists_each_key_once_while_others_replace_them_in_memory) {
  constexpr int kKeys = 4000;
  const support::TemporaryDirectory memory("/dev/shm");
  const std::unique_ptr<Store> store = open_directory_store("memory", memory.path(), {});
  std::vector<std::string> keys;
  for (int i = 0; i < kKeys; ++i) keys.push_back("a/" + std::to_string(kKeys + i));
  for (const std::string& key : keys) ASSERT_TRUE(store->put(key, as_bytes("1"), {}));
  std::atomic<bool> is_over = false;
  std::jthread renewing([&] {
    for (std::size_t i = 0; !is_over; i = (i + 7) % keys.size()) (void)store->put(keys[i], as_bytes("2"), {});
  });
  for (int attempt = 0; attempt < 20; ++attempt) {
    std::vector<std::string> listed;
    for (ObjectInfo& object : store->list("a/")) listed.push_back(std::move(object.key));
    EXPECT_TRUE(listed == keys) << listed.size() << " listed of " << keys.size();
  }
  is_over = true;
}

TEST_F(DirectoryStoreTest, looking_does_not_make_a_lock) {
  std::filesystem::create_directory(root());
  EXPECT_THAT(store_->list(""), IsEmpty());
  EXPECT_THAT(std::filesystem::directory_iterator(root()), testing::Eq(std::filesystem::directory_iterator()));
}

TEST_F(DirectoryStoreTest, lists_what_begins_with_any_text) {
  for (const char* key : {"a", "b/c/d", "b/c/e", "b/ce", "b/f"}) EXPECT_TRUE(put(key, "x"));
  const auto keys = [&](std::string_view prefix) { return support::keys_of(*store_, prefix); };
  EXPECT_THAT(keys("b/"), ElementsAre("b/c/d", "b/c/e", "b/ce", "b/f"));
  EXPECT_THAT(keys("b/c"), ElementsAre("b/c/d", "b/c/e", "b/ce"));
  EXPECT_THAT(keys("b/c/"), ElementsAre("b/c/d", "b/c/e"));
  for (const char* prefix : {"a/", "a/b/", "none/", "b/none/x", "../", "/", "/etc/", "b//", ".lock"})
    EXPECT_THAT(keys(prefix), testing::IsEmpty()) << prefix;
}

TEST_F(DirectoryStoreTest, removes_only_the_version_that_is_meant) {
  EXPECT_TRUE(put("a", "one"));
  const PutCondition first = PutCondition::if_match(store_->get("a").etag);
  EXPECT_TRUE(put("a", "one"));
  EXPECT_FALSE(store_->remove("a", first));
  EXPECT_EQ(get("a"), "one");
  EXPECT_TRUE(store_->remove("a", PutCondition::if_match(store_->get("a").etag)));
  EXPECT_TRUE(store_->remove("a", first)) << "gone is gone";
  EXPECT_TRUE(store_->remove("never/there", first));
  EXPECT_THAT(error_from([&] { (void)store_->remove("a", PutCondition::if_absent()); }),
              IsError(ErrorCode::kInvalidArgument, (root() / "a").string(), kNowhere, "on the condition that it is absent"));
}

TEST_F(DirectoryStoreTest, a_lock_that_is_held_is_not_waited_for_without_end) {
  EXPECT_TRUE(put("a", "one"));
  FileDescriptor holder(::open((root() / ".lock").c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::flock(holder.get(), LOCK_EX), 0);
  StoreOptions options;
  options.total_timeout = std::chrono::milliseconds(50);
  const auto impatient = open_directory_store("a store", root(), options);
  const auto refused = IsError(ErrorCode::kTimedOut, (root() / ".lock").string(), kNowhere, "was held by another process for 50 ms; wait");
  EXPECT_THAT(error_from([&] { (void)impatient->put("a", as_bytes("two"), {}); }), refused);
  EXPECT_THAT(error_from([&] { impatient->remove("a"); }), refused);
  EXPECT_EQ(get("a"), "one");
  EXPECT_THAT(support::names_in(root()), ElementsAre(".lock", "a"));
  const std::jthread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    holder = FileDescriptor();
  });
  EXPECT_TRUE(put("a", "two"));
}

TEST_F(DirectoryStoreTest, is_the_same_store_by_every_path_to_it) {
  const std::filesystem::path below = folder_ / "x" / ".." / "store";
  for (const std::filesystem::path& path :
       {root(), below, std::filesystem::relative(root()), std::filesystem::path(root().string() + "/"), root() / "."}) {
    EXPECT_EQ(open_directory_store("a store", path, {})->identity(), root().string()) << path;
  }
  EXPECT_NE(open_directory_store("a store", folder_ / "another", {})->identity(), root().string());
}

TEST_F(DirectoryStoreTest, of_threads_that_replace_one_version_exactly_one_wins) {
  constexpr int kThreads = 8;
  constexpr int kRounds = 50;
  (void)put("a", "0");
  std::string etag = store_->get("a").etag;
  std::atomic<int> winners{0};
  std::vector<int> winners_of_round;
  std::barrier round(kThreads, [&]() noexcept {
    winners_of_round.push_back(winners.exchange(0));
    etag = store_->get("a").etag;
  });
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        const auto own = open_directory_store("a store", root(), {});
        for (int number = 0; number < kRounds; ++number) {
          if (own->put("a", as_bytes(std::to_string(i)), PutCondition::if_match(etag))) ++winners;
          round.arrive_and_wait();
        }
      });
    }
  }
  EXPECT_EQ(winners_of_round, std::vector<int>(kRounds, 1));
}

TEST_F(DirectoryStoreTest, of_processes_that_create_an_object_exactly_one_wins) {
  constexpr int kRounds = 20;
  constexpr int kProcesses = 4;
  for (int number = 0; number < kRounds; ++number) {
    const std::string key = "generations/" + std::to_string(number);
    const auto won =
        support::in_child_processes(kProcesses, [&] { return put(key, std::string(1000, 'x'), PutCondition::if_absent()) ? 1 : 0; });
    ASSERT_EQ(std::ranges::count(won, 1), 1) << number;
    ASSERT_EQ(std::ranges::count(won, 0), kProcesses - 1) << number;
    ASSERT_EQ(get(key).size(), 1000U);
  }
}

// Somebody always reads one version or the other, whole.
TEST_F(DirectoryStoreTest, readers_see_whole_objects) {
  const std::string versions[] = {std::string(10'000, 'a'), std::string(20'000, 'b')};
  (void)put("a", versions[0]);
  std::atomic<bool> done{false};
  std::atomic<int> torn{0};
  {
    const std::jthread reader([&] {
      while (!done) {
        const std::string seen = get("a");
        if (seen != versions[0] && seen != versions[1]) ++torn;
      }
    });
    for (int i = 0; i < 100; ++i) (void)put("a", versions[i % 2]);
    done = true;
  }
  EXPECT_EQ(torn, 0);
}

}  // namespace
}  // namespace almanac::internal
