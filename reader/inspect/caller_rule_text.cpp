#include "caller_rule_text.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "percentage.h"
#include "quantity.h"
#include "terminal_text.h"

namespace almanac::inspect {
namespace {

constexpr std::size_t kMostPatterns = 10;
// The first of many, and the last.
constexpr std::size_t kMostStages = 6;

using Patterns = std::vector<std::string_view>;

// The first of them, and how many there are beside these.
std::string listed(const Patterns& patterns, std::string_view between) {
  std::string text;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    text += i == 0 ? "" : between;
    if (i == kMostPatterns) return text + with_thousands(patterns.size() - i) + " more";
    text += in_quotes(patterns[i]);
  }
  return text;
}

// Both are in byte order.
Patterns only_in_first(const Patterns& first, const Patterns& second) {
  Patterns only;
  std::ranges::set_difference(first, second, std::back_inserter(only));
  return only;
}

std::string stage_text(const internal::Stage& stage) { return percentage_text(stage.share) + " at " + rfc3339(stage.at); }

std::string schedule_text(const internal::Schedule& schedule) {
  const auto& stages = schedule.stages;
  const bool always = !schedule.is_ramp && stages.size() == 1 && stages.front().at == internal::kAlways;
  if (always) return percentage_text(stages.front().share) + " always";
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

std::string changed_patterns_text(const internal::CallerRule& before, const internal::CallerRule& after) {
  std::string text;
  const auto append = [&text](std::string_view property, const Patterns& patterns, std::string_view what) {
    if (patterns.empty()) return;
    text.append(text.empty() ? "" : "; ").append(visible(property)).append(" ").append(what).append(" ").append(listed(patterns, ", "));
  };
  for (std::size_t i = 0; i < std::min(before.conditions.size(), after.conditions.size()); ++i) {
    const internal::Condition& was = before.conditions[i];
    const internal::Condition& is = after.conditions[i];
    append(was.property, only_in_first(was.patterns, is.patterns), "without");
    append(is.property, only_in_first(is.patterns, was.patterns), "with");
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
