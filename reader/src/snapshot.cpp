#include <almanac/snapshot.h>

#include <utility>

#include "choice.h"
#include "snapshot_data.h"
#include "verify.h"

namespace almanac {

namespace internal {

class SnapshotAccess {
 public:
  static Snapshot make(std::shared_ptr<SnapshotData> data) { return Snapshot(std::move(data)); }
  static SnapshotData& data(const Snapshot& snapshot) noexcept { return *snapshot.data_; }
};

Snapshot open_snapshot(std::unique_ptr<ByteSource> source, const OpenOptions& options, std::unique_ptr<Later> late) {
  return SnapshotAccess::make(std::make_shared<SnapshotData>(std::move(source), options, std::move(late)));
}

Namespace open_checked(const Snapshot& snapshot, std::string_view name) {
  const Namespace opened = snapshot.in(name);
  data_of(snapshot).finish_index(*data_of(snapshot).manifest().namespaces.find(name));
  return opened;
}

SnapshotData& data_of(const Snapshot& snapshot) noexcept { return SnapshotAccess::data(snapshot); }

}  // namespace internal

Snapshot Snapshot::open(const std::filesystem::path& file, const OpenOptions& options) {
  return internal::open_snapshot(internal::open_file(file), options);
}

Snapshot Snapshot::from_bytes(std::span<const std::byte> bytes, std::string object, const OpenOptions& options) {
  return internal::open_snapshot(internal::borrow_bytes(bytes, std::move(object)), options);
}

const std::string& Snapshot::id() const noexcept { return data_->id(); }
std::string_view Snapshot::registry_name() const noexcept { return data_->manifest().registry; }
std::string_view Snapshot::revision() const noexcept { return data_->manifest().revision; }
int Snapshot::format_major() const noexcept { return data_->manifest().preamble.major; }
int Snapshot::format_minor() const noexcept { return data_->manifest().preamble.minor; }
std::uint64_t Snapshot::size() const noexcept { return data_->manifest().preamble.file_size; }
std::uint64_t Snapshot::manifest_offset() const noexcept { return data_->manifest().preamble.preamble_size; }
std::uint64_t Snapshot::manifest_stored_size() const noexcept { return data_->manifest().preamble.manifest_stored_size; }
std::size_t Snapshot::namespace_count() const noexcept { return data_->manifest().namespaces.size(); }
std::size_t Snapshot::frame_count() const noexcept { return data_->manifest().frames.size(); }

NamespaceInfo Snapshot::namespace_info(std::size_t index) const noexcept {
  const internal::ManifestNamespace entry = data_->manifest().namespaces[index];
  return {entry.name, entry.services, entry.endpoints, entry.frame};
}

FrameInfo Snapshot::frame_info(std::size_t index) const {
  const internal::ManifestFrame frame = data_->manifest().frames[index];
  return {frame.offset, frame.stored_size, frame.size, internal::to_hex(frame.digest)};
}

bool Snapshot::has_namespace(std::string_view name) const noexcept { return data_->manifest().namespaces.find(name).has_value(); }

Namespace Snapshot::in(std::string_view name) const {
  if (const auto number = data_->manifest().namespaces.find(name)) return data_->open_namespace(*number).view();
  throw Error(ErrorCode::kNotFound, data_->source().name(), internal::missing_namespace(data_->manifest(), name));
}

Choice Snapshot::choose(const Caller& caller, std::string_view key, std::chrono::system_clock::time_point at) const {
  const internal::Manifest& manifest = data_->manifest();
  const internal::CallerRule* rule = internal::rule_for(manifest.caller_rules, caller);
  if (rule == nullptr) throw Error(ErrorCode::kNotFound, data_->source().name(), internal::no_rule_matches(manifest, caller));
  return internal::choice_of(manifest, *rule, internal::move_of(*rule, caller, key), internal::moment_of(at));
}

std::size_t Snapshot::caller_rule_count() const noexcept { return data_->manifest().caller_rules.size(); }

void Snapshot::verify() const { internal::verify(*data_); }

}  // namespace almanac
