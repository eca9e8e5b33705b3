// Removing what is no longer needed from a store: old generations, and snapshots that no generation names.
//
//   const Pruning done = prune(log, {.keep = 50});
//
// Announcements go first and snapshots then, so that nothing in the log ever lacks its snapshot for that; whoever is just
// announcing an old snapshot again puts it anew first, and its age is looked at once more right before it would go. Of the
// log only its beginning is ever removed: what is live and all that came after it stay.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "publish/generation_log.h"

namespace almanac::publish {

struct PruneRules {
  std::uint64_t keep = 1;                                 // the newest generations; at least 1
  std::chrono::seconds min_age = std::chrono::hours(24);  // nothing younger goes, by the store's clock; 0: whatever its age
  bool dry_run = false;                                   // only say what would go
};

struct Pruning {
  std::vector<std::uint64_t> generations;  // removed, or to be removed; ascending
  std::vector<ObjectInfo> snapshots;
  std::vector<std::uint64_t> kept;  // generations, ascending
};

// Throws Error as Store does, kInvalidArgument for rules that cannot be, kNotFound when nothing was ever published, and
// kUnsupportedVersion when a generation that stays is for newer programs: what it needs is not known then.
// Writes the key "probe" to learn the store's time, and removes it.
[[nodiscard]] Pruning prune(const GenerationLog& log, const PruneRules& rules);

}  // namespace almanac::publish
