#include "compile/caller_rules_encoder.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "schedule_format.h"

namespace almanac::compile {

namespace {

constexpr char kEnd = '\0';

std::uint32_t number_of(const model::Registry& registry, std::string_view name) {
  const auto found = std::ranges::lower_bound(registry.namespaces, name, {}, &model::Namespace::name);
  return static_cast<std::uint32_t>(found - registry.namespaces.begin());
}

std::uint32_t count(std::size_t size) { return static_cast<std::uint32_t>(size); }

}  // namespace

EncodedCallerRules encode_caller_rules(const model::Registry& registry) {
  EncodedCallerRules encoded;
  for (const model::CallerRule& rule : registry.caller_rules) {
    encoded.rules.emplace_back(number_of(registry, rule.name_space), count(rule.conditions.size()), count(rule.rollouts.size()));
    for (const internal::Condition& condition : rule.conditions) {
      encoded.conditions.append(condition.property).push_back(kEnd);
      for (const std::string_view pattern : condition.patterns) encoded.conditions.append(pattern).push_back(kEnd);
      encoded.conditions.push_back(kEnd);
    }
    for (const model::CallerRollout& rollout : rule.rollouts) {
      const std::vector<format::Stage> stages = internal::write_schedule(rollout.schedule);
      encoded.rollouts.emplace_back(number_of(registry, rollout.to), count(stages.size()), static_cast<std::uint8_t>(rule.by),
                                    rollout.schedule.is_ramp);
      encoded.stages.insert(encoded.stages.end(), stages.begin(), stages.end());
    }
  }
  return encoded;
}

}  // namespace almanac::compile
