#include "model/caller_checks.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inspect/near_names.h"
#include "model/pattern_inclusion.h"
#include "model/places.h"
#include "model/quoted.h"

namespace almanac::model {
namespace {

constexpr std::size_t kMostSuggestions = 100;

class NamespaceCheck {
 public:
  NamespaceCheck(const Registry& registry, Problems& problems) : problems_(problems) {
    for (const Namespace& space : registry.namespaces) names_.push_back(space.name);
    std::ranges::sort(names_);
  }

  // An empty name was reported when it was read.
  void check(std::string_view name, const Location& location, const std::string& subject) {
    if (name.empty() || std::ranges::binary_search(names_, name)) return;
    std::string message = subject + quoted(name) + ", which no document defines";
    if (suggestions_++ < kMostSuggestions) {
      const auto near = inspect::nearest(name, names_, 1);
      if (!near.empty()) message += "; did you mean " + quoted(near.front()) + '?';
    }
    problems_.push_back({location, std::move(message)});
  }

 private:
  Problems& problems_;
  std::vector<std::string_view> names_;
  std::size_t suggestions_ = 0;
};

struct WideCondition {
  std::string_view property;
  std::vector<Pattern> patterns;
};

struct WideRule {
  std::size_t number = 0;  // in the list
  std::vector<WideCondition> conditions;
};

WideRule wide_rule(const CallerRule& rule, std::size_t number) {
  WideRule made{number, {}};
  for (const internal::Condition& condition : rule.conditions) {
    made.conditions.push_back({condition.property, {condition.patterns.begin(), condition.patterns.end()}});
  }
  return made;
}

// Whether a caller that meets `narrow` certainly meets `wide`.
bool covers(const WideCondition& wide, const WideCondition& narrow, std::uint64_t& steps) {
  return wide.property == narrow.property && std::ranges::all_of(narrow.patterns, [&](const Pattern& pattern) {
           return std::ranges::any_of(wide.patterns, [&](const Pattern& wider) { return wider.covers(pattern, steps); });
         });
}

bool covers(const WideRule& wide, const WideRule& narrow, std::uint64_t& steps) {
  return std::ranges::all_of(wide.conditions, [&](const WideCondition& wider) {
    return std::ranges::any_of(narrow.conditions, [&](const WideCondition& condition) { return covers(wider, condition, steps); });
  });
}

// As a manifest has them: each text, and each condition, ends in a byte of its own.
std::size_t size_of(const internal::Condition& condition) {
  std::size_t size = condition.property.size() + 2;
  for (const std::string_view pattern : condition.patterns) size += pattern.size() + 1;
  return size;
}

void check_totals(const Registry& registry, Problems& problems) {
  std::size_t bytes = 0;
  std::size_t stages = 0;
  for (std::size_t i = 0; i < registry.caller_rules.size(); ++i) {
    const CallerRule& rule = registry.caller_rules[i];
    for (const internal::Condition& condition : rule.conditions) bytes += size_of(condition);
    for (const CallerRollout& rollout : rule.rollouts) stages += rollout.schedule.stages.size();
    const char* too_much = bytes > internal::kMaxConditionBytes ? "conditions of more than 1 MiB; shorten or drop some"
                           : stages > internal::kMaxRuleStages  ? "more than 100,000 stages of rollouts; drop those that are over"
                                                                : nullptr;
    if (too_much == nullptr) continue;
    problems.push_back({rule.location, "caller rule " + std::to_string(i + 1) + ": with it the rules have " + too_much});
    return;
  }
}

void check_reached(const Registry& registry, Problems& problems) {
  constexpr std::uint64_t kMostSteps = 100'000'000;
  std::uint64_t steps = kMostSteps;
  std::vector<WideRule> earlier;
  for (std::size_t i = 0; i < registry.caller_rules.size(); ++i) {
    if (registry.caller_rules[i].matches_unknown) continue;
    WideRule rule = wide_rule(registry.caller_rules[i], i);
    const auto found = std::ranges::find_if(earlier, [&](const WideRule& wide) { return covers(wide, rule, steps); });
    if (found != earlier.end()) {
      const std::string before =
          "rule " + std::to_string(found->number + 1) + " at " + place(registry.files, registry.caller_rules[found->number].location);
      const std::string why = found->conditions.empty() ? " has no when, and matches every caller" : " matches every caller that it does";
      problems.push_back({registry.caller_rules[i].location, "caller rule " + std::to_string(i + 1) + ": is never reached: " + before +
                                                                 why + "; move it before that one, or remove it"});
    }
    earlier.push_back(std::move(rule));
  }
}

}  // namespace

void check_callers(const Registry& registry, Problems& problems) {
  NamespaceCheck namespaces(registry, problems);
  for (std::size_t i = 0; i < registry.caller_rules.size(); ++i) {
    const CallerRule& rule = registry.caller_rules[i];
    const std::string subject = "caller rule " + std::to_string(i + 1);
    namespaces.check(rule.name_space, rule.name_space_location, subject + ": gives namespace ");
    for (const CallerRollout& rollout : rule.rollouts) {
      namespaces.check(rollout.to, rollout.to_location, subject + ": rollout goes to namespace ");
    }
  }
  check_totals(registry, problems);
  check_reached(registry, problems);
}

}  // namespace almanac::model
