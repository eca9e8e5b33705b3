#include "caller_rule_text.h"

#include <cstddef>

#include "percentage.h"
#include "quantity.h"
#include "terminal_text.h"

namespace almanac::inspect {
namespace {

constexpr std::size_t kMostPatterns = 10;
// The first of many, and the last.
constexpr std::size_t kMostStages = 6;

std::string stage_text(const internal::Stage& stage) { return percentage_text(stage.share) + " at " + rfc3339(stage.at); }

std::string schedule_text(const internal::Schedule& schedule) {
  const auto& stages = schedule.stages;
  if (stages.size() == 1 && stages.front().at == internal::kAlways) return percentage_text(stages.front().share) + " always";
  std::string text = schedule.is_ramp ? "evenly " : "";
  for (std::size_t i = 0; i < stages.size(); ++i) {
    if (i > 0) text += ", ";
    if (i + 1 == kMostStages && i + 1 < stages.size()) {
      text += "… " + counted(stages.size() - kMostStages, "more stage") + ", ";
      i = stages.size() - 1;
    }
    text += stage_text(stages[i]);
  }
  return text;
}

}  // namespace

std::string when_text(const internal::CallerRule& rule) {
  std::string text;
  for (const internal::Condition& condition : rule.conditions) {
    text.append(text.empty() ? "" : ", and ").append(visible(condition.property)).append(" is ");
    for (std::size_t i = 0; i < condition.patterns.size(); ++i) {
      if (i == kMostPatterns) {
        text += " or " + with_thousands(condition.patterns.size() - i) + " more";
        break;
      }
      text.append(i == 0 ? "" : " or ").append(in_quotes(condition.patterns[i]));
    }
  }
  return text;
}

std::string rollouts_text(const internal::Manifest& manifest, const internal::CallerRule& rule) {
  std::string text;
  for (const internal::CallerRollout& rollout : rule.rollouts) {
    text.append(text.empty() ? "to " : "; to ").append(in_quotes(manifest.namespaces[rollout.to].name));
    text.append(" by ").append(to_string(rule.by)).append(": ").append(schedule_text(rollout.schedule));
  }
  return text;
}

}  // namespace almanac::inspect
