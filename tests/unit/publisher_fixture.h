// A store, a publisher, and short words for what tests of going live do with them.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/rollout_kinds.h"
#include "open_live.h"
#include "progress/progress.h"
#include "publish/publisher.h"
#include "support/published_store.h"

namespace almanac::publish {

using internal::Announcement;
using support::changed;
using support::kPublished;
using support::publish_with;
using support::PublishedStore;
using support::service;

inline std::vector<std::byte> users_at(const std::string& uri) { return support::snapshot_of(support::users_at(uri)); }

// Too large to travel inside `current`.
inline std::vector<std::byte> large_users_at(const std::string& uri) {
  std::vector<support::ServiceBuilder> services = support::large_services(19, uri);
  services.push_back(service("users").uri(uri));
  return support::snapshot_of({{"prod", services}});
}

// How long instances take to move to what is published in phases, evenly.
inline constexpr std::chrono::seconds kRollout = std::chrono::minutes(30);

// The same, but in phases that begin with it.
inline Terms in_phases(Terms terms) {
  terms.schedule = model::even(internal::moment_of(terms.now), kRollout, kWholeShare);
  return terms;
}

// What a command told of its progress: "reading the log 3: 1 2 3", one a piece of work.
class ProgressRecord final : public progress::Progress {
 public:
  void begin(std::string_view work, std::uint64_t total) override {
    lines.push_back(std::string(work) + " " + std::to_string(total) + ":");
  }
  void step(std::uint64_t done) override { lines.back() += " " + std::to_string(done); }

  std::vector<std::string> lines;
};

class PublisherTest : public testing::Test {
 protected:
  Publication publish(const std::vector<std::byte>& snapshot) { return publish_with(publisher_, snapshot); }
  Publication publish_in_phases(const std::vector<std::byte>& snapshot) {
    return publisher_.publish(publisher_.settle(), snapshot, in_phases(terms()));
  }
  Publication roll_back(std::optional<std::uint64_t> generation = std::nullopt, const std::optional<std::string>& pin = std::nullopt) {
    const Base base = publisher_.settle();
    const GenerationLog& log = publisher_.log();
    const Announced target = generation ? log.get(*generation) : log.before(base.live->announcement);
    return publisher_.roll_back(base, target, log.read_snapshot(target), pin, terms());
  }
  Publication pin(const std::string& reason) { return publisher_.pin(publisher_.settle(), reason, terms()); }
  Publication unpin() { return publisher_.unpin(publisher_.settle(), terms()); }

  [[nodiscard]] static Terms terms() {
    Terms terms;
    terms.now = kPublished;
    return terms;
  }

  // When half of the instances have moved to what was published in phases.
  [[nodiscard]] static Terms half_way() {
    Terms terms = PublisherTest::terms();
    terms.now += kRollout / 2;
    return terms;
  }

  [[nodiscard]] Announcement live() { return internal::open_live(store_.store(), {}).announcement; }
  [[nodiscard]] std::string live_uri() {
    return std::string(internal::open_live(store_.store(), {}).snapshot.in("prod").find("users").value().uri());
  }
  [[nodiscard]] Announcement generation(std::uint64_t number) { return internal::open_generation(store_.store(), number, {}).announcement; }

  // As a publisher leaves the store that is killed behind the announcement of a generation in phases.
  Announcement announce_in_phases(const std::vector<std::byte>& snapshot) {
    const Object before = store_.store()->get(internal::kCurrentKey);
    const Announcement announcement = publish_in_phases(snapshot).announcement;
    (void)store_.store()->put(internal::kCurrentKey, before.bytes, {});
    return announcement;
  }

  // As a publisher leaves the store that is killed behind the announcement of its generation.
  void leave_unfinished(const std::vector<std::byte>& snapshot, std::uint64_t number) {
    Announcement announcement;
    announcement.generation = number;
    announcement.snapshot_id = Snapshot::from_bytes(snapshot, "x").id();
    announcement.snapshot_size = snapshot.size();
    ASSERT_TRUE(store_.store()->put(internal::snapshot_key(announcement.snapshot_id), snapshot, {}));
    ASSERT_TRUE(
        store_.store()->put(internal::generation_key(number), internal::encode_announcement(announcement), PutCondition::if_absent()));
  }

  PublishedStore store_;
  Publisher publisher_{store_.store()};
};

}  // namespace almanac::publish
