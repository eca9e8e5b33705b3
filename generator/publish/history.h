// What happened to a registry: every generation of a store's log, who is live, and what of it can still be gone back to.
//
//   for (const HistoryEntry& entry : read_history(log, 20, now, progress).entries) show(entry);
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "progress/progress.h"
#include "publish/generation_log.h"

namespace almanac::publish {

struct HistoryEntry {
  // Synced: compiled from the same documents as the generation before, or from none, with other registrations.
  enum class What { kPublish, kSync, kRollback, kPin, kUnpin };
  // Live: `current` has it. Pending: announced after that one, and whoever publishes next makes it live.
  enum class State { kPast, kLive, kPending };
  // Of a rollout. Not begun: no instance was told of it, for it is pending. Carried on: the next generation is a pin, or its end, and
  // goes on with it.
  enum class Rollout { kNotBegun, kUnderWay, kCarriedOn, kEnded, kOver };

  std::uint64_t generation = 0;
  State state = State::kPast;
  std::optional<internal::Announcement> announcement;  // nothing: it cannot be read
  std::string damage;                                  // why not
  What what = What::kPublish;
  bool snapshot_is_gone = false;  // out of the store; what is live can be inside `current` all the same
  bool is_missing = false;        // out of the log: `current` alone has it
  // Where the announcement has one:
  Rollout rollout = Rollout::kOver;
  std::uint32_t share = 0;  // of the instances that have moved by now, or had when the next generation ended or went on with it
};

struct History {
  std::vector<HistoryEntry> entries;  // newest first
  std::uint64_t older = 0;            // generations of the log that are not among them
  std::string damage;                 // what is wrong with what is live, or with what its rollout began from; empty: nothing
  internal::Moment now;               // at which this was so
  [[nodiscard]] bool is_damaged() const noexcept;
};

[[nodiscard]] std::string_view to_string(HistoryEntry::What what) noexcept;

// The newest `most`, and what is live in any case where the log lacks it; 0: all. What cannot be read is part of the list
// and does not end it; what is pruned meanwhile is none of it. Throws Error as Store does.
[[nodiscard]] History read_history(const GenerationLog& log, std::uint64_t most, std::chrono::system_clock::time_point now,
                                   progress::Progress& progress);

}  // namespace almanac::publish
