// An announcement: which snapshot a generation is. schema/FORMAT.md, "Announcement".
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <almanac/caller.h>

#include "bytes.h"
#include "digest.h"
#include "rollout.h"

namespace almanac::internal {

// What every announcement begins with: the magic of a snapshot with another letter. Never renumber.
inline constexpr std::string_view kAnnouncementMagic =
    "\x89"
    "ALA\r\n\x1A\n";

// A generation that comes to instances one after another.
struct GenerationRollout {
  std::uint64_t previous_generation = 0;  // what instances have that have not moved yet
  std::string previous_id;                // its snapshot: 32 hexadecimal digits
  std::uint64_t previous_size = 0;        // bytes
  std::chrono::system_clock::time_point previous_published;
  std::string previous_revision;
  std::uint64_t seed = 0;  // the generation that began it
  Schedule schedule;       // to the last one of all
  bool operator==(const GenerationRollout&) const = default;

  // How this instance sees it.
  [[nodiscard]] RolloutStatus status_for(const Caller& caller, Moment now) const;
  // From then on there is none that has not moved.
  [[nodiscard]] Moment end() const noexcept { return schedule.stages.back().at; }
};

struct Announcement {
  std::uint64_t generation = 0;
  std::string snapshot_id;          // 32 hexadecimal digits
  std::uint64_t snapshot_size = 0;  // bytes
  std::string registry;
  std::string revision;
  std::chrono::system_clock::time_point published;
  std::uint64_t rollback_of = 0;             // the generation that this one brings back; 0: none
  std::optional<std::string> pinned;         // why the registry is pinned, when it is
  std::optional<GenerationRollout> rollout;  // nothing: it is for all instances at once
  // The documents that it was compiled from together with the store's registrations: 32 hexadecimal digits; empty: they were not kept.
  std::string documents;
};

// Its rollout while there are instances that have not moved; else nullptr.
[[nodiscard]] const GenerationRollout* unfinished_rollout(const Announcement& announcement, Moment now) noexcept;

struct ParsedAnnouncement {
  Announcement announcement;
  std::size_t size = 0;  // of the announcement; the beginning of the snapshot, or all of it, may follow
};

// Throws Error: kForeign, kTruncated, kCorrupt, kUnsupportedVersion.
[[nodiscard]] ParsedAnnouncement parse_announcement(Bytes bytes, const std::string& object);
// `snapshot_id` must be a digest's text, and so must `documents` be where there are any.
[[nodiscard]] std::vector<std::byte> encode_announcement(const Announcement& announcement);

// The keys of a store.
inline constexpr std::string_view kCurrentKey = "current";
inline constexpr std::string_view kGenerationPrefix = "generations/";
inline constexpr std::string_view kSnapshotPrefix = "snapshots/";
inline constexpr std::string_view kDocumentsPrefix = "documents/";
[[nodiscard]] std::string snapshot_key(std::string_view id);
[[nodiscard]] std::string generation_key(std::uint64_t generation);
[[nodiscard]] std::string documents_key(std::string_view id);

}  // namespace almanac::internal
