// Removing what is no longer needed from a store: old generations, snapshots and documents that no generation names, and registrations
// whose lease ran out long ago.
//
//   const Pruning done = prune(log, {.keep = 50}, progress);
//
// Announcements go first and what they name then, so that nothing in the log ever lacks its snapshot for that. Whoever is just
// announcing an old snapshot again puts it anew first, and its age is looked at once more right before it would go. Between that
// look and the removal it can still come into use, so the log is looked at afterwards too, and what it names by then is
// put back. Of the log only its beginning is ever removed: what is live stays, all that came after it, and where it is a rollout's,
// what that began from.
// A lapsed registration stays while the service is live and nobody has renewed it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "progress/progress.h"
#include "publish/generation_log.h"
#include "publish/publisher.h"
#include "registrations/registered.h"

namespace almanac::publish {

// What is younger can belong to a publication on its way: who announces a snapshot puts it anew only when it is older
// than kFresh, and then needs time.
inline constexpr std::chrono::hours kLeastMinAge = 2 * kFresh;

struct PruneRules {
  std::uint64_t keep = 1;  // the newest generations; at least 1
  // Nothing younger goes, by the store's clock: at least kLeastMinAge, or 0 for whatever its age while nobody else writes.
  std::chrono::seconds min_age = std::chrono::hours(24);
  bool dry_run = false;  // only say what would go
};

struct Pruning {
  std::vector<std::uint64_t> generations;  // removed, or to be removed; ascending
  std::vector<ObjectInfo> snapshots;
  std::vector<ObjectInfo> documents;
  std::vector<registrations::Registered> lapsed;  // for as long as the rules say, or longer
  std::uint64_t lapsed_and_live = 0;              // registrations that lapsed as long ago, and stay: sync may keep the service for them
  std::vector<std::uint64_t> kept;                // generations, ascending
};

// Throws Error as Store does, kInvalidArgument for rules that cannot be, kNotFound when nothing was ever published, and
// kUnsupportedVersion when a generation that stays is for newer programs: what it needs is not known then.
// Learns the store's time by writing, and removes the key "probe".
[[nodiscard]] Pruning prune(const GenerationLog& log, const PruneRules& rules, progress::Progress& progress);

}  // namespace almanac::publish
