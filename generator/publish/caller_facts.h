// What a registry's rules about callers come to, be it compiled or not: for guards, and for what is said beside them.
//
//   const CallerFacts facts = facts_of(snapshot);
//   if (facts.rules != 0 && !facts.for_everybody) warn(facts.rules);
//
// Borrows from the snapshot or the registry.
#pragma once

#include <almanac/snapshot.h>

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "model/registry.h"
#include "rollout.h"

namespace almanac::publish {

struct RuleRollout {
  std::size_t rule = 0;   // its place in the list, from 1
  std::size_t place = 0;  // among the rollouts of its rule, from 0
  std::string_view from;  // namespaces
  std::string_view to;
  const internal::Schedule* schedule = nullptr;
};

// A rule without conditions.
struct EverybodysRule {
  std::size_t number = 0;  // from 1
  std::string_view name_space;
};

struct CallerFacts {
  std::size_t rules = 0;
  std::vector<std::string_view> namespaces;  // of the registry, in byte order
  std::optional<EverybodysRule> for_everybody;
  std::vector<RuleRollout> rollouts;
};

[[nodiscard]] CallerFacts facts_of(const Snapshot& snapshot);
// One that is valid and resolved.
[[nodiscard]] CallerFacts facts_of(const model::Registry& registry);

// The services of namespace `from` whose names `to` does not have, in byte order. Throws Error as Snapshot::in() does.
[[nodiscard]] std::vector<std::string_view> services_lost(const Snapshot& snapshot, std::string_view from, std::string_view to);
[[nodiscard]] std::vector<std::string_view> services_lost(const model::Registry& registry, std::string_view from, std::string_view to);

}  // namespace almanac::publish
