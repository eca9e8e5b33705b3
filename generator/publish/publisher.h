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
// One whose rollout has begun by the clock is not finished so, for that would bring it to many at once, perhaps to all: whoever comes
// next decides, by what ends a rollout, and others are refused. (To let its rollout begin anew instead would need another
// announcement under the same number, of which two publishers could make different ones.)
//
// A pin is a generation too, and so is its end: they take their turn among the publications, and nothing slips past them.
//
// A generation can come to instances one after another (see Terms::schedule). Until the last of them has it, only what is for all
// at once may follow: a rollback, or a publication that says that it ends this. Pins carry it on, also when it is complete by this
// clock, which may be fast.
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
#include "open_live.h"
#include "publish/generation_log.h"
#include "publish/refusals.h"

namespace almanac::publish {

// So much of a snapshot travels inside `current` unless told: all of it up to this size, so that a cold start is one request, or
// else what says where the namespaces are, so that it is two.
inline constexpr std::uint64_t kCarriedSize = std::uint64_t{1} << 20U;
// The most that can be asked for: readers take no `current` of twice that size.
inline constexpr std::uint64_t kMostCarried = internal::kMaxAnnouncedSize / 2;

// A snapshot that has lain in the store for longer is put anew before it is announced, so that a pruning that has it on
// its list sees that it is in use again. Much less than what a pruning leaves alone, a day unless told.
inline constexpr std::chrono::hours kFresh{1};

enum class OnConflict {
  kRefuse,  // who finds that somebody else published since `base` is refused
  kRetry,   // and here goes on top of that, if the terms still allow it
};

enum class Step {
  kAnnouncing,    // it may be announced from now on
  kNotAnnounced,  // somebody else has that number
  kAnnounced,     // it is, whatever happens
  kLive,          // `current` has it, or one that came since
};

struct Terms {
  std::chrono::system_clock::time_point now;  // the time of publication
  OnConflict on_conflict = OnConflict::kRefuse;
  std::optional<std::uint64_t> if_generation;  // only on top of this one; 0: only as the first
  bool dry_run = false;                        // stop when all is seen and nothing is written
  std::uint64_t max_carried = kCarriedSize;    // bytes of the snapshot inside `current`; kMostCarried at most
  // Of publish(): by when how many instances have moved to it, all in the end; nothing: it is for all at once. The first
  // generation is, for there is nothing to move from.
  std::optional<internal::Schedule> schedule;
  // Of publish(): the documents that the snapshot was compiled from together with what is registered (see kept_documents.h), to be put
  // beside it and announced with it. Empty: they are not kept.
  std::span<const std::byte> documents;
  bool end_rollout = false;  // of publish(): over an unfinished rollout too, and then for all at once
  // Asked before anything is written, with what is live and what would follow it; on top of another base it is asked
  // again. False: not announced. Empty: always true.
  std::function<bool(const Base& base, const internal::Announcement& next)> approve;
  // Told as it comes, for whoever is interrupted; nothing is announced before the first. Empty: nobody is told.
  std::function<void(Step step, std::uint64_t generation)> at_step;
};

struct Publication {
  enum class Outcome {
    kLive,         // the announcement is in the log with its snapshot, and is current, or others that came since are
    kUnchanged,    // what was asked for is live already; nothing was announced
    kNotApproved,  // nothing was written
    kDryRun,       // all stands for it; nothing was written
  } outcome = Outcome::kLive;
  internal::Announcement announcement;             // what was announced, is live already, or would have been announced
  bool mended = false;                             // kUnchanged: its snapshot was gone or damaged, and was put again
  std::optional<internal::Announcement> replaced;  // kLive and kDryRun: what was live until then, if anything was
  // kLive and kDryRun: Base::stalled, which does not become live any more.
  std::optional<internal::Announcement> passed_over;
};

// All throw Error as Store and Snapshot::open() do, and Refused when others, a pin or a rollout were first. An Error whose text says that
// a generation is announced came after that: then it has been published, and the next publisher finishes it.
class Publisher {
 public:
  // Told of each generation of somebody else that settle() or the next attempt of a publication makes live: kAnnounced before that,
  // kLive when it has.
  using AtFinishing = std::function<void(Step step, std::uint64_t generation)>;
  explicit Publisher(std::shared_ptr<Store> store, AtFinishing at_finishing = {})
      : log_(std::move(store)), refusals_(std::string(log_.store().name())), at_finishing_(std::move(at_finishing)) {}

  [[nodiscard]] const GenerationLog& log() const noexcept { return log_; }

  // What is live, after a generation that somebody announced and did not finish has become so. `now` is when rollouts are judged.
  [[nodiscard]] Base settle(std::chrono::system_clock::time_point now = std::chrono::system_clock::now());
  // Refused when nothing may be published over `base`.
  void expect_unpinned(const Base& base) const;
  // Refused unless `base` is what terms.if_generation asks for.
  void expect_generation(const Base& base, const Terms& terms) const;

  // The snapshot whose bytes these are. When it is live already, with terms.documents if there are any, and readers need it beside
  // `current`, it is seen to be there.
  // One that comes in phases needs the snapshot that it replaces in the store, for whoever has not moved: it is seen to be there too.
  [[nodiscard]] Publication publish(Base base, std::span<const std::byte> bytes, const Terms& terms);
  // An earlier generation (see GenerationLog::get() and before()), whose snapshot is `bytes`, just read, all of it and checked
  // (see GenerationLog::read_snapshot()). Pinned at once when there is a reason for it. It is for all instances, and also when it is
  // what is live, and has not come to all of them.
  [[nodiscard]] Publication roll_back(Base base, const Announced& target, std::span<const std::byte> bytes,
                                      const std::optional<std::string>& pin, const Terms& terms);
  // For all instances at once what has not come to all of them: what is live, or else Base::stalled.
  [[nodiscard]] Publication end_rollout(Base base, const Terms& terms);
  // Whatever is live, pinned; kNotFound when nothing is. Its snapshot is not looked at: it stays as it is, be it lost.
  [[nodiscard]] Publication pin(Base base, const std::string& reason, const Terms& terms);
  [[nodiscard]] Publication unpin(Base base, const Terms& terms);

 private:
  // Of what is named by its content.
  enum class Put {
    kIfAbsent,   // it is likely not to be there
    kIfMissing,  // it is likely to be there
    kIfOld,      // it has just been read from there
    kMend,       // it has been there; its age does not matter
  };
  // What a proposal does to a rollout that has not come to all instances.
  enum class Rollouts { kWaits, kCarriesOn, kEnds };
  struct Proposal {
    internal::Announcement announcement;       // without its generation and time
    std::span<const std::byte> snapshot = {};  // all of it; nothing: it is the one that is live, which no pruning takes
    Put put = Put::kIfAbsent;
    std::span<const std::byte> documents = {};  // nothing: what the announcement names, if anything, is as it was
    Put put_documents = Put::kIfMissing;
    std::span<const std::byte> carried = {};  // by `current`
    bool over_a_pin = false;
    Rollouts rollouts = Rollouts::kWaits;
    // The snapshot that a rollout begins from, where `current`, which is to be replaced, may be all that has it.
    std::vector<std::byte> previous = {};
  };
  // What is to follow a base; nothing when that is live already.
  using Propose = std::function<std::optional<Proposal>(const Base& base)>;
  [[nodiscard]] Publication go_live(Base base, const Terms& terms, const Propose& propose);
  [[nodiscard]] Publication set_pin(Base base, const std::optional<std::string>& pin, const Terms& terms);

  // Refused when a pin, a rollout or this clock stands against it.
  void expect_fit(const Base& base, const Proposal& proposal, const Terms& terms) const;
  // False: somebody else has that number. Nothing but the snapshot may have been put then.
  [[nodiscard]] bool announce(const Base& base, const Proposal& proposal, const Terms& terms);
  // What the announcement names of them; nothing when they are gone or damaged, or were never kept: no reason not to go back.
  [[nodiscard]] std::vector<std::byte> find_documents(const internal::Announcement& announcement) const;
  // For instances that stay on it for now. Refused when it is gone or damaged.
  [[nodiscard]] std::vector<std::byte> read_previous(const Base& base) const;
  [[nodiscard]] bool put_generation(const internal::Announcement& next);
  // Puts it if it is not there, anew if it is damaged or so old that a pruning could be about to remove it. True: it did.
  bool put(const std::string& key, std::span<const std::byte> bytes, Put how);
  // Puts the snapshot of what is live again where it is gone or damaged, in `current` too. Whether it was.
  [[nodiscard]] bool mend(const Base& base, std::span<const std::byte> bytes, std::uint64_t max_carried);
  // Until `current` is this generation or a later one. False: it was without this.
  [[nodiscard]] bool make_current(const internal::Announcement& announcement, std::span<const std::byte> carried,
                                  std::optional<std::string> etag);
  // Puts it again if somebody removed it meanwhile.
  void keep(const std::string& key, std::span<const std::byte> bytes);
  [[nodiscard]] bool is_old(const std::string& key) const;
  [[nodiscard]] std::string name() const { return std::string(log_.store().name()); }

  GenerationLog log_;
  Refusals refusals_;
  AtFinishing at_finishing_;
};

}  // namespace almanac::publish
