// What a publisher tells those whom it refuses: what stands against it, that nothing was changed, and what to do.
//
//   if (base.pinned()) throw refusals.pinned(base.live->announcement);
//
// Where an unfinished generation of somebody else was made live before, "nothing was changed" would be a lie.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "publish/generation_log.h"
#include "publish/refused.h"

namespace almanac::publish {

class Refusals {
 public:
  explicit Refusals(std::string store) : store_(std::move(store)) {}

  // From now on no more than that was changed.
  void note_change() noexcept { changed_ = true; }

  // Somebody else published meanwhile, and that is what the base is now.
  [[nodiscard]] Refused lost_to(const Base& base) const;
  [[nodiscard]] Refused contended() const;
  [[nodiscard]] Refused pinned(const internal::Announcement& pin) const;
  // The base is not the generation to go on top of; 0: it is to be the first.
  [[nodiscard]] Refused not_on_top_of(const Base& base, std::uint64_t wanted) const;
  // What is live, or would be first, has not come to all instances.
  [[nodiscard]] Refused still_going_out(const Base& base, internal::Moment now) const;
  [[nodiscard]] Refused stalled(const Base& base) const;
  // No rollout can begin: its snapshot is gone or damaged; or this clock is behind that of who published it.
  [[nodiscard]] Refused nothing_to_stay_on(const Base& base, const Error& error) const;
  [[nodiscard]] Refused clock_is_behind(const Base& base, internal::Moment now) const;

 private:
  [[nodiscard]] std::string unchanged() const { return changed_ ? "; nothing more was changed" : "; nothing was changed"; }

  std::string store_;
  bool changed_ = false;
};

}  // namespace almanac::publish
