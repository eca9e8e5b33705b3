#include "publish/refusals.h"

#include "inspect/generation_rollout.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"

namespace almanac::publish {

namespace {

using internal::Announcement;
using Reason = Refused::Reason;

std::string describe(const Announcement& announcement) {
  const std::string revision = announcement.revision.empty() ? "" : "revision " + inspect::in_quotes(announcement.revision) + ", ";
  return "generation " + std::to_string(announcement.generation) + " (" + revision + "snapshot " + announcement.snapshot_id + ")";
}

}  // namespace

Refused Refusals::lost_to(const Base& base) const {
  const Announcement& winner = *base.newest();
  return {Reason::kConflict, ErrorCode::kConflict, store_,
          describe(winner) + " was published meanwhile" + unchanged() +
              ". Look at what it did, and try again or go on top of it with --on-conflict retry",
          winner};
}

Refused Refusals::contended() const {
  return {Reason::kConflict, ErrorCode::kConflict, store_, "others publish all the time" + unchanged()};
}

Refused Refusals::pinned(const Announcement& pin) const {
  const std::string reason = pin.pinned->empty() ? "" : ": " + inspect::in_quotes(*pin.pinned);
  return {Reason::kPinned, ErrorCode::kConflict, store_,
          "is pinned since generation " + std::to_string(pin.generation) + " (" + inspect::rfc3339(pin.published) + ")" + reason +
              unchanged() + ", and nothing can be until it is unpinned"};
}

Refused Refusals::not_on_top_of(const Base& base, std::uint64_t wanted) const {
  const Announcement* newest = base.newest();
  const std::string there = newest != nullptr ? describe(*newest) + (base.stalled ? " is announced" : " is live")
                            : base.last == 0  ? "nothing was published yet"
                                              : base.unknown;
  const std::string place = wanted == 0 ? "as the first one" : "on top of generation " + std::to_string(wanted);
  return {Reason::kGeneration, ErrorCode::kConflict, store_, there + ", and this was to be published only " + place + unchanged(),
          newest != nullptr ? std::optional(*newest) : std::nullopt};
}

Refused Refusals::still_going_out(const Base& base, internal::Moment now) const {
  const Announcement& live = base.live->announcement;
  const char* const how =
      base.is_current ? " is on its way to instances: " : " is announced and would go live first, and then come to instances: ";
  return {Reason::kRollout, ErrorCode::kConflict, store_,
          describe(live) + how + inspect::progress_text(*live.rollout, now) + unchanged() + ". Wait for that, take it back with rollback " +
              store_ + ", complete it with publish --end-rollout --to " + store_ + ", or publish this for all at once with --end-rollout",
          live};
}

Refused Refusals::stalled(const Base& base) const {
  const Announcement& stalled = base.stalled->announcement;
  return {Reason::kRollout, ErrorCode::kConflict, store_,
          describe(stalled) + " was announced at " + inspect::rfc3339(stalled.published) +
              " with a rollout and never became live, unless its publisher is just about to make it so" + unchanged() +
              ". Withdraw it with rollback " + store_ + ", bring it to all instances at once with publish --end-rollout --to " + store_ +
              ", or publish something else for all at once with --end-rollout",
          stalled};
}

Refused Refusals::nothing_to_stay_on(const Base& base, const Error& error) const {
  return {Reason::kRollout, error.code(), store_,
          "instances that wait for their turn could not go on with generation " + std::to_string(base.live->announcement.generation) +
              ": " + error.what() + unchanged() + ". Publish for all at once, without --over and --canary"};
}

Refused Refusals::clock_is_behind(const Base& base, internal::Moment now) const {
  const Announcement& live = base.live->announcement;
  return {Reason::kRollout, ErrorCode::kConflict, store_,
          "it is " + inspect::rfc3339(now) + " by this clock, and generation " + std::to_string(live.generation) +
              ", which is live, was published at " + inspect::rfc3339(internal::moment_of(live.published)) +
              ": a rollout that begins in the past would skip instances" + unchanged() +
              ". Set the clock, or publish for all at once, without --over and --canary"};
}

}  // namespace almanac::publish
