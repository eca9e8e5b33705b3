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

struct CompiledCondition {
  std::string_view property;
  std::vector<Pattern> patterns;
};
using CompiledRule = std::vector<CompiledCondition>;

CompiledRule compiled(const CallerRule& rule) {
  CompiledRule made;
  for (const internal::Condition& condition : rule.conditions) {
    made.push_back({condition.property, {condition.patterns.begin(), condition.patterns.end()}});
  }
  return made;
}

// Whether a caller that meets `narrow` certainly meets `wide`.
bool covers(const CompiledCondition& wide, const CompiledCondition& narrow, std::uint64_t& steps) {
  return wide.property == narrow.property && std::ranges::all_of(narrow.patterns, [&](const Pattern& pattern) {
           return std::ranges::any_of(wide.patterns, [&](const Pattern& wider) { return wider.covers(pattern, steps); });
         });
}

bool covers(const CompiledRule& wide, const CompiledRule& narrow, std::uint64_t& steps) {
  return std::ranges::all_of(wide, [&](const CompiledCondition& wider) {
    return std::ranges::any_of(narrow, [&](const CompiledCondition& condition) { return covers(wider, condition, steps); });
  });
}

void check_reached(const Registry& registry, Problems& problems) {
  constexpr std::uint64_t kMostSteps = 1'000'000'000;
  std::uint64_t steps = kMostSteps;
  std::vector<CompiledRule> earlier;
  for (const CallerRule& rule : registry.caller_rules) {
    earlier.push_back(compiled(rule));
    const auto end = earlier.end() - 1;
    const auto found = std::find_if(earlier.begin(), end, [&](const CompiledRule& wide) { return covers(wide, *end, steps); });
    if (found == end) continue;
    const auto number = static_cast<std::size_t>(found - earlier.begin());
    const std::string first = "rule " + std::to_string(number + 1) + " at " + place(registry.files, registry.caller_rules[number].location);
    problems.push_back(
        {rule.location, "caller rule " + std::to_string(earlier.size()) + ": is never reached: " + first +
                            (found->empty() ? " has no when and matches every caller" : " matches every caller that it does") +
                            "; move it before that one, or remove it"});
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
  check_reached(registry, problems);
}

}  // namespace almanac::model
