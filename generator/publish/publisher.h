// Going live: a snapshot into a store, and the announcement that makes it the current one.
//
//   Publisher publisher(store);
//   const Base base = publisher.settle();                     // before the long work begins
//   …
//   const Publication done = publisher.publish(base, bytes, {.now = std::chrono::system_clock::now()});
//
// Each step leaves the store whole: the snapshot is put, then the announcement of the next generation is put if that number
// is free, then `current` is replaced. The announcement decides: who gets the number has published, whatever happens
// then, for whoever comes next and finds a generation that `current` does not follow yet finishes it first. Only
// a generation whose snapshot is gone or damaged is passed over. So generations have no gap and none is lost.
//
// A pin is a generation too, and so is its end: they take their turn among the publications, and nothing slips past them.
#pragma once

#include <almanac/store.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "announcement.h"
#include "publish/generation_log.h"
#include "publish/refused.h"

namespace almanac::publish {

enum class OnConflict {
  kRefuse,  // who finds that somebody else published since `base` is refused
  kRetry,   // and here goes on top of that, if the terms still allow it
};

struct Terms {
  std::chrono::system_clock::time_point now;  // the time of publication
  OnConflict on_conflict = OnConflict::kRefuse;
  std::optional<std::uint64_t> if_generation;  // only on top of this one; 0: only as the first
  bool dry_run = false;                        // stop when all is seen and nothing is written
  // Asked before anything is written, with what is live and what would follow it; on top of another base it is asked
  // again. False: not announced. Empty: always true.
  std::function<bool(const Base& base, const internal::Announcement& next)> approve;
};

struct Publication {
  enum class Outcome {
    kLive,         // the announcement is in the log with its snapshot, and is current, or others that came since are
    kUnchanged,    // what was asked for is live already; nothing was written
    kNotApproved,  // nothing was written
    kDryRun,       // all stands for it; nothing was written
  } outcome = Outcome::kLive;
  internal::Announcement announcement;  // what was announced, is live already, or would have been announced

  [[nodiscard]] bool changed() const noexcept { return outcome == Outcome::kLive; }
};

// All throw Error as Store and Snapshot::open() do, and Refused when others or a pin were first. An Error whose text says that
// a generation is announced came after that: then it has been published, and the next publisher finishes it.
class Publisher {
 public:
  explicit Publisher(std::shared_ptr<Store> store) : log_(std::move(store)) {}

  [[nodiscard]] const GenerationLog& log() const noexcept { return log_; }

  // What is live, after a generation that somebody announced and did not finish has become so.
  [[nodiscard]] Base settle();
  // Refused unless `base` is what terms.if_generation asks for.
  void expect_generation(const Base& base, const Terms& terms) const;

  // The snapshot whose bytes these are.
  [[nodiscard]] Publication publish(Base base, std::span<const std::byte> bytes, const Terms& terms);
  // On top of whatever is live.
  [[nodiscard]] Publication publish(std::span<const std::byte> bytes, std::chrono::system_clock::time_point now);
  // An earlier generation (see GenerationLog::get() and before()), whose snapshot is `bytes`, all of it and checked (see
  // GenerationLog::read_snapshot()). Pinned at once when there is a reason for it.
  [[nodiscard]] Publication roll_back(Base base, const Announced& target, std::span<const std::byte> bytes,
                                      const std::optional<std::string>& pin, const Terms& terms);
  // Whatever is live, pinned; kNotFound when nothing is.
  [[nodiscard]] Publication pin(Base base, const std::string& reason, const Terms& terms);
  [[nodiscard]] Publication unpin(Base base, const Terms& terms);

 private:
  struct Proposal {
    internal::Announcement announcement;  // without its generation and time
    std::span<const std::byte> snapshot;  // all of it
    bool over_a_pin = false;
  };
  // What is to follow a base; nothing when that is live already.
  using Propose = std::function<std::optional<Proposal>(const Base& base)>;
  [[nodiscard]] Publication go_live(Base base, const Terms& terms, const Propose& propose);
  [[nodiscard]] Publication set_pin(Base base, const std::optional<std::string>& pin, const Terms& terms);

  // False: somebody else has that number. Nothing but the snapshot may have been put then.
  [[nodiscard]] bool announce(const Base& base, const internal::Announcement& next, std::span<const std::byte> snapshot);
  [[nodiscard]] bool put_generation(const internal::Announcement& next);
  // Puts it if it is not there, anew if it is damaged or so old that a pruning could be about to remove it.
  void put_snapshot(const std::string& id, std::span<const std::byte> bytes);
  // Until `current` is this generation or a later one.
  void make_current(const internal::Announcement& announcement, std::span<const std::byte> snapshot, std::optional<std::string> etag);
  // Puts it again if somebody removed it meanwhile.
  void keep_snapshot(const std::string& id, std::span<const std::byte> bytes);
  [[nodiscard]] bool is_old(const std::string& key) const;
  [[nodiscard]] std::string name() const { return std::string(log_.store().name()); }

  GenerationLog log_;
};

}  // namespace almanac::publish
