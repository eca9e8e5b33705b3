#include "publish/publisher.h"

#include <almanac/snapshot.h>

#include <algorithm>
#include <exception>
#include <iterator>

#include "open_live.h"
#include "publish/conditional_writes.h"
#include "publish/kept_documents.h"
#include "publish/look_at.h"

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

bool has_rollout_to_end(const Base& base, const Terms& terms) { return base.stalled || unfinished_rollout(base, terms) != nullptr; }

bool has_snapshot(const Base& base, const std::string& id) { return base.live && base.live->announcement.snapshot_id == id; }

bool has_documents(const Base& base, const std::string& id) { return base.live && base.live->announcement.documents == id; }

bool begins_rollout(const Announcement& next) { return next.rollout && next.rollout->seed == next.generation; }

}  // namespace

void Publisher::expect_generation(const Base& base, const Terms& terms) const {
  const bool is_known = base.live || base.last == 0;
  if (!terms.if_generation || (*terms.if_generation == base.generation() && is_known)) return;
  throw refusals_.not_on_top_of(base, *terms.if_generation);
}

void Publisher::expect_unpinned(const Base& base) const {
  if (base.pinned()) throw refusals_.pinned(base.live->announcement);
}

Base Publisher::settle(std::chrono::system_clock::time_point now) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    Base base = log_.base(now);
    if (!base.live || base.is_current) return base;
    const bool is_whole = base.snapshot.size() == base.live->announcement.snapshot_size;
    if (at_finishing_) at_finishing_(Step::kAnnounced, base.generation());
    if (!make_current(base.live->announcement, is_whole ? carried(base.snapshot, kCarriedSize) : base.snapshot, base.etag)) continue;
    refusals_.note_change();
    if (at_finishing_) at_finishing_(Step::kLive, base.generation());
  }
  throw refusals_.contended();
}

void Publisher::expect_fit(const Base& base, const Proposal& proposal, const Terms& terms) const {
  if (!proposal.over_a_pin) expect_unpinned(base);
  if (base.stalled && proposal.rollouts != Rollouts::kEnds) throw refusals_.stalled(base);
  const internal::Moment now = internal::moment_of(terms.now);
  if (unfinished_rollout(base, terms) && proposal.rollouts == Rollouts::kWaits) throw refusals_.still_going_out(base, now);
  if (begins_rollout(proposal.announcement) && now < internal::moment_of(base.live->announcement.published))
    throw refusals_.clock_is_behind(base, now);
}

Publication Publisher::go_live(Base base, const Terms& terms, const Propose& propose) {
  const std::uint64_t started_from = base.generation();
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    expect_generation(base, terms);
    std::optional<Proposal> proposal = propose(base);
    if (!proposal) return {Publication::Outcome::kUnchanged, base.live->announcement, false, {}, {}};
    if (terms.on_conflict == OnConflict::kRefuse && base.newest() != nullptr && base.generation() != started_from)
      throw refusals_.lost_to(base);
    Announcement& next = proposal->announcement;
    if (base.last == UINT64_MAX)
      throw Error(ErrorCode::kLimitExceeded, name(), "has the last generation that there can be, " + std::to_string(base.last));
    next.generation = base.last + 1;
    next.published = terms.now;
    if (terms.approve && !terms.approve(base, next)) return {Publication::Outcome::kNotApproved, next, false, {}, {}};
    expect_fit(base, *proposal, terms);
    if (begins_rollout(next)) proposal->previous = read_previous(base);
    Publication done{Publication::Outcome::kLive, next, false, {}, {}};
    if (base.live) done.replaced = base.live->announcement;
    if (base.stalled) done.passed_over = base.stalled->announcement;
    if (terms.dry_run) done.outcome = Publication::Outcome::kDryRun;
    if (terms.dry_run || announce(base, *proposal, terms)) return done;
    base = settle(terms.now);
  }
  throw refusals_.contended();
}

bool Publisher::mend(const Base& base, std::span<const std::byte> bytes, std::uint64_t max_carried) {
  const Announced& live = *base.live;
  bool mended = false;
  if (!live.carries_all()) mended = put(internal::snapshot_key(live.announcement.snapshot_id), bytes, Put::kMend);
  const std::span<const std::byte> there = live.carried();
  if (base.is_current && !std::ranges::equal(there, bytes.first(std::min(there.size(), bytes.size())))) {
    (void)make_current(live.announcement, carried(bytes, max_carried), base.etag);
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
  if (!terms.documents.empty()) announcement.documents = documents_id(terms.documents);
  Base unchanged;  // on top of which there is nothing to publish
  Publication done = go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    const bool ends_rollout = terms.end_rollout && has_rollout_to_end(on, terms);
    const bool is_live = has_snapshot(on, announcement.snapshot_id);
    if (is_live && !ends_rollout && (terms.documents.empty() || has_documents(on, announcement.documents))) {
      unchanged = on;
      return std::nullopt;
    }
    Proposal next{announcement, bytes, Put::kIfAbsent, terms.documents, Put::kIfMissing, carried(bytes, terms.max_carried)};
    if (ends_rollout) next.rollouts = Rollouts::kEnds;
    if (!has_documents(on, announcement.documents)) next.put_documents = Put::kIfAbsent;
    if (terms.schedule && on.live && !ends_rollout && !is_live) next.announcement.rollout = rollout_from(on, *terms.schedule);
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
  const std::vector<std::byte> documents = find_documents(announcement);
  return go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    Proposal next{announcement, bytes, Put::kIfOld, documents, Put::kIfOld, carried(bytes, terms.max_carried)};
    next.rollouts = Rollouts::kEnds;
    const bool is_live = has_snapshot(on, announcement.snapshot_id) && has_documents(on, announcement.documents);
    if (!is_live || has_rollout_to_end(on, terms)) return next;
    if (!pin || on.pinned() == pin) return std::nullopt;
    next.announcement = on.live->announcement;
    next.announcement.rollback_of = 0;
    next.announcement.pinned = pin;
    next.announcement.rollout.reset();
    next.documents = {};
    return next;
  });
}

Publication Publisher::end_rollout(Base base, const Terms& terms) {
  std::vector<std::byte> bytes;  // of the snapshot that is proposed
  return go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    const Announced& live = expect_live(on, log_.store());
    if (!has_rollout_to_end(on, terms)) return std::nullopt;
    const Announced& begun = on.stalled ? *on.stalled : live;
    bytes = log_.read_snapshot(begun);
    Proposal next{begun.announcement, bytes, Put::kIfOld, {}, Put::kIfMissing, carried(bytes, terms.max_carried)};
    next.announcement.rollback_of = 0;
    next.announcement.rollout.reset();
    next.rollouts = Rollouts::kEnds;
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
    next.carried = on.live->carried();
    next.over_a_pin = true;
    next.rollouts = Rollouts::kCarriesOn;
    return next;
  });
}

Publication Publisher::pin(Base base, const std::string& reason, const Terms& terms) { return set_pin(std::move(base), reason, terms); }

Publication Publisher::unpin(Base base, const Terms& terms) { return set_pin(std::move(base), std::nullopt, terms); }

std::vector<std::byte> Publisher::find_documents(const Announcement& announcement) const {
  if (announcement.documents.empty()) return {};
  try {
    return log_.read_documents(announcement);
  } catch (const Error& error) {
    if (!is_lasting_damage(error)) throw;
    return {};
  }
}

std::vector<std::byte> Publisher::read_previous(const Base& base) const {
  try {
    std::vector<std::byte> bytes = log_.read_snapshot(*base.live);
    if (!base.live->carries_all()) bytes.clear();  // just read from where it belongs
    return bytes;
  } catch (const Error& error) {
    if (!is_lasting_damage(error)) throw;
    throw refusals_.nothing_to_stay_on(base, error);
  }
}

bool Publisher::announce(const Base& base, const Proposal& proposal, const Terms& terms) {
  const Announcement& next = proposal.announcement;
  const auto reach = [&](Step step) {
    if (terms.at_step) terms.at_step(step, next.generation);
  };
  const bool is_here = !proposal.snapshot.empty();
  if (log_.has(next.generation)) return false;
  const std::string snapshot = internal::snapshot_key(next.snapshot_id);
  const std::string documents = internal::documents_key(next.documents);
  if (!proposal.previous.empty()) put(internal::snapshot_key(next.rollout->previous_id), proposal.previous, Put::kMend);
  if (is_here) put(snapshot, proposal.snapshot, proposal.put);
  if (!proposal.documents.empty()) put(documents, proposal.documents, proposal.put_documents);
  reach(Step::kAnnouncing);
  if (!put_generation(next)) {
    reach(Step::kNotAnnounced);
    return false;
  }
  reach(Step::kAnnounced);
  try {
    (void)make_current(next, proposal.carried, base.etag);
    reach(Step::kLive);
    if (is_here) keep(snapshot, proposal.snapshot);
    if (!proposal.documents.empty()) keep(documents, proposal.documents);
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
  } catch (const NotTriedOut&) {
    throw;
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

bool Publisher::put(const std::string& key, std::span<const std::byte> bytes, Put how) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const bool first = attempt == 0;
    const bool is_known = first && how == Put::kIfOld;
    std::optional<Object> there;
    if (!first || how != Put::kIfAbsent) there = look_at(log_.store(), key, is_known ? 1 : bytes.size());
    // It is named by its content: what is there has these very bytes, or is damaged.
    const bool whole = there && there->size == bytes.size() && (is_known || std::ranges::equal(there->bytes, bytes));
    if (whole && (how == Put::kMend || !is_old(key))) return false;
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

bool Publisher::make_current(const Announcement& announcement, std::span<const std::byte> carried, std::optional<std::string> etag) {
  std::vector<std::byte> bytes = internal::encode_announcement(announcement);
  std::ranges::copy(carried, std::back_inserter(bytes));
  bool may_be_written = false;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const PutCondition condition = etag ? PutCondition::if_match(*etag) : PutCondition::if_absent();
    std::exception_ptr failure;
    try {
      if (log_.store().put(internal::kCurrentKey, bytes, condition)) return true;
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kTimedOut && error.code() != ErrorCode::kInputOutput) throw;
      failure = std::current_exception();  // it may have been written all the same, and may be replaced already
      may_be_written = true;
    }
    // Somebody was faster: by finishing this very generation, or with a later one, or with the one before.
    const std::optional<Announced> now = log_.current();
    if (now && now->announcement.generation >= announcement.generation) return may_be_written;
    std::optional<std::string> there = now ? std::optional(now->object.etag) : std::nullopt;
    if (failure && there == etag) std::rethrow_exception(failure);
    etag = std::move(there);
  }
  throw Error(ErrorCode::kConflict, internal::object_name(log_.store(), internal::kCurrentKey), "others replace it all the time");
}

void Publisher::keep(const std::string& key, std::span<const std::byte> bytes) {
  if (!look_at(log_.store(), key)) (void)log_.store().put(key, bytes, PutCondition::if_absent());
}

}  // namespace almanac::publish
