// What a store's announcements tell of the generations that were live in it: which one was when, and how a rollout ended.
#pragma once

#include <cstdint>
#include <optional>

#include "rollout.h"
#include "subject.h"

namespace almanac::inspect {

// A rollout that a later generation ended before all instances had moved.
struct RolloutEnd {
  std::uint64_t by = 0;     // the generation
  internal::Moment at;      // when that was published
  std::uint32_t share = 0;  // of the instances that had moved, in millionths
};

// Of the subject's generation; nothing: it has no rollout, is live, is of no store, or was not ended, as far as the store still
// tells. Throws Error as the store does.
[[nodiscard]] std::optional<RolloutEnd> end_of_rollout(const Subject& subject);

// Which generation was live at a moment before the subject's was published: 0 when none was; nothing when that is not told, by a
// file, by a store that keeps no older ones, or by the 100 before it. Throws Error as the store does.
[[nodiscard]] std::optional<std::uint64_t> generation_at(const Subject& subject, internal::Moment at);

}  // namespace almanac::inspect
