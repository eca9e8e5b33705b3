// The rollouts of a registry at a moment: those of its caller rules, and that of a generation that comes in phases.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "caller_rules.h"
#include "past_generations.h"
#include "subject.h"

namespace almanac::inspect {

enum class RolloutState { kAlways, kNotBegun, kUnderWay, kOver };  // always: its share is the same at every moment
[[nodiscard]] RolloutState state_of(const internal::Schedule& schedule, internal::Moment now) noexcept;
[[nodiscard]] std::string_view to_string(RolloutState state) noexcept;  // "always", "not begun", "under way", "over"

// Of a rule. Borrows from the snapshot.
struct RolloutReport {
  std::string_view from;  // namespaces
  std::string_view to;
  const internal::CallerRollout* rollout = nullptr;
  std::uint32_t share = 0;  // of the rule's callers, in millionths
  RolloutState state = RolloutState::kAlways;
};

// In their order. `rule` is one of the snapshot's.
[[nodiscard]] std::vector<RolloutReport> rollouts_of(const Snapshot& snapshot, const internal::CallerRule& rule, internal::Moment now);

struct RuleRollouts {
  std::size_t number = 0;  // the rule's place in the list, from 1
  const internal::CallerRule* rule = nullptr;
  std::vector<RolloutReport> rollouts;  // one or more
};

struct RolloutsReport {
  Subject subject;  // the generation's rollout is in its publication
  internal::Moment at;
  std::vector<RuleRollouts> rules;  // that have rollouts
  std::optional<RolloutEnd> end;    // of the generation's
};

// Throws Error as end_of_rollout() does.
[[nodiscard]] RolloutsReport find_rollouts(Subject subject, internal::Moment at);

}  // namespace almanac::inspect
