#include "publish/generation_log.h"

#include <algorithm>
#include <utility>

#include "inspect/quantity.h"
#include "open_live.h"
#include "publish/kept_documents.h"
#include "publish/look_at.h"
#include "store/ascii.h"

namespace almanac::publish {

namespace {

constexpr const char* kMendCurrent =
    "; the log of generations is apart from it: remove \"current\", and the next publish, rollback or pin makes the newest generation "
    "current";

// Whether the time of a rollout has come while `current` does not know of it.
bool is_stalled(const internal::Announcement& announced, const internal::Announcement& current, internal::Moment now) {
  const auto& rollout = announced.rollout;
  if (!rollout || rollout->schedule.share_at(now) == 0) return false;
  return !current.rollout || current.rollout->seed != rollout->seed;
}

}  // namespace

const internal::Announcement* Base::newest() const noexcept {
  return stalled ? &stalled->announcement : live ? &live->announcement : nullptr;
}

const std::optional<std::string>& Base::pinned() const noexcept {
  static const std::optional<std::string> kNotPinned;
  return live ? live->announcement.pinned : kNotPinned;
}

const Announced& expect_live(const Base& base, const Store& store) {
  if (base.live) return *base.live;
  throw Error(ErrorCode::kNotFound, std::string(store.name()),
              base.last == 0 ? "has no generation: nothing was ever published there"
                             : base.unknown + "; publish --allow-unknown goes on from there");
}

bool is_lasting_damage(const Error& error) noexcept {
  switch (error.code()) {
    case ErrorCode::kNotFound:
    case ErrorCode::kForeign:
    case ErrorCode::kTruncated:
    case ErrorCode::kCorrupt: return true;
    default: return false;
  }
}

std::optional<std::uint64_t> generation_of(std::string_view key) noexcept {
  if (!key.starts_with(internal::kGenerationPrefix)) return std::nullopt;
  const std::string_view digits = key.substr(internal::kGenerationPrefix.size());
  return digits.starts_with('0') ? std::nullopt : internal::parse_number(digits);
}

std::optional<Announced> GenerationLog::find(std::string_view key) const {
  GetOptions options;
  options.max_size = internal::kMaxAnnouncedSize;
  std::optional<Object> object = look_at(*store_, key, options);
  if (!object) return std::nullopt;
  internal::ParsedAnnouncement parsed = internal::parse_announcement(object->bytes, internal::object_name(*store_, key));
  return Announced{std::move(parsed.announcement), std::string(key), *std::move(object), parsed.size};
}

std::optional<Announced> GenerationLog::current() const {
  try {
    return find(internal::kCurrentKey);
  } catch (const Error& error) {
    if (!is_lasting_damage(error)) throw;
    throw Error(error.code(), error.object(), std::string(error.problem()) + kMendCurrent);
  }
}

std::optional<Announced> GenerationLog::find(std::uint64_t generation) const {
  const std::string key = internal::generation_key(generation);
  std::optional<Announced> announced = find(key);
  if (announced && announced->announcement.generation != generation) {
    throw Error(ErrorCode::kCorrupt, internal::object_name(*store_, key),
                "announces generation " + std::to_string(announced->announcement.generation));
  }
  return announced;
}

Announced GenerationLog::get(std::uint64_t generation) const {
  if (std::optional<Announced> announced = find(generation)) return *std::move(announced);
  const std::vector<std::uint64_t> there = numbers();
  const std::string range = there.empty()       ? "none"
                            : there.size() == 1 ? std::to_string(there.front())
                                                : std::to_string(there.front()) + " to " + std::to_string(there.back());
  throw Error(ErrorCode::kNotFound, std::string(store_->name()),
              "has no generation " + std::to_string(generation) + "; it has " + range + ": see history");
}

bool GenerationLog::has(std::uint64_t generation) const { return look_at(*store_, internal::generation_key(generation)).has_value(); }

Announced GenerationLog::previous_of(const internal::Announcement& phased) const {
  Announced previous;
  previous.announcement = internal::previous_of(phased);
  previous.key = internal::generation_key(previous.announcement.generation);
  try {
    std::optional<Announced> announced = find(previous.announcement.generation);
    if (announced && announced->announcement.snapshot_id == previous.announcement.snapshot_id) return *std::move(announced);
  } catch (const Error& error) {
    if (!is_lasting_damage(error)) throw;
  }
  return previous;
}

Announced GenerationLog::before(const internal::Announcement& live) const {
  if (live.rollout) return previous_of(live);
  std::uint64_t below = live.rollback_of != 0 ? live.rollback_of : live.generation;
  const std::vector<std::uint64_t> there = numbers();
  for (auto number = there.rbegin(); number != there.rend(); ++number) {
    if (*number >= below) continue;
    std::optional<Announced> earlier;
    try {
      earlier = find(*number);
    } catch (const Error& error) {
      throw Error(error.code(), std::string(store_->name()),
                  std::string("what was live before cannot be told; name a generation to go to: ") + error.what());
    }
    if (!earlier) continue;  // pruned just now
    if (earlier->announcement.snapshot_id != live.snapshot_id) return *std::move(earlier);
    // A pin of what a rollback brought back, or one to the same snapshot: further back than that.
    if (earlier->announcement.rollback_of != 0) below = earlier->announcement.rollback_of;
  }
  throw Error(ErrorCode::kNotFound, std::string(store_->name()),
              "has no snapshot before that of generation " + std::to_string(below) + "; name a generation to go to");
}

std::vector<std::uint64_t> GenerationLog::numbers() const {
  std::vector<std::uint64_t> numbers;
  for (const ObjectInfo& object : store_->list(internal::kGenerationPrefix)) {
    if (const auto number = generation_of(object.key)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

std::vector<std::uint64_t> GenerationLog::numbers_after(std::uint64_t current) const {
  // The log has what is live, and goes on from there without a gap. If it does not have it, `current` is gone or is an old
  // copy that somebody put back.
  if (current != 0 && has(current)) {
    std::vector<std::uint64_t> numbers;
    for (std::uint64_t next = current; next != UINT64_MAX && has(next + 1);) numbers.push_back(++next);
    return numbers;
  }
  std::vector<std::uint64_t> numbers = this->numbers();
  std::erase_if(numbers, [current](std::uint64_t number) { return number <= current; });
  return numbers;
}

bool GenerationLog::find_snapshot(const Announced& announced, Base& base) const {
  // A pin, or its end: nothing but `current` has changed, and its snapshot need not be whole for that.
  if (base.live && base.live->announcement.snapshot_id == announced.announcement.snapshot_id) {
    base.snapshot.assign(base.live->carried().begin(), base.live->carried().end());
    return true;
  }
  try {
    base.snapshot = read_snapshot(announced);
    return true;
  } catch (const Error& error) {
    if (!is_lasting_damage(error)) throw;
    return false;
  }
}

bool GenerationLog::take(std::uint64_t generation, Base& base, internal::Moment now) const {
  const std::string later = "generation " + std::to_string(generation) + " came later, and ";
  std::string unknown;
  std::optional<Announced> announced;
  try {
    announced = find(generation);
  } catch (const Error& error) {
    if (!is_lasting_damage(error)) throw;
    unknown = later + "cannot be read: " + error.what();
  }
  if (announced && find_snapshot(*announced, base)) {
    if (base.live && is_stalled(announced->announcement, base.live->announcement, now)) {
      base.snapshot.clear();
      base.stalled = std::move(announced);
      return true;
    }
    base.live = std::move(announced);
    base.is_current = false;
    return true;
  }
  if (announced && announced->announcement.pinned)
    unknown = later + "pins a snapshot that is gone or damaged, " + announced->announcement.snapshot_id;
  // The newest is asked first.
  if (base.unknown.empty()) base.unknown = std::move(unknown);
  return false;
}

Base GenerationLog::base(std::chrono::system_clock::time_point now) const {
  Base base;
  base.live = current();
  if (base.live) {
    base.is_current = true;
    base.etag = base.live->object.etag;
    base.last = base.generation();
  }
  const std::vector<std::uint64_t> later = numbers_after(base.last);
  if (!later.empty()) base.last = later.back();
  const bool taken =
      std::any_of(later.rbegin(), later.rend(), [&](std::uint64_t number) { return take(number, base, internal::moment_of(now)); });
  if (!taken && !base.live && !later.empty()) {
    base.unknown = later.size() == 1 ? "its only generation, " + std::to_string(later.front()) + ", cannot be read"
                                     : "none of the " + inspect::counted(later.size(), "generation") + " can be read";
  }
  return base;
}

std::vector<std::byte> GenerationLog::read_snapshot(const Announced& announced) const {
  const internal::Announcement& announcement = announced.announcement;
  const std::string key = internal::snapshot_key(announcement.snapshot_id);
  std::string name = internal::object_name(*store_, announced.key);
  std::vector<std::byte> bytes(announced.carried().begin(), announced.carried().end());
  if (!announced.carries_all()) {
    name = internal::object_name(*store_, key);
    GetOptions options;
    options.max_size = announcement.snapshot_size;
    try {
      bytes = std::move(store_->get(key, options).value().bytes);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::kLimitExceeded)
        throw Error(ErrorCode::kCorrupt, name,
                    "has more than the " + inspect::counted(announcement.snapshot_size, "byte") + " that were announced");
      if (error.code() != ErrorCode::kNotFound) throw;
      throw Error(ErrorCode::kNotFound, std::string(store_->name()),
                  "no longer has the snapshot of generation " + std::to_string(announcement.generation) + ", " + announcement.snapshot_id +
                      ": see history");
    }
  }
  const Snapshot snapshot = Snapshot::from_bytes(bytes, name);
  snapshot.verify();
  if (snapshot.id() != announcement.snapshot_id) throw Error(ErrorCode::kCorrupt, name, "holds another snapshot, " + snapshot.id());
  return bytes;
}

std::vector<std::byte> GenerationLog::read_documents(const internal::Announcement& announcement) const {
  const std::string documents = "the documents of generation " + std::to_string(announcement.generation) + ", " + announcement.documents;
  const std::optional<Object> kept = look_at(*store_, internal::documents_key(announcement.documents), kMaxKept);
  if (!kept)
    throw Error(ErrorCode::kNotFound, std::string(store_->name()), "no longer has " + documents + "; publish --with-registrations again");
  if (documents_id(kept->bytes) != announcement.documents)
    throw Error(ErrorCode::kCorrupt, std::string(store_->name()), documents + ", are damaged; publish --with-registrations again");
  return kept->bytes;
}

Snapshot GenerationLog::open_snapshot(const Announced& announced) const {
  return internal::open_object(store_, internal::object_name(*store_, announced.key), announced.object, OpenOptions{}).snapshot;
}

}  // namespace almanac::publish
