#include "open_live.h"

#include <algorithm>
#include <utility>

#include "snapshot_data.h"

namespace almanac::internal {

namespace {

// An object of a store, read in ranges that all come from the same version of it.
class StoreSource final : public ByteSource {
 public:
  StoreSource(std::shared_ptr<Store> store, std::string key, std::uint64_t size)
      : store_(std::move(store)), key_(std::move(key)), name_(object_name(*store_, key_)), size_(size) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return size_; }

  // A snapshot is named by its content, and every range is checked against a digest: no condition is needed.
  void read(std::uint64_t offset, std::span<std::byte> into) const override {
    GetOptions options;
    options.offset = offset;
    options.size = into.size();
    const std::optional<Object> object = store_->get(key_, options);
    if (!object || object->bytes.size() != into.size()) {
      throw Error(ErrorCode::kTruncated, name_, "is shorter than its announcement says", offset);
    }
    std::ranges::copy(object->bytes, into.begin());
  }

 private:
  std::shared_ptr<Store> store_;
  std::string key_;
  std::string name_;
  std::uint64_t size_;
};

// The snapshot that travels behind an announcement.
class TailSource final : public ByteSource {
 public:
  TailSource(std::vector<std::byte> bytes, std::size_t begin, std::string name)
      : bytes_(std::move(bytes)), begin_(begin), name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] std::uint64_t size() const noexcept override { return bytes_.size() - begin_; }
  void read(std::uint64_t offset, std::span<std::byte> into) const override { std::ranges::copy(view(offset, into.size()), into.begin()); }
  [[nodiscard]] Bytes view(std::uint64_t offset, std::uint64_t size) const override {
    return slice(Bytes(bytes_).subspan(begin_), offset, size, name_, "a range");
  }

 private:
  std::vector<std::byte> bytes_;
  std::size_t begin_;
  std::string name_;
};

Snapshot checked(Snapshot snapshot, const Announcement& announcement, const std::string& object) {
  if (snapshot.id() != announcement.snapshot_id) {
    throw Error(ErrorCode::kCorrupt, object, "holds snapshot " + snapshot.id() + " where " + announcement.snapshot_id + " was announced");
  }
  return snapshot;
}

LiveSnapshot open_object(const std::shared_ptr<Store>& store, std::string_view key, Object object, const OpenOptions& options) {
  const std::string name = object_name(*store, key);
  ParsedAnnouncement parsed = parse_announcement(object.bytes, name);
  if (parsed.size == object.bytes.size()) {
    Snapshot snapshot = open_announced(store, parsed.announcement, options);
    return {std::move(parsed.announcement), std::move(snapshot), std::move(object.etag)};
  }
  auto source = std::make_unique<TailSource>(std::move(object.bytes), parsed.size, name);
  Snapshot snapshot = checked(open_snapshot(std::move(source), options), parsed.announcement, name);
  return {std::move(parsed.announcement), std::move(snapshot), std::move(object.etag)};
}

}  // namespace

std::string object_name(const Store& store, std::string_view key) { return std::string(store.name()) + "/" + std::string(key); }

Snapshot open_announced(const std::shared_ptr<Store>& store, const Announcement& announcement, const OpenOptions& options) {
  const std::string key = snapshot_key(announcement.snapshot_id);
  auto source = std::make_unique<StoreSource>(store, key, announcement.snapshot_size);
  return checked(open_snapshot(std::move(source), options), announcement, object_name(*store, key));
}

LiveSnapshot open_live(const std::shared_ptr<Store>& store, const OpenOptions& options) {
  return open_object(store, kCurrentKey, store->get(kCurrentKey), options);
}

std::optional<LiveSnapshot> open_if_changed(const std::shared_ptr<Store>& store, const std::string& etag, const OpenOptions& options) {
  GetOptions get;
  get.if_none_match = etag;
  std::optional<Object> object = store->get(kCurrentKey, get);
  if (!object) return std::nullopt;
  return open_object(store, kCurrentKey, *std::move(object), options);
}

LiveSnapshot open_generation(const std::shared_ptr<Store>& store, std::uint64_t generation, const OpenOptions& options) {
  const std::string key = generation_key(generation);
  return open_object(store, key, store->get(key), options);
}

}  // namespace almanac::internal
