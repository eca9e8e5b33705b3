#include "open_live.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>
#include <new>
#include <utility>

#include "late_work.h"
#include "snapshot_data.h"

namespace almanac::internal {

namespace {

// An announced snapshot: its first bytes are here, behind the announcement, and the others in the store.
class AnnouncedSource final : public ByteSource {
 public:
  AnnouncedSource(std::shared_ptr<Store> store, const AnnouncedObject& announced)
      : store_(std::move(store)),
        key_(snapshot_key(announced.announcement.snapshot_id)),
        size_(announced.announcement.snapshot_size),
        object_(announced.bytes),
        begin_(announced.snapshot_begin) {
    if (carried().size() > size_) {
      throw Error(ErrorCode::kCorrupt, announced.name, "carries more bytes than the snapshot that it announces has", begin_);
    }
    if (carried().size() == size_) {
      name_ = announced.name;  // and there may be no store
    } else if (const std::string own = object_name(*store_, key_); carried().empty() || announced.name == own) {
      name_ = own;
    } else {
      name_ = announced.name + " with " + key_;
    }
  }

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }

  [[nodiscard]] std::uint64_t first_read() const noexcept override {
    const std::uint64_t here = carried().size();
    return here < kPreambleSize || here == size_ ? ByteSource::first_read() : here;
  }

  void read(std::uint64_t offset, std::span<std::byte> into) const override {
    const Bytes here = carried();
    if (offset < here.size()) {
      const std::size_t size = std::min(into.size(), static_cast<std::size_t>(here.size() - offset));
      copy_bytes(here.subspan(static_cast<std::size_t>(offset), size), into);
      into = into.subspan(size);
      offset += size;
    }
    if (!into.empty()) fetch(offset, into);
  }

  [[nodiscard]] Bytes view(std::uint64_t offset, std::uint64_t size) const override {
    return within(offset, size, carried().size()) ? carried().subspan(static_cast<std::size_t>(offset), static_cast<std::size_t>(size))
                                                  : Bytes();
  }

 private:
  [[nodiscard]] Bytes carried() const noexcept { return Bytes(*object_).subspan(begin_); }

  // Ranges of one version are asked for. That is a courtesy to the store: a snapshot is named by its content,
  // and each range is checked against a digest, so what was replaced by the same bytes is as good.
  void fetch(std::uint64_t offset, std::span<std::byte> into) const {
    GetOptions options;
    options.offset = offset;
    options.size = into.size();
    options.max_size = into.size();
    options.into = into;
    options.deadline = ReadDeadline::current();
    options.if_match = etag();
    Object object;
    try {
      object = get_object(*store_, key_, options);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kConflict || options.if_match.empty()) throw;
      options.if_match.clear();
      object = get_object(*store_, key_, options);
    }
    if (object.bytes.size() + object.bytes_put != into.size()) {
      throw Error(ErrorCode::kTruncated, object_name(*store_, key_), "is shorter than its announcement says", offset);
    }
    copy_bytes(object.bytes, into);  // of a store that knows nothing of GetOptions::into
    const std::scoped_lock lock(mutex_);
    etag_ = std::move(object.etag);
  }

  [[nodiscard]] std::string etag() const {
    const std::scoped_lock lock(mutex_);
    return etag_;
  }

  std::shared_ptr<Store> store_;
  std::string key_;
  std::string name_;
  std::uint64_t size_;
  std::shared_ptr<const std::vector<std::byte>> object_;
  std::size_t begin_;
  mutable std::mutex mutex_;  // guards what follows
  mutable std::string etag_;
};

// How much of a previous snapshot is asked for at once: all of one that travelled inside `current`, as writers do it.
constexpr std::uint64_t kPreviousHead = std::uint64_t{1} << 20U;

thread_local Deadline read_deadline = Deadline::max();

LiveSnapshot open_key(const std::shared_ptr<Store>& store, std::string_view key, const OpenOptions& options) {
  return open_announced(store, fetch_announced(*store, key), options);
}

}  // namespace

std::unique_ptr<Later> late_work_for(const OpenOptions& options) {
  return options.cache_directory.empty() ? nullptr : std::make_unique<LateWork>();
}

std::string object_name(const Store& store, std::string_view key) { return std::string(store.name()) + "/" + std::string(key); }

std::optional<Object> get_if_changed(Store& store, std::string_view key, const GetOptions& options) {
  if (std::min(options.deadline, options.answer_by) <= std::chrono::steady_clock::now()) {
    throw Error(ErrorCode::kTimedOut, object_name(store, key), "was not asked for: the time to wait for the store is over");
  }
  try {
    return store.get(key, options);
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(ErrorCode::kInputOutput, object_name(store, key), error.what());
  } catch (...) {
    throw Error(ErrorCode::kInputOutput, object_name(store, key), "the store threw what is no std::exception");
  }
}

Object get_object(Store& store, std::string_view key, const GetOptions& options) {
  std::optional<Object> object = get_if_changed(store, key, options);
  if (!object) throw Error(ErrorCode::kInputOutput, object_name(store, key), "the store gave nothing");
  return *std::move(object);
}

ReadDeadline::ReadDeadline(Deadline deadline) noexcept : before_(std::exchange(read_deadline, deadline)) {}
ReadDeadline::~ReadDeadline() { read_deadline = before_; }
Deadline ReadDeadline::current() noexcept { return read_deadline; }

AnnouncedObject parse_announced(std::string name, Object object) {
  ParsedAnnouncement parsed = parse_announcement(object.bytes, name);
  return {std::move(parsed.announcement), std::move(name), std::move(object.etag),
          std::make_shared<const std::vector<std::byte>>(std::move(object.bytes)), parsed.size};
}

AnnouncedObject fetch_announced(Store& store, std::string_view key) {
  GetOptions get;
  get.max_size = kMaxAnnouncedSize;
  return parse_announced(object_name(store, key), get_object(store, key, get));
}

LiveSnapshot open_announced(const std::shared_ptr<Store>& store, const AnnouncedObject& announced, const OpenOptions& options) {
  Snapshot snapshot = open_snapshot(std::make_unique<AnnouncedSource>(store, announced), options, late_work_for(options));
  if (snapshot.id() != announced.announcement.snapshot_id) {
    throw Error(ErrorCode::kCorrupt, data_of(snapshot).source().name(),
                "holds snapshot " + snapshot.id() + " where " + announced.announcement.snapshot_id + " was announced");
  }
  return {announced.announcement, std::move(snapshot), announced.etag, announced.bytes};
}

LiveSnapshot open_object(const std::shared_ptr<Store>& store, const std::string& name, Object object, const OpenOptions& options) {
  return open_announced(store, parse_announced(name, std::move(object)), options);
}

Announcement previous_of(const Announcement& announcement) {
  const GenerationRollout& rollout = announcement.rollout.value();
  Announcement previous;
  previous.generation = rollout.previous_generation;
  previous.snapshot_id = rollout.previous_id;
  previous.snapshot_size = rollout.previous_size;
  previous.registry = announcement.registry;
  previous.revision = rollout.previous_revision;
  previous.published = rollout.previous_published;
  return previous;
}

AnnouncedObject fetch_previous(Store& store, const Announcement& announcement) {
  Announcement previous = previous_of(announcement);
  const std::string key = snapshot_key(previous.snapshot_id);
  if (previous.snapshot_size < kPreambleSize) {
    throw Error(ErrorCode::kCorrupt, object_name(store, key), "is announced as smaller than any snapshot is");
  }
  GetOptions options;
  options.size = std::min(previous.snapshot_size, kPreviousHead);
  options.max_size = *options.size;
  options.deadline = ReadDeadline::current();
  const Object head = get_object(store, key, options);
  std::vector<std::byte> bytes = encode_announcement(previous);
  const std::size_t begin = bytes.size();
  bytes.insert(bytes.end(), head.bytes.begin(), head.bytes.end());
  return {std::move(previous), object_name(store, key), {}, std::make_shared<const std::vector<std::byte>>(std::move(bytes)), begin};
}

void check_carried(const SnapshotData& data) {
  for (const ManifestFrame& frame : each_of(data.manifest().frames)) {
    Mapping unused;
    if (!data.source().view(frame.offset, frame.stored_size).empty()) (void)read_stored(data.source(), frame, unused);
  }
}

LiveSnapshot open_live(const std::shared_ptr<Store>& store, const OpenOptions& options) { return open_key(store, kCurrentKey, options); }

LiveSnapshot open_generation(const std::shared_ptr<Store>& store, std::uint64_t generation, const OpenOptions& options) {
  return open_key(store, generation_key(generation), options);
}

}  // namespace almanac::internal
