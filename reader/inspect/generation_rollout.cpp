#include "generation_rollout.h"

#include <array>
#include <chrono>
#include <utility>

#include "quantity.h"
#include "time_span.h"

namespace almanac::inspect {
namespace {

using std::chrono::milliseconds;

// In the largest unit that leaves no rest, as options have it: "90s", "30m", "2h".
std::string duration_text(milliseconds time) {
  constexpr std::array<std::pair<milliseconds, std::string_view>, 4> kUnits = {
      {{std::chrono::days(1), "d"}, {std::chrono::hours(1), "h"}, {std::chrono::minutes(1), "m"}, {std::chrono::seconds(1), "s"}}};
  for (const auto& [unit, name] : kUnits) {
    if (time % unit == milliseconds(0)) return std::to_string(time / unit).append(name);
  }
  return std::to_string(time.count()) + "ms";
}

// A schedule can go on beyond what the system's clock can say.
std::string second_text(internal::Moment moment) { return rfc3339(internal::Moment(std::chrono::floor<std::chrono::seconds>(moment))); }

}  // namespace

std::string phases_text(const internal::Schedule& schedule) {
  const auto& stages = schedule.stages;
  if (stages.size() != 2 || stages[1].share != kWholeShare) return "in " + counted(stages.size(), "stage");
  const std::string time = duration_text(stages[1].at - stages[0].at);
  if (!schedule.is_ramp) return "as canary, " + percent_of_millionths(stages[0].share) + " for " + time;
  return stages[0].share == 0 ? "over " + time : "from " + percent_of_millionths(stages[0].share) + " on over " + time;
}

std::string share_text(const internal::Schedule& schedule, std::uint32_t share) {
  constexpr std::uint32_t kTenthOfAPercent = kWholeShare / 1000;
  return percent_of_millionths(schedule.is_ramp ? share - share % kTenthOfAPercent : share);
}

std::string progress_text(const internal::GenerationRollout& rollout, internal::Moment now) {
  const internal::Schedule& schedule = rollout.schedule;
  return share_text(schedule, schedule.share_at(now)) + " now, all at " + second_text(rollout.end());
}

std::string end_text(const internal::GenerationRollout& rollout, const RolloutEnd& end, internal::Moment now) {
  return (now < end.at ? "ends at " : "ended at ") + share_text(rollout.schedule, end.share) + " by generation " + with_thousands(end.by) +
         " at " + moment_from(now, end.at);
}

std::string under_way_note(const Subject& subject, internal::Moment now) {
  if (!subject.is_live || !subject.publication) return {};
  const internal::GenerationRollout* rollout = internal::unfinished_rollout(*subject.publication, now);
  if (rollout == nullptr) return {};
  return "generation " + with_thousands(subject.publication->generation) + " is on its way (" +
         share_text(rollout->schedule, rollout->schedule.share_at(now)) + "); the other instances serve generation " +
         with_thousands(rollout->previous_generation) + ": " + subject.name + "@" + std::to_string(rollout->previous_generation);
}

std::string stranded_text(const internal::Announcement& live, std::string_view trouble, std::string_view store) {
  const std::string generation = "generation " + std::to_string(live.generation);
  std::string text = "the snapshot of generation " + std::to_string(live.rollout.value().previous_generation);
  text.append(", from which instances move to ").append(generation).append(", ").append(trouble);
  text.append(": instances that start now take ").append(generation).append(" at once; complete that with generate-snapshot publish ");
  return text.append("--end-rollout --to ").append(store).append(", or publish what they had before, with --end-rollout");
}

void append_rollout(JsonText& json, const internal::GenerationRollout& rollout, internal::Moment now) {
  append_rollout(json, rollout, "under way", rollout.schedule.share_at(now));
}

void append_rollout(JsonText& json, const internal::GenerationRollout& rollout, std::string_view state, std::uint32_t share) {
  json.key("rollout").begin_object().key("state").string(state).key("from").number(rollout.previous_generation);
  json.key("from_snapshot").string(rollout.previous_id).key("began_with").number(rollout.seed);
  json.key("began").string(second_text(rollout.schedule.stages.front().at)).key("share").number(share);
  json.key("ends").string(second_text(rollout.end())).end_object();
}

void append_end(JsonText& json, const RolloutEnd& end) {
  json.key("ended").begin_object().key("by").number(end.by).key("at").string(rfc3339(end.at)).key("share").number(end.share).end_object();
}

}  // namespace almanac::inspect
