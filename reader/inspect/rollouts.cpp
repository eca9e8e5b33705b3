#include "rollouts.h"

#include <utility>

#include "snapshot_data.h"

namespace almanac::inspect {

RolloutState state_of(const internal::Schedule& schedule, internal::Moment now) noexcept {
  const auto& stages = schedule.stages;
  if (stages.size() == 1 && stages.front().at == internal::kAlways) return RolloutState::kAlways;
  if (now < stages.front().at) return RolloutState::kNotBegun;
  return now < stages.back().at ? RolloutState::kUnderWay : RolloutState::kOver;
}

std::string_view to_string(RolloutState state) noexcept {
  switch (state) {
    case RolloutState::kAlways: return "always";
    case RolloutState::kNotBegun: return "not begun";
    case RolloutState::kUnderWay: return "under way";
    case RolloutState::kOver: break;
  }
  return "over";
}

std::vector<RolloutReport> rollouts_of(const Snapshot& snapshot, const internal::CallerRule& rule, internal::Moment now) {
  const auto& namespaces = internal::data_of(snapshot).manifest().namespaces;
  std::vector<RolloutReport> reports;
  for (const internal::CallerRollout& rollout : rule.rollouts) {
    const internal::Schedule& schedule = rollout.schedule;
    reports.push_back(
        {namespaces[rule.name_space].name, namespaces[rollout.to].name, &rollout, schedule.share_at(now), state_of(schedule, now)});
  }
  return reports;
}

RolloutsReport find_rollouts(Subject subject, internal::Moment at) {
  const std::optional<RolloutEnd> end = end_of_rollout(subject);
  RolloutsReport report{std::move(subject), at, {}, end};
  const auto& rules = internal::data_of(report.subject.snapshot).manifest().caller_rules;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].rollouts.empty()) continue;
    report.rules.push_back({i + 1, &rules[i], rollouts_of(report.subject.snapshot, rules[i], at)});
  }
  return report;
}

}  // namespace almanac::inspect
