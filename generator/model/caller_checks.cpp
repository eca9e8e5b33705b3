#include "model/caller_checks.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/namespace_names.h"
#include "model/pattern_inclusion.h"
#include "model/places.h"

namespace almanac::model {
namespace {

struct ComparedCondition {
  std::string_view property;
  std::vector<Pattern> patterns;
};

struct ComparedRule {
  std::size_t number = 0;                     // in the list
  std::vector<ComparedCondition> conditions;  // in byte order of their properties, none twice
};

ComparedRule compared(const CallerRule& rule, std::size_t number) {
  ComparedRule made{number, {}};
  for (const internal::Condition& condition : rule.conditions) {
    made.conditions.push_back({condition.property, {condition.patterns.begin(), condition.patterns.end()}});
  }
  return made;
}

// Whether a caller that meets `narrow` certainly meets `wide`.
bool covers(const ComparedCondition& wide, const ComparedCondition& narrow, std::uint64_t& steps) {
  return std::ranges::all_of(narrow.patterns, [&](const Pattern& pattern) {
    return std::ranges::any_of(wide.patterns, [&](const Pattern& wider) { return wider.covers(pattern, steps); });
  });
}

bool covers(const ComparedRule& wide, const ComparedRule& narrow, std::uint64_t& steps) {
  return std::ranges::all_of(wide.conditions, [&](const ComparedCondition& wider) {
    const auto same = std::ranges::lower_bound(narrow.conditions, wider.property, {}, &ComparedCondition::property);
    return same != narrow.conditions.end() && same->property == wider.property && covers(wider, *same, steps);
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
  std::vector<ComparedRule> earlier;
  for (std::size_t i = 0; i < registry.caller_rules.size(); ++i) {
    if (registry.caller_rules[i].matches_unknown) continue;
    ComparedRule rule = compared(registry.caller_rules[i], i);
    const auto found = std::ranges::find_if(earlier, [&](const ComparedRule& wide) { return covers(wide, rule, steps); });
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

void check_namespaces(const Registry& registry, Problems& problems) {
  for (std::size_t i = 0; i < registry.caller_rules.size(); ++i) {
    const auto check = [&](const char* what, std::string_view name, const Location& location) {
      // An empty name was reported when it was read.
      if (name.empty() || find_namespace(registry, name)) return;
      problems.push_back({location, "caller rule " + std::to_string(i + 1) + what + unknown_namespace(registry, name, problems)});
    };
    const CallerRule& rule = registry.caller_rules[i];
    check(": gives namespace ", rule.name_space, rule.name_space_location);
    for (const CallerRollout& rollout : rule.rollouts) check(": rollout goes to namespace ", rollout.to, rollout.to_location);
  }
}

}  // namespace

void check_callers(const Registry& registry, Problems& problems) {
  check_namespaces(registry, problems);
  check_totals(registry, problems);
  check_reached(registry, problems);
}

}  // namespace almanac::model
