#include "publish/publisher.h"

#include <almanac/snapshot.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "open_live.h"

namespace almanac::publish {

namespace {

using internal::Announcement;

// So much travels inside `current`: a snapshot up to this size, so that a cold start is one request, or else what
// says where the namespaces are, so that it is two.
constexpr std::uint64_t kMaxCarriedSize = std::uint64_t{1} << 20U;

std::span<const std::byte> carried(std::span<const std::byte> bytes) {
  if (bytes.size() <= kMaxCarriedSize) return bytes;
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the snapshot");
  const std::uint64_t head = snapshot.manifest_offset() + snapshot.manifest_stored_size();
  return head <= kMaxCarriedSize ? bytes.first(static_cast<std::size_t>(head)) : bytes.first(0);
}

// Each time around, somebody else has published.
constexpr int kMaxAttempts = 1000;

}  // namespace

Publisher::Current Publisher::read_current() {
  try {
    const Object object = store_->get(internal::kCurrentKey);
    return {internal::parse_announcement(object.bytes, internal::object_name(*store_, internal::kCurrentKey)).announcement, object.etag};
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kNotFound) return {};
    throw;
  }
}

Announcement Publisher::read_generation(std::uint64_t generation) {
  const std::string key = internal::generation_key(generation);
  const Object object = store_->get(key);
  return internal::parse_announcement(object.bytes, internal::object_name(*store_, key)).announcement;
}

std::vector<std::byte> Publisher::read_snapshot(const Announcement& announcement) {
  const std::string key = internal::snapshot_key(announcement.snapshot_id);
  Object object = store_->get(key);
  const std::string name = internal::object_name(*store_, key);
  const Snapshot snapshot = Snapshot::from_bytes(object.bytes, name);
  snapshot.verify();
  if (snapshot.id() != announcement.snapshot_id) throw Error(ErrorCode::kCorrupt, name, "holds another snapshot, " + snapshot.id());
  return std::move(object.bytes);
}

void Publisher::put_snapshot(const std::string& id, std::span<const std::byte> bytes) {
  const std::string key = internal::snapshot_key(id);
  if (store_->put(key, bytes, PutCondition::if_absent())) return;
  // It is named by its content: what is there has these very bytes, or is damaged.
  const Object there = store_->get(key);
  if (std::ranges::equal(there.bytes, bytes)) return;
  if (!store_->put(key, bytes, PutCondition::if_match(there.etag))) {
    throw Error(ErrorCode::kConflict, internal::object_name(*store_, key),
                "is damaged, and somebody else is changing it; nothing was announced");
  }
}

bool Publisher::replace_current(const Current& current, const Announcement& announcement, std::span<const std::byte> snapshot) {
  std::vector<std::byte> bytes = internal::encode_announcement(announcement);
  std::ranges::copy(carried(snapshot), std::back_inserter(bytes));
  const PutCondition condition = current.announcement ? PutCondition::if_match(current.etag) : PutCondition::if_absent();
  return store_->put(internal::kCurrentKey, bytes, condition);
}

Publisher::Pending Publisher::finish(const Current& current, std::uint64_t generation) {
  std::optional<Announcement> announcement;
  try {
    announcement = read_generation(generation);
    // When somebody is faster, it is by doing the same.
    (void)replace_current(current, *announcement, read_snapshot(*announcement));
    return Pending::kFinished;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kInputOutput) throw;
    return error.code() == ErrorCode::kNotFound && !announcement ? Pending::kNone : Pending::kUnusable;
  }
}

Publication Publisher::announce(Announcement announcement, std::span<const std::byte> snapshot) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const Current current = read_current();
    announcement.generation = current.announcement ? current.announcement->generation + 1 : 1;
    // What another publisher announced comes first, unless its snapshot is gone or damaged.
    Pending pending = finish(current, announcement.generation);
    while (pending == Pending::kUnusable) pending = finish(current, ++announcement.generation);
    if (pending == Pending::kFinished) continue;
    if (current.announcement && current.announcement->snapshot_id == announcement.snapshot_id) return {*current.announcement, false};
    const std::string key = internal::generation_key(announcement.generation);
    if (!store_->put(key, internal::encode_announcement(announcement), PutCondition::if_absent())) continue;
    // When somebody was faster, it was by finishing this very generation.
    (void)replace_current(current, announcement, snapshot);
    return {announcement, true};
  }
  throw Error(ErrorCode::kConflict, std::string(store_->name()), "others publish all the time; nothing was announced");
}

Publication Publisher::publish(std::span<const std::byte> bytes, Clock::time_point now) {
  const Snapshot snapshot = Snapshot::from_bytes(bytes, "the snapshot");
  Announcement announcement;
  announcement.snapshot_id = snapshot.id();
  announcement.snapshot_size = snapshot.size();
  announcement.registry = snapshot.registry_name();
  announcement.revision = snapshot.revision();
  announcement.published = now;
  put_snapshot(snapshot.id(), bytes);
  return announce(std::move(announcement), bytes);
}

Announcement Publisher::earlier_than(const Announcement& live) {
  const std::uint64_t origin = live.rollback_of != 0 ? live.rollback_of : live.generation;
  for (std::uint64_t generation = origin; generation-- > 1;) {
    Announcement earlier = read_generation(generation);
    if (earlier.snapshot_id != live.snapshot_id) return earlier;
  }
  throw Error(ErrorCode::kNotFound, std::string(store_->name()),
              "has no snapshot before that of generation " + std::to_string(origin) + "; name a generation to go to");
}

Publication Publisher::roll_back(std::optional<std::uint64_t> generation, Clock::time_point now) {
  const Current current = read_current();
  if (!current.announcement)
    throw Error(ErrorCode::kNotFound, std::string(store_->name()), "has no generation: nothing was ever published there");
  Announcement announcement = generation ? read_generation(*generation) : earlier_than(*current.announcement);
  // What is announced must be there, and whole.
  const std::vector<std::byte> snapshot = read_snapshot(announcement);
  if (announcement.rollback_of == 0) announcement.rollback_of = announcement.generation;
  announcement.published = now;
  return announce(std::move(announcement), snapshot);
}

}  // namespace almanac::publish
