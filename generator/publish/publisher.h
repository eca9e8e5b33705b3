// Going live: a snapshot into a store, and the announcement that makes it the current one.
//
// Each step leaves the store whole: the snapshot is put, then the announcement of the next generation
// is put if that number is free, then `current` is replaced if it is still the one that was read. Who
// finds the next number taken, by a publisher that was killed or is about to finish, finishes for it
// and goes on from there: generations have no gap, and none is lost. Only a generation whose snapshot is
// gone or damaged is passed over.
#pragma once

#include <almanac/store.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "announcement.h"

namespace almanac::publish {

struct Publication {
  internal::Announcement announcement;  // what was made live, or is already; others may have published since
  bool changed = false;                 // false: that snapshot was live already, and nothing was written
};

class Publisher {
 public:
  using Clock = std::chrono::system_clock;
  explicit Publisher(std::shared_ptr<Store> store) : store_(std::move(store)) {}

  // Makes the snapshot whose bytes these are the live one. Throws Error as Store and Snapshot::open() do.
  [[nodiscard]] Publication publish(std::span<const std::byte> bytes, Clock::time_point now);

  // Makes the snapshot of an earlier generation live again, under a new number: that of `generation`,
  // or of the newest one before the live one that had another snapshot. Throws Error: kNotFound when
  // there is no such generation or its snapshot is gone.
  [[nodiscard]] Publication roll_back(std::optional<std::uint64_t> generation, Clock::time_point now);

 private:
  struct Current {
    std::optional<internal::Announcement> announcement;  // nothing: never published
    std::string etag;
  };

  [[nodiscard]] Current read_current();
  [[nodiscard]] internal::Announcement read_generation(std::uint64_t generation);
  [[nodiscard]] internal::Announcement earlier_than(const internal::Announcement& live);
  // The bytes of an announced snapshot, verified.
  [[nodiscard]] std::vector<std::byte> read_snapshot(const internal::Announcement& announcement);
  // Puts it if it is not there; what is there and is damaged is replaced.
  void put_snapshot(const std::string& id, std::span<const std::byte> bytes);
  [[nodiscard]] Publication announce(internal::Announcement announcement, std::span<const std::byte> snapshot);
  // Replaces `current`, unless it is no longer what was read.
  [[nodiscard]] bool replace_current(const Current& current, const internal::Announcement& announcement,
                                     std::span<const std::byte> snapshot);

  enum class Pending { kNone, kFinished, kUnusable };
  // Makes live what another publisher announced as `generation` and did not come to finish.
  [[nodiscard]] Pending finish(const Current& current, std::uint64_t generation);

  std::shared_ptr<Store> store_;
};

}  // namespace almanac::publish
