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
  std::vector<Pattern> patterns;  // in byte order
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

// Whether a value that `pattern` matches certainly meets `wide`.
bool covers(const ComparedCondition& wide, const Pattern& pattern, Steps& steps) {
  if (!steps.take()) return false;
  return std::ranges::binary_search(wide.patterns, pattern.text(), {}, &Pattern::text) ||
         std::ranges::any_of(wide.patterns, [&](const Pattern& wider) { return wider.covers(pattern, steps); });
}

// What earlier rules leave of one. A caller that it matches has, for each of its conditions, a value that one of the patterns matches;
// so it is never reached when, for some condition, each pattern alone (the other conditions as they are) makes a rule that an
// earlier one covers.
class Coverage {
 public:
  explicit Coverage(const ComparedRule& rule) : rule_(rule) {
    for (const ComparedCondition& condition : rule.conditions) covering_.emplace_back(condition.patterns.size());
  }

  // The earlier rules that together leave nothing once `wide`, which is the next of them, has taken its part; else none.
  [[nodiscard]] std::vector<const ComparedRule*> add(const ComparedRule& wide, Steps& steps) {
    if (wide.conditions.size() > rule_.conditions.size()) return {};
    std::optional<std::size_t> partly;  // the one condition that it does not cover whole
    for (const ComparedCondition& wider : wide.conditions) {
      const auto same = std::ranges::lower_bound(rule_.conditions, wider.property, {}, &ComparedCondition::property);
      if (!steps.take() || same == rule_.conditions.end() || same->property != wider.property) return {};
      looked_at_.clear();
      for (const Pattern& pattern : same->patterns) looked_at_.push_back(covers(wider, pattern, steps));
      const auto count = std::ranges::count(looked_at_, true);
      if (static_cast<std::size_t>(count) == looked_at_.size()) continue;
      if (partly || count == 0) return {};
      partly = static_cast<std::size_t>(same - rule_.conditions.begin());
      covered_.swap(looked_at_);
    }
    if (!partly) return {&wide};
    Covering& covering = covering_[*partly];
    for (std::size_t i = 0; i < covering.size(); ++i) {
      if (covered_[i] && covering[i] == nullptr) covering[i] = &wide;
    }
    if (std::ranges::find(covering, nullptr) != covering.end()) return {};
    Covering each = covering;
    std::ranges::sort(each, {}, &ComparedRule::number);
    each.erase(std::ranges::unique(each).begin(), each.end());
    return each;
  }

 private:
  using Covering = std::vector<const ComparedRule*>;  // by pattern; nullptr: none so far

  const ComparedRule& rule_;
  std::vector<Covering> covering_;  // by condition
  std::vector<bool> looked_at_;     // whether the condition of add() covers it, by pattern
  std::vector<bool> covered_;       // the same of the one that it covers partly
};

// Those that leave nothing of `rule`; none when something is left.
std::vector<const ComparedRule*> covering(const ComparedRule& rule, const std::vector<ComparedRule>& earlier, Steps& steps) {
  Coverage coverage(rule);
  for (const ComparedRule& wide : earlier) {
    if (auto because = coverage.add(wide, steps); !because.empty()) return because;
  }
  return {};
}

// As a manifest has them: each text, and each condition, ends in a byte of its own.
std::size_t size_of(const internal::Condition& condition) {
  std::size_t size = condition.property.size() + 2;
  for (const std::string_view pattern : condition.patterns) size += pattern.size() + 1;
  return size;
}

// Whether there is not too much.
bool check_totals(const Registry& registry, Problems& problems) {
  std::size_t bytes = 0;
  std::size_t stages = 0;
  for (std::size_t i = 0; i < registry.caller_rules.size(); ++i) {
    const CallerRule& rule = registry.caller_rules[i];
    for (const internal::Condition& condition : rule.conditions) bytes += size_of(condition);
    for (const CallerRollout& rollout : rule.rollouts) stages += rollout.schedule.stages.size();
    const char* too_much = bytes > internal::kMaxConditionBytes ? "conditions of more than 128 KiB; shorten or drop some"
                           : stages > internal::kMaxRuleStages  ? "more than 100,000 stages of rollouts; drop those that are over"
                                                                : nullptr;
    if (too_much == nullptr) continue;
    problems.push_back({rule.location, "caller rule " + std::to_string(i + 1) + ": with it the rules have " + too_much});
    return false;
  }
  return true;
}

std::string never_reached(const Registry& registry, const std::vector<const ComparedRule*>& because) {
  constexpr std::size_t kMostNamed = 3;
  std::string rules;
  for (std::size_t i = 0; i < std::min(because.size(), kMostNamed); ++i) {
    const std::size_t number = because[i]->number;
    rules += i == 0 ? "rule " : i + 1 == because.size() ? " and rule " : ", rule ";
    rules += std::to_string(number + 1) + " at " + place(registry.files, registry.caller_rules[number].location);
  }
  if (because.size() > kMostNamed) rules += " and " + std::to_string(because.size() - kMostNamed) + " more";
  if (because.size() > 1) return rules + " together match every caller that it does; move it before them, or remove it";
  return rules + (because.front()->conditions.empty() ? " has no when, and matches every caller" : " matches every caller that it does") +
         "; move it before that one, or remove it";
}

std::optional<std::size_t> check_reached(const Registry& registry, Problems& problems, Steps steps) {
  std::optional<std::size_t> first_not_compared;
  std::vector<ComparedRule> earlier;
  for (std::size_t i = 0; i < registry.caller_rules.size(); ++i) {
    if (registry.caller_rules[i].matches_unknown) continue;
    ComparedRule rule = compared(registry.caller_rules[i], i);
    if (const auto because = covering(rule, earlier, steps); !because.empty()) {
      problems.push_back({registry.caller_rules[i].location,
                          "caller rule " + std::to_string(i + 1) + ": is never reached: " + never_reached(registry, because)});
    }
    if (steps.ran_out() && !first_not_compared) first_not_compared = i;
    earlier.push_back(std::move(rule));
  }
  return first_not_compared;
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

std::optional<std::size_t> check_callers(const Registry& registry, Problems& problems, std::uint64_t most_steps) {
  check_namespaces(registry, problems);
  return check_totals(registry, problems) ? check_reached(registry, problems, Steps(most_steps)) : std::nullopt;
}

}  // namespace almanac::model
