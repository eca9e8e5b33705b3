#include "support/crafted_rules.h"

#include <algorithm>
#include <stdexcept>

#include "schedule_format.h"
#include "support/registry_builder.h"

namespace almanac::support {

RuledSnapshot::RuledSnapshot(const std::vector<std::string>& namespaces) : namespaces_(namespaces) {
  std::vector<NamespaceBuilder> builders;
  for (const std::string& name : namespaces) builders.push_back({name, {}});
  const model::Registry registry = support::registry(builders);
  snapshot_.add_frame(CraftedFrame::of(registry.namespaces).encode());
  for (std::uint32_t part = 0; part < namespaces.size(); ++part) snapshot_.add_namespace(namespaces[part], 0, part, 0, 0);
}

RuledSnapshot& RuledSnapshot::rule(const std::string& name_space, const std::vector<CraftedCondition>& conditions,
                                   const std::vector<CraftedRollout>& rollouts, internal::RolloutBy by) {
  CraftedManifest& manifest = snapshot_.manifest;
  manifest.caller_rules.emplace_back(number_of(name_space), static_cast<std::uint32_t>(conditions.size()),
                                     static_cast<std::uint32_t>(rollouts.size()));
  for (const CraftedCondition& condition : conditions) {
    manifest.caller_conditions.append(condition.property).append(1, '\0');
    for (const std::string& pattern : condition.patterns) manifest.caller_conditions.append(pattern).append(1, '\0');
    manifest.caller_conditions.append(1, '\0');
  }
  for (const CraftedRollout& rollout : rollouts) {
    const auto stages = internal::write_schedule(rollout.schedule);
    manifest.caller_rollouts.emplace_back(number_of(rollout.to), static_cast<std::uint32_t>(stages.size()), static_cast<std::uint8_t>(by),
                                          rollout.schedule.is_ramp);
    manifest.caller_stages.insert(manifest.caller_stages.end(), stages.begin(), stages.end());
  }
  return *this;
}

std::uint32_t RuledSnapshot::number_of(const std::string& name_space) const {
  const auto found = std::ranges::find(namespaces_, name_space);
  if (found == namespaces_.end()) throw std::logic_error("a test's rule names no namespace of its snapshot: " + name_space);
  return static_cast<std::uint32_t>(found - namespaces_.begin());
}

}  // namespace almanac::support
