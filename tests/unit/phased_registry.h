// A registry over a store whose generations come to one instance after another; each is named by its number.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "clocked_registry.h"
#include "last_good.h"
#include "support/late_work.h"
#include "support/ruled_registry.h"
#include "support/schedules.h"

namespace almanac::internal {

inline std::vector<std::byte> small(std::uint64_t version) {
  return support::snapshot_of({{"prod", {support::service("users").uri("http://" + std::to_string(version))}}});
}

class PhasedRegistryTest : public ClockedRegistryTest {
 protected:
  void publish(std::uint64_t generation, std::uint64_t version) {
    const std::vector<std::byte> snapshot = small(version);
    (void)store_->publish_as(support::announcement_of(generation, snapshot), snapshot);
  }
  // In the place of version `previous`, which was generation `previous`.
  void publish_in_phases(std::uint64_t generation, std::uint64_t version, std::uint64_t previous, Schedule schedule,
                         std::uint64_t seed = 0) {
    const std::vector<std::byte> snapshot = small(version);
    Announcement announcement = support::announcement_of(generation, snapshot);
    announcement.rollout =
        support::rollout_from(support::announcement_of(previous, small(previous)), seed == 0 ? generation : seed, std::move(schedule));
    (void)store_->publish_as(announcement, snapshot);
  }
  // The first, and the second in its place an hour after the start.
  void publish_an_hour_ahead() {
    publish(1, 1);
    publish_in_phases(2, 2, 1, support::all_at(kStart + std::chrono::hours(1)));
  }
  static std::string key_of(std::uint64_t version) { return snapshot_key(support::announcement_of(1, small(version)).snapshot_id); }
  // The store answers about `current` alone.
  void fail_snapshots(ErrorCode code) {
    store_->script([this, code](std::string_view key, const GetOptions& get) {
      if (key != "current") throw Error(code, std::string(key), "scripted");
      return store_->answer(key, get);
    });
  }
  // A clock that is put back is a moment to look, and nothing else.
  void look(Registry& registry) {
    pass(-std::chrono::milliseconds(1));
    (void)registry.view();
  }
  static void expect_serves(Registry& registry, std::uint64_t version, std::uint64_t generation) {
    const View view = registry.view();
    EXPECT_EQ(users(view), "http://" + std::to_string(version));
    EXPECT_EQ(view.generation(), generation);
    EXPECT_EQ(registry.status().generation, generation);
    support::await_late_work(view);
  }
  [[nodiscard]] std::uint64_t generation_kept() const {
    return parse_announcement(LastGood(options_.cache_directory, store_->identity()).read(), "copy").announcement.generation;
  }
};

}  // namespace almanac::internal
