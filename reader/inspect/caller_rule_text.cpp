#include "caller_rule_text.h"

#include <cstddef>
#include <utility>

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

std::vector<std::string> when_words(const internal::CallerRule& rule) {
  std::vector<std::string> words;
  for (const internal::Condition& condition : rule.conditions) {
    if (!words.empty()) words.back() += ",";
    std::string before = (words.empty() ? "" : "and ") + visible(condition.property) + " is ";
    for (std::size_t i = 0; i < condition.patterns.size(); ++i) {
      if (i == kMostPatterns) {
        words.push_back("or " + with_thousands(condition.patterns.size() - i) + " more");
        break;
      }
      words.push_back(std::exchange(before, "or ") + in_quotes(condition.patterns[i]));
    }
  }
  return words;
}

std::string when_text(const internal::CallerRule& rule) {
  std::string text;
  for (const std::string& word : when_words(rule)) text.append(text.empty() ? "" : " ").append(word);
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
