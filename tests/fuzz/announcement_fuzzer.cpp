// Announcements of any bytes: parsed, asked about some instances, written again. Each is taken as it is, and once more with the size of
// its body and its checksum mended, so that a change of any byte gets past them.
#include <almanac/error.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "announcement.h"
#include "bytes.h"
#include "demand.h"
#include "digest.h"

namespace {

using namespace almanac;
using fuzz::demand;
using internal::Bytes;

const std::string kName = "fuzzed announcement";
enum Offset : std::size_t { kBodySize = 12, kChecksum = 16, kBody = 24 };

void demand_consistent(const internal::GenerationRollout& rollout) {
  for (const char* instance : {"i-1", "i-2", "2026/11/20/[42]f77ff5e4026c45bda9a9ebcec6bc9cad"}) {
    const Caller caller = Caller().set("instance", instance);
    bool has_moved = false;
    for (const internal::Stage& stage : rollout.schedule.stages) {
      const RolloutStatus status = rollout.status_for(caller, stage.at);
      demand(status.moved == (status.bucket.value() < status.share));
      demand(status.moved || !has_moved);
      has_moved = status.moved;
    }
    demand(rollout.status_for(caller, rollout.end()).moved);
  }
}

void use(Bytes bytes) {
  std::optional<internal::ParsedAnnouncement> parsed;
  try {
    parsed = internal::parse_announcement(bytes, kName);
  } catch (const Error& error) {
    demand(error.object() == kName && error.offset().has_value());
    return;
  }
  demand(parsed->size <= bytes.size());
  const internal::Announcement& announcement = parsed->announcement;
  if (announcement.rollout) demand_consistent(*announcement.rollout);
  const internal::Announcement again = internal::parse_announcement(internal::encode_announcement(announcement), kName).announcement;
  demand(again.generation == announcement.generation && again.snapshot_id == announcement.snapshot_id);
  demand(again.published == announcement.published && again.pinned == announcement.pinned && again.rollout == announcement.rollout);
}

// Nothing for what is too short.
std::vector<std::byte> mended(Bytes bytes) {
  if (bytes.size() < kBody) return {};
  std::vector<std::byte> whole(bytes.begin(), bytes.end());
  const Bytes body = Bytes(whole).subspan(kBody);
  internal::store(std::span(whole), kBodySize, static_cast<std::uint32_t>(body.size()));
  internal::store(std::span(whole), kChecksum, internal::checksum_of(Bytes(whole).first(kChecksum)) ^ internal::checksum_of(body));
  return whole;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // What is parsed in place is aligned as an allocation is.
  const std::vector<std::byte> bytes(reinterpret_cast<const std::byte*>(data), reinterpret_cast<const std::byte*>(data) + size);
  use(bytes);
  use(mended(bytes));
  return 0;
}
