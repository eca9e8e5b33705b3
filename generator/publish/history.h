// What happened to a registry: every generation of a store's log, who is live, and what of it can still be gone back to.
//
//   for (const HistoryEntry& entry : read_history(log, 20).entries) show(entry);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "publish/generation_log.h"

namespace almanac::publish {

struct HistoryEntry {
  enum class What { kPublish, kRollback, kPin, kUnpin };
  // Live: `current` has it. Pending: announced after that one, and whoever publishes next makes it live.
  enum class State { kPast, kLive, kPending };

  std::uint64_t generation = 0;
  State state = State::kPast;
  std::optional<internal::Announcement> announcement;  // nothing: it cannot be read
  std::string damage;                                  // why not
  What what = What::kPublish;
  bool snapshot_is_gone = false;
};

struct History {
  std::vector<HistoryEntry> entries;  // newest first
  std::uint64_t older = 0;            // generations of the log that are not among them
  std::string damage;                 // why what is live is not known; empty: it is known, or nothing is
  [[nodiscard]] bool is_damaged() const noexcept;
};

[[nodiscard]] std::string_view to_string(HistoryEntry::What what) noexcept;

// The newest `most`; 0: all. What cannot be read is part of the list and does not end it. Throws Error as Store does.
[[nodiscard]] History read_history(const GenerationLog& log, std::uint64_t most);

}  // namespace almanac::publish
