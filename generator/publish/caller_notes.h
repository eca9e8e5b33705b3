// What is said about rules that are in order: where each rollout stands, and what may not be meant.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "publish/caller_facts.h"

namespace almanac::publish {

// "rule 1 blue -> green: 40 % now, 100 % at 2026-11-20T09:30:00Z, in 16 min".
[[nodiscard]] std::string rollout_text(const RuleRollout& rollout, internal::Moment now);

// A line each; of many the first ones, and how many more there are.
[[nodiscard]] std::vector<std::string> rollout_lines(const CallerFacts& facts, internal::Moment now);

struct CallerNote {
  std::string text;                    // "caller rule 1: rollout to "green" loses 1 service that "blue" has: only-blue"
  std::size_t rule = 0;                // that it is about, from 1
  std::optional<std::size_t> rollout;  // of that rule, from 0; nothing: the rule itself
};

// Rollouts to namespaces that lack services, and rules that leave callers without a namespace. Throws Error as Snapshot::in() does.
[[nodiscard]] std::vector<CallerNote> caller_notes(const Snapshot& snapshot);
[[nodiscard]] std::vector<CallerNote> caller_notes(const model::Registry& registry);

}  // namespace almanac::publish
