// Which namespace a caller gets: the rules of a snapshot, from its manifest. schema/FORMAT.md, "Caller rules".
//
//   if (const CallerRule* rule = rule_for(rules, caller)) {
//     const Move move = move_of(*rule, caller, key);
//     const std::uint32_t number = move.has_happened(now) ? move.rollout->to : rule->name_space;
//   }
//
// Pure functions of their arguments. What explains a choice goes through the same ones as what makes it.
#pragma once

#include <almanac/caller.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rollout.h"

namespace almanac::internal {

inline constexpr std::size_t kMaxCallerRules = 1000;
inline constexpr std::size_t kMaxConditions = 255;  // of a rule
inline constexpr std::size_t kMaxPatterns = 255;    // of a condition
inline constexpr std::size_t kMaxPropertyName = 255;
inline constexpr std::size_t kMaxPattern = 1024;
inline constexpr std::size_t kMaxRollouts = 16;  // of a rule
// Of all rules together, so that a small file cannot ask for much memory, or for much time when a caller is held against them.
inline constexpr std::size_t kMaxConditionBytes = std::size_t{128} << 10U;
inline constexpr std::size_t kMaxRuleStages = 100'000;

// What the callers of a rollout are told apart by. Never renumber.
enum class RolloutBy : std::uint8_t { kInstance = 1, kCaller = 2, kKey = 3 };
[[nodiscard]] std::string_view to_string(RolloutBy by) noexcept;  // "instance", "caller", "key"

// The caller has the property, and one of the patterns matches its value. Texts are borrowed.
struct Condition {
  std::string_view property;
  std::vector<std::string_view> patterns;  // in byte order, none twice
  [[nodiscard]] bool matches(const Caller& caller) const noexcept;
};

struct CallerRollout {
  std::uint32_t to = 0;     // a namespace of the manifest
  std::uint32_t begin = 0;  // its buckets are those from here on, as many as its share
  Schedule schedule;
};

struct CallerRule {
  std::uint32_t name_space = 0;       // a namespace of the manifest
  std::vector<Condition> conditions;  // all must match; none: every caller. In byte order of their properties, none twice
  RolloutBy by = RolloutBy::kInstance;
  std::vector<CallerRollout> rollouts;  // each with buckets of its own
  std::uint64_t seed = 0;               // of the buckets

  // The first condition that does not match; nullptr: the rule matches.
  [[nodiscard]] const Condition* first_mismatch(const Caller& caller) const noexcept;
};

// The first rule that matches; nullptr: none does.
[[nodiscard]] const CallerRule* rule_for(std::span<const CallerRule> rules, const Caller& caller) noexcept;

// What the rollouts of a rule do to one caller.
struct Move {
  std::optional<std::uint32_t> bucket;     // among all that the rule matches; nothing: it has no identity, and stays
  const CallerRollout* rollout = nullptr;  // whose bucket that is; nullptr: nobody's
  std::optional<Moment> moment;            // nothing: it never moves
  [[nodiscard]] bool has_happened(Moment now) const noexcept { return moment && now >= *moment; }
};
[[nodiscard]] Move move_of(const CallerRule& rule, const Caller& caller, std::string_view key);
// The same for an identity that is known: a key, where the rollouts go by one. Empty: it stays.
[[nodiscard]] Move move_of(const CallerRule& rule, std::string_view identity) noexcept;

// What tells this caller apart; empty: nothing does.
[[nodiscard]] std::string identity_of(RolloutBy by, const Caller& caller, std::string_view key);

// Of the rollouts between two namespaces.
[[nodiscard]] std::uint64_t seed_of(std::string_view name_space, std::string_view to);

}  // namespace almanac::internal
