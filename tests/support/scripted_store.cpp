#include "support/scripted_store.h"

#include <almanac/snapshot.h>

#include <algorithm>
#include <chrono>

namespace almanac::support {

namespace {

std::vector<std::byte> current_of(const internal::Announcement& announcement, std::span<const std::byte> snapshot, std::size_t carried) {
  std::vector<std::byte> bytes = internal::encode_announcement(announcement);
  const auto head = snapshot.first(std::min(carried, snapshot.size()));
  bytes.insert(bytes.end(), head.begin(), head.end());
  return bytes;
}

}  // namespace

internal::Announcement announcement_of(std::uint64_t generation, std::span<const std::byte> snapshot) {
  internal::Announcement announcement;
  announcement.generation = generation;
  announcement.snapshot_id = Snapshot::from_bytes(snapshot, "the snapshot").id();
  announcement.snapshot_size = snapshot.size();
  announcement.revision = "r" + std::to_string(generation);
  announcement.published = std::chrono::system_clock::time_point(std::chrono::seconds(1'700'000'000 + generation));
  return announcement;
}

std::vector<std::byte> announced(std::uint64_t generation, std::span<const std::byte> snapshot, std::size_t carried) {
  return current_of(announcement_of(generation, snapshot), snapshot, carried);
}

std::vector<std::byte> snapshot_of_two_frames(const std::string& uri) {
  // A namespace of more than 1 MiB does not share a frame.
  std::vector<ServiceBuilder> services = {service("users").uri(uri)};
  for (int i = 0; i < 20; ++i) services.push_back(service("filler/" + std::to_string(i)).value(std::string(60'000, 'x')));
  return snapshot_of({{"other", {service("others").uri("http://others")}}, {"prod", services}});
}

void ScriptedStore::replace(std::string_view key, std::span<const std::byte> bytes) {
  objects_[std::string(key)] = {{bytes.begin(), bytes.end()}, "\"" + std::to_string(++versions_) + "\""};
}

void ScriptedStore::publish(std::uint64_t generation, const std::vector<NamespaceBuilder>& namespaces) {
  const std::vector<std::byte> current = announced(generation, snapshot_of(namespaces));
  const std::scoped_lock lock(mutex_);
  replace("current", current);
}

std::string ScriptedStore::publish_head(std::uint64_t generation, std::span<const std::byte> snapshot) {
  const Snapshot opened = Snapshot::from_bytes(snapshot, "the snapshot");
  return publish_as(announcement_of(generation, snapshot), snapshot, opened.manifest_offset() + opened.manifest_stored_size());
}

std::string ScriptedStore::publish_as(const internal::Announcement& announcement, std::span<const std::byte> snapshot,
                                      std::size_t carried) {
  std::string key = internal::snapshot_key(announcement.snapshot_id);
  const std::scoped_lock lock(mutex_);
  replace(key, snapshot);
  replace("current", current_of(announcement, snapshot, carried));
  return key;
}

void ScriptedStore::erase(std::string_view key) {
  const std::scoped_lock lock(mutex_);
  objects_.erase(objects_.find(key));
}

void ScriptedStore::script(Script script) {
  const std::scoped_lock lock(mutex_);
  script_ = std::move(script);
}

void ScriptedStore::fail_with(ErrorCode code) {
  script([this, code](std::string_view key, const GetOptions&) -> std::optional<Object> {
    throw Error(code, name_ + "/" + std::string(key), "scripted failure");
  });
}

std::optional<Object> ScriptedStore::answer(std::string_view key, const GetOptions& options) {
  const std::scoped_lock lock(mutex_);
  const auto found = objects_.find(key);
  const std::string object = name_ + "/" + std::string(key);
  if (found == objects_.end()) throw Error(ErrorCode::kNotFound, object, "has no such object");
  const Version& version = found->second;
  if (!options.if_match.empty() && options.if_match != version.etag) throw Error(ErrorCode::kConflict, object, "has changed");
  if (!options.if_none_match.empty() && options.if_none_match == version.etag) return std::nullopt;
  const std::size_t offset = std::min<std::size_t>(options.offset, version.bytes.size());
  const std::size_t size = std::min<std::size_t>(options.size.value_or(version.bytes.size()), version.bytes.size() - offset);
  if (size > options.max_size) throw Error(ErrorCode::kLimitExceeded, object, "is larger than that");
  const auto part = std::span(version.bytes).subspan(offset, size);
  traffic_.bytes += size;
  return Object{{part.begin(), part.end()}, version.etag, version.bytes.size()};
}

std::vector<ScriptedStore::Get> ScriptedStore::gets() const {
  const std::scoped_lock lock(mutex_);
  return gets_;
}

std::optional<Object> ScriptedStore::get(std::string_view key, const GetOptions& options) {
  Script script;
  {
    const std::scoped_lock lock(mutex_);
    gets_.push_back({std::string(key), options});
    ++traffic_.requests;
    script = script_;
  }
  return script ? script(key, options) : answer(key, options);
}

StoreTraffic ScriptedStore::traffic() const noexcept {
  const std::scoped_lock lock(mutex_);
  return traffic_;
}

}  // namespace almanac::support
