#include "write_bundle.h"

#include <span>
#include <vector>

#include "generation_rollout.h"
#include "snapshot_data.h"
#include "whole_file.h"

namespace almanac::inspect {

void write_bundle(const Subject& subject, const std::filesystem::path& file) {
  const internal::ByteSource& source = internal::data_of(subject.snapshot).source();
  std::vector<std::byte> bytes;
  if (subject.publication) {
    internal::Announcement announcement = *subject.publication;
    announcement.rollout.reset();
    bytes = internal::encode_announcement(announcement);
  }
  const std::size_t begin = bytes.size();
  bytes.resize(begin + static_cast<std::size_t>(source.size()));
  const std::span<std::byte> snapshot = std::span(bytes).subspan(begin);
  source.read(0, snapshot);
  Snapshot::from_bytes(snapshot, source.name()).verify();
  internal::write_whole_file(file, bytes);
}

std::string rollout_warning(const Subject& subject, internal::Moment now) {
  const internal::GenerationRollout* rollout = subject.is_live ? unfinished_rollout(*subject.publication, now) : nullptr;
  if (rollout == nullptr) return "";
  return "generation " + std::to_string(subject.publication->generation) + " is still on its way (" +
         share_text(rollout->schedule, rollout->schedule.share_at(now)) + " now); the other instances have " + subject.name + "@" +
         std::to_string(rollout->previous_generation);
}

}  // namespace almanac::inspect
