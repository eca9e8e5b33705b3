// The log of a store: generations/<number>, one announcement for each publication, in the order in which they were made.
//
//   GenerationLog log(store);
//   const Base base = log.base();
//   if (base.live) show(base.live->announcement.generation);
//
// The log says what comes after what; `current` follows it. Nothing here writes.
// Threads: as the store's; a GenerationLog has no state of its own.
#pragma once

#include <almanac/snapshot.h>
#include <almanac/store.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "announcement.h"

namespace almanac::publish {

// An object of the store that begins with an announcement.
struct Announced {
  internal::Announcement announcement;
  std::string key;
  Object object;
  std::size_t size = 0;  // of the announcement; what follows is the beginning of the snapshot, or all of it

  [[nodiscard]] std::span<const std::byte> carried() const noexcept { return std::span(object.bytes).subspan(size); }
  [[nodiscard]] bool carries_all() const noexcept { return carried().size() == announcement.snapshot_size; }
};

// What the next generation goes on top of.
struct Base {
  std::optional<Announced> live;    // nothing: nothing was ever published
  bool is_current = false;          // else it is announced, with its snapshot in the store, and `current` does not follow yet
  std::optional<std::string> etag;  // of `current`; nothing when that is not there
  std::uint64_t last = 0;           // number of the newest generation in the log, be it usable or not
  // Announced behind what is live, with a rollout that no instance was told of when its time came. Made current now it would come
  // to all at once who should have moved by now: so it stays as it is, and what follows it must be meant to end it.
  std::optional<Announced> stalled;
  // Of a generation that is not current: its snapshot, all of it and checked, or else, when that is the one of `current`, what
  // that carries of it.
  std::vector<std::byte> snapshot;
  // Why something else may have been meant to be live; empty: nothing. Not to be gone on top of unasked.
  std::string unknown;

  // What the next generation follows, be it live or not; nullptr: nothing.
  [[nodiscard]] const internal::Announcement* newest() const noexcept;
  [[nodiscard]] std::uint64_t generation() const noexcept { return newest() != nullptr ? newest()->generation : 0; }
  [[nodiscard]] const std::optional<std::string>& pinned() const noexcept;
};

// What is live; without that an Error, kNotFound, about this store.
[[nodiscard]] const Announced& expect_live(const Base& base, const Store& store);

class GenerationLog {
 public:
  explicit GenerationLog(std::shared_ptr<Store> store) : store_(std::move(store)) {}

  // The newest generation that can be live: its announcement can be read, and its snapshot is there and whole if `current`
  // does not have it yet. `now` is when rollouts are judged. Throws Error as Store does, and when `current` is damaged.
  [[nodiscard]] Base base(std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) const;

  // What `current` announces, or nothing when it is not there. Throws Error as Store and parse_announcement() do.
  [[nodiscard]] std::optional<Announced> current() const;
  // The generation, or nothing when it is not in the log. Throws as current() does; kCorrupt when it announces another one.
  [[nodiscard]] std::optional<Announced> find(std::uint64_t generation) const;
  // The same; its absence is an Error, kNotFound, that tells which there are.
  [[nodiscard]] Announced get(std::uint64_t generation) const;
  [[nodiscard]] bool has(std::uint64_t generation) const;
  // The newest one before `live` that had another snapshot; what rollbacks passed over is not gone back to. Where `live` is for one
  // instance after another, it is what the others have, also when it is gone from the log or damaged there.
  // Throws as get() does.
  [[nodiscard]] Announced before(const internal::Announcement& live) const;
  // Which there are, ascending.
  [[nodiscard]] std::vector<std::uint64_t> numbers() const;

  // The whole snapshot, checked to the last byte. Throws Error as Store and Snapshot::open() do.
  [[nodiscard]] std::vector<std::byte> read_snapshot(const Announced& announced) const;
  // The documents that the announcement names, as they are kept (see kept_documents.h) and checked to the last byte. Throws Error as
  // Store; kNotFound or kCorrupt, about this store, when they are gone or damaged.
  [[nodiscard]] std::vector<std::byte> read_documents(const internal::Announcement& announcement) const;
  // To look into, range by range.
  [[nodiscard]] Snapshot open_snapshot(const Announced& announced) const;

  [[nodiscard]] Store& store() const noexcept { return *store_; }

 private:
  [[nodiscard]] std::optional<Announced> find(std::string_view key) const;
  [[nodiscard]] Announced previous_of(const internal::Announcement& phased) const;
  // The numbers of the log that are greater than that of `current`, ascending.
  [[nodiscard]] std::vector<std::uint64_t> numbers_after(std::uint64_t current) const;
  // Makes the generation the base, or the stalled one of it, if it is usable. Else false, and what that leaves unknown.
  [[nodiscard]] bool take(std::uint64_t generation, Base& base, internal::Moment now) const;
  [[nodiscard]] bool find_snapshot(const Announced& announced, Base& base) const;

  std::shared_ptr<Store> store_;
};

// The number of a key "generations/<number>", if it is one.
[[nodiscard]] std::optional<std::uint64_t> generation_of(std::string_view key) noexcept;

// Whether an error says that an object of the store is not there or is not what it should be, and so will never be: not
// that it could not be fetched this time, or is only for newer programs.
[[nodiscard]] bool is_lasting_damage(const Error& error) noexcept;

}  // namespace almanac::publish
