#include "publish/publisher.h"

#include <almanac/snapshot.h>

#include <utility>

#include "open_live.h"

namespace almanac::publish {

namespace {

using internal::Announcement;

// A snapshot up to this size travels inside `current`, so that a cold start is one request.
constexpr std::uint64_t kMaxCarriedSize = std::uint64_t{1} << 20U;
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

bool Publisher::replace_current(const Current& current, const Announcement& announcement) {
  std::vector<std::byte> bytes = internal::encode_announcement(announcement);
  if (announcement.snapshot_size <= kMaxCarriedSize) {
    const Object snapshot = store_->get(internal::snapshot_key(announcement.snapshot_id));
    bytes.insert(bytes.end(), snapshot.bytes.begin(), snapshot.bytes.end());
  }
  const PutCondition condition = current.announcement ? PutCondition::if_match(current.etag) : PutCondition::if_absent();
  return store_->put(internal::kCurrentKey, bytes, condition);
}

Publication Publisher::announce(Announcement announcement) {
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    const Current current = read_current();
    if (current.announcement && current.announcement->snapshot_id == announcement.snapshot_id) return {*current.announcement, false};
    announcement.generation = current.announcement ? current.announcement->generation + 1 : 1;
    const std::string key = internal::generation_key(announcement.generation);
    if (store_->put(key, internal::encode_announcement(announcement), PutCondition::if_absent())) {
      // When somebody was faster, it was by finishing this very generation.
      (void)replace_current(current, announcement);
      return {announcement, true};
    }
    (void)replace_current(current, read_generation(announcement.generation));
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
  (void)store_->put(internal::snapshot_key(snapshot.id()), bytes, PutCondition::if_absent());
  return announce(std::move(announcement));
}

Announcement Publisher::earlier_than(const Announcement& live) {
  const std::uint64_t origin = live.rollback_of != 0 ? live.rollback_of : live.generation;
  for (std::uint64_t generation = origin; generation-- > 1;) {
    Announcement earlier = read_generation(generation);
    if (earlier.snapshot_id != live.snapshot_id) return earlier;
  }
  throw Error(ErrorCode::kNotFound, std::string(store_->name()),
              "has no other snapshot before generation " + std::to_string(live.generation));
}

Publication Publisher::roll_back(std::optional<std::uint64_t> generation, Clock::time_point now) {
  const Current current = read_current();
  if (!current.announcement)
    throw Error(ErrorCode::kNotFound, std::string(store_->name()), "has no generation: nothing was ever published there");
  Announcement announcement = generation ? read_generation(*generation) : earlier_than(*current.announcement);
  // What is announced must be there, and whole.
  internal::open_announced(store_, announcement, OpenOptions{}).verify();
  if (announcement.rollback_of == 0) announcement.rollback_of = announcement.generation;
  announcement.published = now;
  return announce(std::move(announcement));
}

}  // namespace almanac::publish
