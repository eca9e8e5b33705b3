#include "publish/publisher.h"

#include <almanac/snapshot.h>

#include <algorithm>
#include <exception>
#include <iterator>

#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "open_live.h"

namespace almanac::publish {

namespace {

using internal::Announcement;

// So much travels inside `current`: a snapshot up to this size, so that a cold start is one request, or else what
// says where the namespaces are, so that it is two.
constexpr std::uint64_t kMaxCarriedSize = std::uint64_t{1} << 20U;

// A snapshot that has lain in the store for longer is put anew before it is announced, so that a pruning that has it on
// its list sees that it is in use again. Much less than what a pruning leaves alone, a day unless told.
constexpr std::chrono::hours kFresh{1};

// Each time around, somebody else has published.
constexpr int kMaxAttempts = 1000;

std::span<const std::byte> carried(std::span<const std::byte> bytes) {
  if (bytes.size() <= kMaxCarriedSize) return bytes;
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the snapshot");
  const std::uint64_t head = snapshot.manifest_offset() + snapshot.manifest_stored_size();
  return head <= kMaxCarriedSize ? bytes.first(static_cast<std::size_t>(head)) : bytes.first(0);
}

std::string describe(const Announcement& announcement) {
  const std::string revision = announcement.revision.empty() ? "" : "revision " + inspect::in_quotes(announcement.revision) + ", ";
  return "generation " + std::to_string(announcement.generation) + " (" + revision + "snapshot " + announcement.snapshot_id + ")";
}

Refused lost_to(const Base& base, const std::string& store) {
  return {
      Refused::Reason::kConflict, ErrorCode::kConflict, store,
      describe(base.live->announcement) +
          " was published meanwhile; nothing was changed. Look at what it did, and try again or go on top of it with --on-conflict retry"};
}

Refused pinned_by(const Announcement& pin, const std::string& store) {
  const std::string reason = pin.pinned->empty() ? "" : ": " + inspect::in_quotes(*pin.pinned);
  return {Refused::Reason::kPinned, ErrorCode::kConflict, store,
          "is pinned since generation " + std::to_string(pin.generation) + " (" + inspect::rfc3339(pin.published) + ")" + reason +
              "; nothing was changed, and nothing can be until it is unpinned"};
}

}  // namespace

void Publisher::expect_generation(const Base& base, const Terms& terms) const {
  if (!terms.if_generation || *terms.if_generation == base.generation()) return;
  const std::string live = base.live ? describe(base.live->announcement) + " is live" : "nothing was published yet";
  const std::string wanted =
      *terms.if_generation == 0 ? "as the first one" : "on top of generation " + std::to_string(*terms.if_generation);
  throw Refused(Refused::Reason::kGeneration, ErrorCode::kConflict, name(),
                live + ", and this was to be published only " + wanted + "; nothing was changed");
}

Base Publisher::settle() {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    Base base = log_.base();
    if (!base.live || base.is_current) return base;
    make_current(base.live->announcement, log_.read_snapshot(*base.live), base.etag);
  }
  throw Refused(Refused::Reason::kConflict, ErrorCode::kConflict, name(), "others publish all the time; nothing was changed");
}

Publication Publisher::go_live(Base base, const Terms& terms, const Propose& propose) {
  const std::uint64_t started_from = base.generation();
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    expect_generation(base, terms);
    std::optional<Proposal> proposal = propose(base);
    if (!proposal) return {Publication::Outcome::kUnchanged, base.live->announcement};
    if (terms.on_conflict == OnConflict::kRefuse && base.live && base.generation() != started_from) throw lost_to(base, name());
    Announcement& next = proposal->announcement;
    if (base.last == UINT64_MAX)
      throw Error(ErrorCode::kLimitExceeded, name(), "has the last generation that there can be, " + std::to_string(base.last));
    next.generation = base.last + 1;
    next.published = terms.now;
    if (terms.approve && !terms.approve(base, next)) return {Publication::Outcome::kNotApproved, next};
    if (base.pinned() && !proposal->over_a_pin) throw pinned_by(base.live->announcement, name());
    if (terms.dry_run) return {Publication::Outcome::kDryRun, next};
    if (announce(base, next, proposal->snapshot)) return {Publication::Outcome::kLive, next};
    base = settle();
  }
  throw Refused(Refused::Reason::kConflict, ErrorCode::kConflict, name(), "others publish all the time; nothing was changed");
}

Publication Publisher::publish(Base base, std::span<const std::byte> bytes, const Terms& terms) {
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the snapshot");
  Announcement announcement;
  announcement.snapshot_id = snapshot.id();
  announcement.snapshot_size = snapshot.size();
  announcement.registry = snapshot.registry_name();
  announcement.revision = snapshot.revision();
  return go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    if (on.live && on.live->announcement.snapshot_id == announcement.snapshot_id) return std::nullopt;
    return Proposal{announcement, bytes};
  });
}

Publication Publisher::publish(std::span<const std::byte> bytes, std::chrono::system_clock::time_point now) {
  Terms terms;
  terms.now = now;
  terms.on_conflict = OnConflict::kRetry;
  return publish(settle(), bytes, terms);
}

Publication Publisher::roll_back(Base base, const Announced& target, std::span<const std::byte> bytes,
                                 const std::optional<std::string>& pin, const Terms& terms) {
  Announcement announcement = target.announcement;
  if (announcement.rollback_of == 0) announcement.rollback_of = announcement.generation;
  announcement.pinned = pin;
  return go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    if (!on.live || on.live->announcement.snapshot_id != announcement.snapshot_id) return Proposal{announcement, bytes};
    if (!pin || on.pinned() == pin) return std::nullopt;
    Announcement pinned = on.live->announcement;
    pinned.rollback_of = 0;
    pinned.pinned = pin;
    return Proposal{pinned, bytes};
  });
}

Publication Publisher::set_pin(Base base, const std::optional<std::string>& pin, const Terms& terms) {
  std::vector<std::byte> snapshot;
  return go_live(std::move(base), terms, [&](const Base& on) -> std::optional<Proposal> {
    if (!on.live) throw Error(ErrorCode::kNotFound, name(), kNothingPublished);
    if (on.pinned() == pin) return std::nullopt;
    snapshot = log_.read_snapshot(*on.live);
    Announcement announcement = on.live->announcement;
    announcement.rollback_of = 0;
    announcement.pinned = pin;
    return Proposal{announcement, snapshot, true};
  });
}

Publication Publisher::pin(Base base, const std::string& reason, const Terms& terms) { return set_pin(std::move(base), reason, terms); }

Publication Publisher::unpin(Base base, const Terms& terms) { return set_pin(std::move(base), std::nullopt, terms); }

bool Publisher::announce(const Base& base, const Announcement& next, std::span<const std::byte> snapshot) {
  if (log_.has(next.generation)) return false;
  put_snapshot(next.snapshot_id, snapshot);
  if (!put_generation(next)) return false;
  try {
    make_current(next, snapshot, base.etag);
    keep_snapshot(next.snapshot_id, snapshot);
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

void Publisher::put_snapshot(const std::string& id, std::span<const std::byte> bytes) {
  const std::string key = internal::snapshot_key(id);
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    if (log_.store().put(key, bytes, PutCondition::if_absent())) return;
    Object there;
    try {
      GetOptions options;
      options.size = bytes.size();
      there = log_.store().get(key, options).value();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kNotFound) throw;
      continue;  // pruned just now
    }
    // It is named by its content: what is there has these very bytes, or is damaged.
    const bool whole = there.size == bytes.size() && std::ranges::equal(there.bytes, bytes);
    if (whole && !is_old(key)) return;
    if (log_.store().put(key, bytes, PutCondition::if_match(there.etag))) return;
  }
  throw Error(ErrorCode::kConflict, internal::object_name(log_.store(), key), "others change it all the time; nothing was announced");
}

bool Publisher::is_old(const std::string& key) const {
  const auto now = std::chrono::system_clock::now();
  return std::ranges::any_of(log_.store().list(key),
                             [&](const ObjectInfo& object) { return object.key == key && object.modified < now - kFresh; });
}

void Publisher::make_current(const Announcement& announcement, std::span<const std::byte> snapshot, std::string etag) {
  std::vector<std::byte> bytes = internal::encode_announcement(announcement);
  std::ranges::copy(carried(snapshot), std::back_inserter(bytes));
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const PutCondition condition = etag.empty() ? PutCondition::if_absent() : PutCondition::if_match(etag);
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
    std::string there = now ? now->object.etag : std::string();
    if (failure && there == etag) std::rethrow_exception(failure);
    etag = std::move(there);
  }
  throw Error(ErrorCode::kConflict, internal::object_name(log_.store(), internal::kCurrentKey), "others replace it all the time");
}

void Publisher::keep_snapshot(const std::string& id, std::span<const std::byte> bytes) {
  const std::string key = internal::snapshot_key(id);
  if (!log_.has_object(key)) (void)log_.store().put(key, bytes, PutCondition::if_absent());
}

}  // namespace almanac::publish
