#include "publish/publisher.h"

#include <almanac/snapshot.h>

#include <algorithm>
#include <exception>
#include <iterator>

#include "inspect/generation_rollout.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "open_live.h"

namespace almanac::publish {

namespace {

using internal::Announcement;
using internal::GenerationRollout;

// Each time around, somebody else has published.
constexpr int kMaxAttempts = 1000;

std::span<const std::byte> carried(std::span<const std::byte> bytes, std::uint64_t most) {
  if (bytes.size() <= most) return bytes;
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the snapshot");
  const std::uint64_t head = snapshot.manifest_offset() + snapshot.manifest_stored_size();
  return head <= most ? bytes.first(static_cast<std::size_t>(head)) : bytes.first(0);
}

std::string describe(const Announcement& announcement) {
  const std::string revision = announcement.revision.empty() ? "" : "revision " + inspect::in_quotes(announcement.revision) + ", ";
  return "generation " + std::to_string(announcement.generation) + " (" + revision + "snapshot " + announcement.snapshot_id + ")";
}

Refused lost_to(const Base& base, const std::string& store) {
  return {
      Refused::Reason::kConflict, ErrorCode::kConflict, store,
      describe(base.live->announcement) +
          " was published meanwhile; nothing was changed. Look at what it did, and try again or go on top of it with --on-conflict retry",
      base.live->announcement};
}

Refused pinned_by(const Announcement& pin, const std::string& store) {
  const std::string reason = pin.pinned->empty() ? "" : ": " + inspect::in_quotes(*pin.pinned);
  return {Refused::Reason::kPinned, ErrorCode::kConflict, store,
          "is pinned since generation " + std::to_string(pin.generation) + " (" + inspect::rfc3339(pin.published) + ")" + reason +
              "; nothing was changed, and nothing can be until it is unpinned"};
}

Refused still_going_out(const Announcement& live, const GenerationRollout& rollout, internal::Moment now, const std::string& store) {
  return {Refused::Reason::kRollout, ErrorCode::kConflict, store,
          describe(live) + " is on its way to instances: " + inspect::progress_text(rollout, now) +
              "; nothing was changed. Wait for that, roll back, or go on top of it for all at once with --end-rollout",
          live};
}

GenerationRollout rollout_from(const Base& base, internal::Schedule schedule) {
  const Announcement& previous = base.live->announcement;
  GenerationRollout rollout;
  rollout.previous_generation = previous.generation;
  rollout.previous_id = previous.snapshot_id;
  rollout.previous_size = previous.snapshot_size;
  rollout.previous_published = previous.published;
  rollout.previous_revision = previous.revision;
  rollout.seed = base.last + 1;
  rollout.schedule = std::move(schedule);
  return rollout;
}

// By the publisher's clock.
const GenerationRollout* unfinished_rollout(const Base& base, const Terms& terms) {
  return base.live ? internal::unfinished_rollout(base.live->announcement, internal::moment_of(terms.now)) : nullptr;
}

bool has_snapshot(const Base& base, const std::string& id) { return base.live && base.live->announcement.snapshot_id == id; }

bool begins_rollout(const Announcement& next) { return next.rollout && next.rollout->seed == next.generation; }

}  // namespace

void Publisher::expect_generation(const Base& base, const Terms& terms) const {
  const bool is_known = base.live || base.last == 0;
  if (!terms.if_generation || (*terms.if_generation == base.generation() && is_known)) return;
  const std::string live = base.live  ? describe(base.live->announcement) + " is live"
                           : is_known ? "nothing was published yet"
                                      : base.unknown;
  const std::string wanted =
      *terms.if_generation == 0 ? "as the first one" : "on top of generation " + std::to_string(*terms.if_generation);
  throw Refused(Refused::Reason::kGeneration, ErrorCode::kConflict, name(),
                live + ", and this was to be published only " + wanted + "; nothing was changed",
                base.live ? std::optional(base.live->announcement) : std::nullopt);
}

Base Publisher::settle() {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    Base base = log_.base();
    if (!base.live || base.is_current) return base;
    const bool is_whole = base.snapshot.size() == base.live->announcement.snapshot_size;
    make_current(base.live->announcement, is_whole ? carried(base.snapshot, kCarriedSize) : base.snapshot, base.etag);
  }
  throw Refused(Refused::Reason::kConflict, ErrorCode::kConflict, name(), "others publish all the time; nothing was changed");
}

Publication Publisher::go_live(Base base, const Terms& terms, const Propose& propose) {
  const std::uint64_t started_from = base.generation();
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    expect_generation(base, terms);
    std::optional<Proposal> proposal = propose(base);
    if (!proposal) return {Publication::Outcome::kUnchanged, base.live->announcement, false, {}};
    if (terms.on_conflict == OnConflict::kRefuse && base.live && base.generation() != started_from) throw lost_to(base, name());
    Announcement& next = proposal->announcement;
    if (base.last == UINT64_MAX)
      throw Error(ErrorCode::kLimitExceeded, name(), "has the last generation that there can be, " + std::to_string(base.last));
    next.generation = base.last + 1;
    next.published = terms.now;
    if (terms.approve && !terms.approve(base, next)) return {Publication::Outcome::kNotApproved, next, false, {}};
    if (base.pinned() && !proposal->over_a_pin) throw pinned_by(base.live->announcement, name());
    if (const auto* rollout = unfinished_rollout(base, terms); rollout && !proposal->over_a_rollout)
      throw still_going_out(base.live->announcement, *rollout, internal::moment_of(terms.now), name());
    if (begins_rollout(next)) proposal->previous = read_previous(base);
    const std::optional<Announcement> replaced = base.live ? std::optional(base.live->announcement) : std::nullopt;
    if (terms.dry_run) return {Publication::Outcome::kDryRun, next, false, replaced};
    if (announce(base, *proposal, terms)) return {Publication::Outcome::kLive, next, false, replaced};
    base = settle();
  }
  throw Refused(Refused::Reason::kConflict, ErrorCode::kConflict, name(), "others publish all the time; nothing was changed");
}

bool Publisher::mend(const Base& base, std::span<const std::byte> bytes, std::uint64_t max_carried) {
  const Announced& live = *base.live;
  bool mended = false;
  if (!live.carries_all()) mended = put_snapshot(live.announcement.snapshot_id, bytes, PutSnapshot::kMend);
  const std::span<const std::byte> there = live.carried();
  if (base.is_current && !std::ranges::equal(there, bytes.first(std::min(there.size(), bytes.size())))) {
    make_current(live.announcement, carried(bytes, max_carried), base.etag);
    mended = true;
  }
  return mended;
}

Publication Publisher::publish(Base base, std::span<const std::byte> bytes, const Terms& terms) {
  if (terms.schedule && (fault_of(*terms.schedule) != nullptr || terms.schedule->final_share() != kWholeShare))
    throw Error(ErrorCode::kInvalidArgument, name(),
                "instances cannot move by a schedule that does not bring all of them there in the end");
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the snapshot");
  Announcement announcement;
  announcement.snapshot_id = snapshot.id();
  announcement.snapshot_size = snapshot.size();
  announcement.registry = snapshot.registry_name();
  announcement.revision = snapshot.revision();
  Base unchanged;  // on top of which there is nothing to publish
  Publication done = go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    const bool ends_rollout = terms.end_rollout && unfinished_rollout(on, terms);
    if (has_snapshot(on, announcement.snapshot_id) && !ends_rollout) {
      unchanged = on;
      return std::nullopt;
    }
    Proposal next{announcement, bytes, PutSnapshot::kIfAbsent, carried(bytes, terms.max_carried)};
    next.over_a_rollout = ends_rollout;
    if (terms.schedule && on.live && !ends_rollout) next.announcement.rollout = rollout_from(on, *terms.schedule);
    return next;
  });
  if (done.outcome == Publication::Outcome::kUnchanged && !terms.dry_run) done.mended = mend(unchanged, bytes, terms.max_carried);
  return done;
}

Publication Publisher::roll_back(Base base, const Announced& target, std::span<const std::byte> bytes,
                                 const std::optional<std::string>& pin, const Terms& terms) {
  Announcement announcement = target.announcement;
  if (announcement.rollback_of == 0) announcement.rollback_of = announcement.generation;
  announcement.pinned = pin;
  announcement.rollout.reset();
  return go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    Proposal next{announcement, bytes, PutSnapshot::kIfOld, carried(bytes, terms.max_carried)};
    next.over_a_rollout = true;
    if (!has_snapshot(on, announcement.snapshot_id) || unfinished_rollout(on, terms)) return next;
    if (!pin || on.pinned() == pin) return std::nullopt;
    next.announcement = on.live->announcement;
    next.announcement.rollback_of = 0;
    next.announcement.pinned = pin;
    next.announcement.rollout.reset();
    return next;
  });
}

Publication Publisher::set_pin(Base base, const std::optional<std::string>& pin, const Terms& terms) {
  return go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    Proposal next;
    next.announcement = expect_live(on, log_.store()).announcement;
    // A later generation that could not become live may be a pin that is to end.
    if (on.pinned() == pin && on.unknown.empty()) return std::nullopt;
    next.announcement.rollback_of = 0;
    next.announcement.pinned = pin;
    if (!unfinished_rollout(on, terms)) next.announcement.rollout.reset();
    next.carried = on.live->carried();
    next.over_a_pin = true;
    next.over_a_rollout = true;
    return next;
  });
}

Publication Publisher::pin(Base base, const std::string& reason, const Terms& terms) { return set_pin(std::move(base), reason, terms); }

Publication Publisher::unpin(Base base, const Terms& terms) { return set_pin(std::move(base), std::nullopt, terms); }

std::vector<std::byte> Publisher::read_previous(const Base& base) const {
  try {
    std::vector<std::byte> bytes = log_.read_snapshot(*base.live);
    if (!base.live->carries_all()) bytes.clear();  // just read from where it belongs
    return bytes;
  } catch (const Error& error) {
    if (!is_lasting_damage(error)) throw;
    throw Refused(Refused::Reason::kRollout, error.code(), name(),
                  "instances that wait for their turn could not go on with generation " + std::to_string(base.generation()) + ": " +
                      error.what() + "; nothing was changed. Publish for all at once, without --over and --canary");
  }
}

bool Publisher::announce(const Base& base, const Proposal& proposal, const Terms& terms) {
  const Announcement& next = proposal.announcement;
  const auto reach = [&](Step step) {
    if (terms.at_step) terms.at_step(step, next.generation);
  };
  const bool is_here = !proposal.snapshot.empty();
  if (log_.has(next.generation)) return false;
  if (!proposal.previous.empty()) put_snapshot(next.rollout->previous_id, proposal.previous, PutSnapshot::kMend);
  if (is_here) put_snapshot(next.snapshot_id, proposal.snapshot, proposal.put);
  reach(Step::kAnnouncing);
  if (!put_generation(next)) {
    reach(Step::kNotAnnounced);
    return false;
  }
  reach(Step::kAnnounced);
  try {
    make_current(next, proposal.carried, base.etag);
    reach(Step::kLive);
    if (is_here) keep_snapshot(next.snapshot_id, proposal.snapshot);
  } catch (const Error& error) {
    throw Error(error.code(), name(),
                "generation " + std::to_string(next.generation) +
                    " is announced, and becomes live with the next publish if it is not yet: " + error.what());
  }
  return true;
}

bool Publisher::put_generation(const Announcement& next) {
  const std::vector<std::byte> bytes = internal::encode_announcement(next);
  try {
    return log_.store().put(internal::generation_key(next.generation), bytes, PutCondition::if_absent());
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kTimedOut && error.code() != ErrorCode::kInputOutput) throw;
    // It may have arrived all the same, or arrive yet.
    try {
      if (const auto there = log_.find(next.generation)) return there->object.bytes == bytes;
    } catch (const Error&) {  // the first one says more
    }
    throw Error(error.code(), name(),
                "it is not known whether generation " + std::to_string(next.generation) + " was announced; see history: " + error.what());
  }
}

bool Publisher::put_snapshot(const std::string& id, std::span<const std::byte> bytes, PutSnapshot how) {
  const std::string key = internal::snapshot_key(id);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const bool first = attempt == 0;
    const bool is_known = first && how == PutSnapshot::kIfOld;
    std::optional<Object> there;
    if (!first || how != PutSnapshot::kIfAbsent) there = log_.look_at(key, is_known ? 1 : bytes.size());
    // It is named by its content: what is there has these very bytes, or is damaged.
    const bool whole = there && there->size == bytes.size() && (is_known || std::ranges::equal(there->bytes, bytes));
    if (whole && (how == PutSnapshot::kMend || !is_old(key))) return false;
    const PutCondition condition = there ? PutCondition::if_match(there->etag) : PutCondition::if_absent();
    if (log_.store().put(key, bytes, condition)) return true;
  }
  throw Error(ErrorCode::kConflict, internal::object_name(log_.store(), key), "others change it all the time; nothing was announced");
}

bool Publisher::is_old(const std::string& key) const {
  const auto now = std::chrono::system_clock::now();
  return std::ranges::any_of(log_.store().list(key),
                             [&](const ObjectInfo& object) { return object.key == key && object.modified < now - kFresh; });
}

void Publisher::make_current(const Announcement& announcement, std::span<const std::byte> carried, std::optional<std::string> etag) {
  std::vector<std::byte> bytes = internal::encode_announcement(announcement);
  std::ranges::copy(carried, std::back_inserter(bytes));
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const PutCondition condition = etag ? PutCondition::if_match(*etag) : PutCondition::if_absent();
    std::exception_ptr failure;
    try {
      if (log_.store().put(internal::kCurrentKey, bytes, condition)) return;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kTimedOut && error.code() != ErrorCode::kInputOutput) throw;
      failure = std::current_exception();  // it may have been written all the same, and may be replaced already
    }
    // Somebody was faster: by finishing this very generation, or with a later one, or with the one before.
    const std::optional<Announced> now = log_.current();
    if (now && now->announcement.generation >= announcement.generation) return;
    std::optional<std::string> there = now ? std::optional(now->object.etag) : std::nullopt;
    if (failure && there == etag) std::rethrow_exception(failure);
    etag = std::move(there);
  }
  throw Error(ErrorCode::kConflict, internal::object_name(log_.store(), internal::kCurrentKey), "others replace it all the time");
}

void Publisher::keep_snapshot(const std::string& id, std::span<const std::byte> bytes) {
  const std::string key = internal::snapshot_key(id);
  if (!log_.look_at(key)) (void)log_.store().put(key, bytes, PutCondition::if_absent());
}

}  // namespace almanac::publish
