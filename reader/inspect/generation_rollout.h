// A generation that comes to instances one after another, as people and programs read about it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "announcement.h"
#include "json_text.h"
#include "past_generations.h"

namespace almanac::inspect {

// How, to be read after what is done: "over 30m", "as canary, 10 % for 20m", "in 7 stages".
[[nodiscard]] std::string phases_text(const internal::Schedule& schedule);

// "42 %": to a tenth below where the share grows all the time.
[[nodiscard]] std::string share_text(const internal::Schedule& schedule, std::uint32_t share);

// How many of the instances have it: "42 % now, all at 2026-11-20T09:30:00Z".
[[nodiscard]] std::string progress_text(const internal::GenerationRollout& rollout, internal::Moment now);

// Of one that was ended: "ended at 42.5 % by generation 5 at 2026-11-20T09:12:00Z, 3 min ago"; "ends …, in 3 min" before that.
[[nodiscard]] std::string end_text(const internal::GenerationRollout& rollout, const RolloutEnd& end, internal::Moment now);
// What follows when instances that have not moved to `live` cannot go on with what they have, whose snapshot `trouble`, as in "is gone".
[[nodiscard]] std::string stranded_text(const internal::Announcement& live, std::string_view trouble, std::string_view store);

// The member "rollout" of an object: under way, and how far by now.
void append_rollout(JsonText& json, const internal::GenerationRollout& rollout, internal::Moment now);
// In another state; `share`, in millionths, is that of the instances that have moved.
void append_rollout(JsonText& json, const internal::GenerationRollout& rollout, std::string_view state, std::uint32_t share);
// The member "ended".
void append_end(JsonText& json, const RolloutEnd& end);

// What who looks at a store should know besides: "generation 2 is on its way …"; empty where what is live is for all instances.
[[nodiscard]] std::string under_way_note(const Subject& subject, internal::Moment now);

}  // namespace almanac::inspect
