// Publishers that are killed: before and after every single request that they make of the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "publish/conditional_writes.h"
#include "publish/prune.h"
#include "publisher_fixture.h"
#include "support/child_process.h"
#include "support/hooked_store.h"

namespace almanac::publish {
namespace {

using support::HookedStore;
using support::StoreCall;

constexpr int kCameToItsEnd = 11;
constexpr int kKilled = 12;
// More than any command makes: a test that gets here goes around in circles.
constexpr int kMostRequests = 200;

using Command = std::function<void(const std::shared_ptr<Store>&)>;

// Runs it in a process that ends at request number `fatal`, before that is done or after.
int run_and_kill(const std::filesystem::path& root, const Command& command, int fatal, bool before) {
  return support::in_child_process([&] {
    int request = 0;
    const auto count_before = [&](const StoreCall&) {
      if (++request == fatal && before) ::_exit(kKilled);
    };
    const auto count_after = [&](const StoreCall&) {
      if (request == fatal && !before) ::_exit(kKilled);
    };
    command(std::make_shared<HookedStore>(open_store(root.string()), count_before, count_after));
    return kCameToItsEnd;
  });
}

// `current` is whole, every generation of the log has its snapshot and what its rollout began from, and the numbers have no gap from
// the first one on.
void expect_whole(const std::shared_ptr<Store>& store) {
  const GenerationLog log(store);
  if (const auto current = log.current()) {
    const Snapshot snapshot = log.open_snapshot(*current);
    snapshot.verify();
    EXPECT_EQ(snapshot.id(), current->announcement.snapshot_id);
  }
  const std::vector<std::uint64_t> numbers = log.numbers();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    EXPECT_EQ(numbers[i], numbers.front() + i);
    const Announced announced = log.get(numbers[i]);
    EXPECT_NO_THROW((void)log.read_snapshot(announced));
    if (announced.announcement.rollout) {
      EXPECT_NO_THROW((void)log.read_snapshot(log.before(announced.announcement)));
    }
  }
}

void next_publisher_succeeds(const std::shared_ptr<Store>& store) {
  Publisher publisher(store);
  if (publisher.settle().pinned()) (void)publisher.unpin(publisher.settle(), {});
  const std::size_t before = store->list("generations/").size();
  Terms terms;
  terms.end_rollout = true;
  const Publication next = publisher.publish(publisher.settle(), users_at("http://next"), terms);
  EXPECT_TRUE(changed(next));
  const std::size_t after = store->list("generations/").size();
  EXPECT_EQ(after, before + 1);
  const internal::LiveSnapshot live = internal::open_live(store, {});
  EXPECT_EQ(live.announcement.generation, next.announcement.generation);
  EXPECT_EQ(live.snapshot.in("prod").find("users").value().uri(), "http://next");
  expect_whole(store);
}

// Kills `command` at every step, over a store in which `prepare` has made what it needs.
void kill_at_every_step(const std::function<void(PublishedStore&)>& prepare, const Command& command) {
  for (int fatal = 1;; ++fatal) {
    ASSERT_LT(fatal, kMostRequests);
    for (const bool before : {true, false}) {
      SCOPED_TRACE("killed " + std::string(before ? "before" : "after") + " request " + std::to_string(fatal));
      PublishedStore store;
      prepare(store);
      const int status = run_and_kill(store.root(), command, fatal, before);
      ASSERT_TRUE(status == kKilled || status == kCameToItsEnd) << status;
      expect_whole(store.store());
      if (testing::Test::HasFailure()) return;
      next_publisher_succeeds(store.store());
      if (testing::Test::HasFailure()) return;
      if (status == kCameToItsEnd) {
        EXPECT_GT(fatal, 5) << "hardly a request was made";
        return;
      }
    }
  }
}

void publish_to(const std::shared_ptr<Store>& store, const std::string& uri) {
  (void)publish_with(Publisher(keep_conditions(store, Unkept::kRefuse)), users_at(uri));
}

// Too large to travel inside `current`. Made once, not in each of the processes that are killed.
void publish_large_to(const std::shared_ptr<Store>& store) {
  static const std::vector<std::byte> large = large_users_at("http://large");
  (void)publish_with(Publisher(keep_conditions(store, Unkept::kRefuse)), large);
}

void publish_two(PublishedStore& store) {
  publish_to(store.store(), "http://1");
  publish_to(store.store(), "http://2");
}

TEST(PublisherKill, the_first_publication) {
  kill_at_every_step([](PublishedStore&) {}, [](const auto& store) { publish_to(store, "http://1"); });
}

TEST(PublisherKill, a_publication) {
  kill_at_every_step(publish_two, [](const auto& store) { publish_to(store, "http://3"); });
}

TEST(PublisherKill, a_publication_of_a_large_snapshot) {
  kill_at_every_step(
      [](PublishedStore& store) {
        publish_large_to(store.store());
        publish_to(store.store(), "http://2");
      },
      publish_large_to);
}

TEST(PublisherKill, the_first_publication_of_a_large_snapshot) {
  kill_at_every_step([](PublishedStore&) {}, publish_large_to);
}

void publish_in_phases_to(const std::shared_ptr<Store>& store, const std::string& uri) {
  Terms terms;
  terms.now = kPublished;
  Publisher publisher(keep_conditions(store, Unkept::kRefuse));
  (void)publisher.publish(publisher.settle(), users_at(uri), in_phases(terms));
}

TEST(PublisherKill, a_publication_in_phases) {
  kill_at_every_step(publish_two, [](const auto& store) { publish_in_phases_to(store, "http://3"); });
}

TEST(PublisherKill, a_publication_in_phases_over_what_current_alone_has) {
  const auto prepare = [](PublishedStore& store) {
    publish_two(store);
    // Without the generation of that snapshot, whose absence is no fault of who is killed.
    const Announcement live = internal::open_live(store.store(), {}).announcement;
    store.store()->remove(internal::snapshot_key(live.snapshot_id));
    store.store()->remove("generations/2");
    store.store()->remove("generations/1");
  };
  kill_at_every_step(prepare, [](const auto& store) { publish_in_phases_to(store, "http://3"); });
}

TEST(PublisherKill, a_rollback_of_what_comes_in_phases) {
  const auto prepare = [](PublishedStore& store) {
    publish_two(store);
    publish_in_phases_to(store.store(), "http://3");
  };
  kill_at_every_step(prepare, [](const auto& store) {
    Terms terms;
    terms.now = kPublished;
    Publisher publisher(store);
    const Base base = publisher.settle();
    const Announced target = publisher.log().before(base.live->announcement);
    (void)publisher.roll_back(base, target, publisher.log().read_snapshot(target), std::nullopt, terms);
  });
}

// Whoever comes next finishes it with its rollout.
TEST(PublisherKill, a_pin_of_what_comes_in_phases) {
  const auto prepare = [](PublishedStore& store) {
    publish_two(store);
    publish_in_phases_to(store.store(), "http://3");
    const Object current = store.store()->get("current");
    Terms terms;
    terms.now = kPublished;
    Publisher publisher(store.store());
    (void)publisher.pin(publisher.settle(), "freeze", terms);
    ASSERT_TRUE(store.store()->put("current", current.bytes, {}));
  };
  kill_at_every_step(prepare, [](const auto& store) {
    Terms terms;
    terms.now = kPublished;
    Publisher publisher(store);
    const Publication unpinned = publisher.unpin(publisher.settle(), terms);
    if (unpinned.announcement.rollout.value().seed != 3) throw std::logic_error("another rollout than what was to be carried on");
  });
}

TEST(PublisherKill, one_that_finishes_for_another_first) {
  const auto prepare = [](PublishedStore& store) {
    publish_two(store);
    const Object current = store.store()->get("current");
    publish_to(store.store(), "http://3");
    ASSERT_TRUE(store.store()->put("current", current.bytes, {}));
  };
  kill_at_every_step(prepare, [](const auto& store) { publish_to(store, "http://4"); });
}

TEST(PublisherKill, one_that_mends_a_missing_current) {
  const auto prepare = [](PublishedStore& store) {
    publish_two(store);
    store.store()->remove("current");
  };
  kill_at_every_step(prepare, [](const auto& store) { publish_to(store, "http://3"); });
}

TEST(PublisherKill, a_rollback) {
  kill_at_every_step(publish_two, [](const auto& store) {
    Publisher publisher(store);
    const Base base = publisher.settle();
    const Announced target = publisher.log().before(base.live->announcement);
    (void)publisher.roll_back(base, target, publisher.log().read_snapshot(target), std::nullopt, {});
  });
}

TEST(PublisherKill, a_pin_and_its_end) {
  kill_at_every_step(
      [](PublishedStore& store) {
        publish_two(store);
        Publisher publisher(store.store());
        (void)publisher.pin(publisher.settle(), "freeze", {});
      },
      [](const auto& store) {
        Publisher publisher(store);
        (void)publisher.unpin(publisher.settle(), {});
        (void)publisher.pin(publisher.settle(), "again", {});
        (void)publisher.unpin(publisher.settle(), {});
      });
}

TEST(PublisherKill, a_pruning) {
  const auto prepare = [](PublishedStore& store) {
    for (int i = 1; i <= 6; ++i) publish_to(store.store(), "http://" + std::to_string(i));
  };
  kill_at_every_step(prepare, [](const auto& store) {
    progress::Progress silent;
    (void)prune(GenerationLog(store), {2, std::chrono::seconds(0), false}, silent);
  });
}

}  // namespace
}  // namespace almanac::publish
