#include "caller_rules.h"

#include <algorithm>

#include "glob.h"
#include "perfect_hash.h"

namespace almanac::internal {

std::string_view to_string(RolloutBy by) noexcept {
  switch (by) {
    case RolloutBy::kInstance: return "instance";
    case RolloutBy::kCaller: return "caller";
    case RolloutBy::kKey: return "key";
  }
  return "unknown";
}

bool Condition::matches(const Caller& caller) const noexcept {
  const std::string_view value = caller.get(property);
  return !value.empty() && std::ranges::any_of(patterns, [value](std::string_view pattern) { return glob_matches(pattern, value); });
}

const Condition* CallerRule::first_mismatch(const Caller& caller) const noexcept {
  const auto found = std::ranges::find_if(conditions, [&caller](const Condition& condition) { return !condition.matches(caller); });
  return found == conditions.end() ? nullptr : &*found;
}

const CallerRule* rule_for(std::span<const CallerRule> rules, const Caller& caller) noexcept {
  const auto found = std::ranges::find_if(rules, [&caller](const CallerRule& rule) { return rule.first_mismatch(caller) == nullptr; });
  return found == rules.end() ? nullptr : &*found;
}

Move move_of(const CallerRule& rule, const Caller& caller, std::string_view key) {
  return rule.rollouts.empty() ? Move() : move_of(rule, identity_of(rule.by, caller, key));
}

Move move_of(const CallerRule& rule, std::string_view identity) noexcept {
  Move move;
  if (rule.rollouts.empty() || identity.empty()) return move;
  const std::uint32_t bucket = bucket_of(identity, rule.seed);
  move.bucket = bucket;
  for (const CallerRollout& rollout : rule.rollouts) {
    if (bucket < rollout.begin || bucket - rollout.begin >= rollout.schedule.final_share()) continue;
    move.rollout = &rollout;
    move.moment = rollout.schedule.moment_of(bucket - rollout.begin);
    break;
  }
  return move;
}

std::string identity_of(RolloutBy by, const Caller& caller, std::string_view key) {
  if (by == RolloutBy::kKey) return std::string(key);
  if (by == RolloutBy::kInstance) return std::string(caller.get("instance"));
  std::string identity;
  for (const auto& [name, value] : caller.properties()) {
    if (name != "instance" && name != "version") identity.append(name).append(1, '\0').append(value).append(1, '\0');
  }
  return identity;
}

std::uint64_t seed_of(std::string_view name_space, std::string_view to) {
  return hash_name(std::string(name_space).append(1, '\0').append(to), 0);
}

}  // namespace almanac::internal
