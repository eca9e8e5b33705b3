// What a registry and its problems must be, wherever they come from.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "demand.h"
#include "model/caller_property.h"
#include "model/encoding.h"
#include "model/field_rules.h"
#include "model/problem.h"
#include "model/registry.h"

namespace almanac::fuzz {

inline void demand_valid(const model::Endpoint& endpoint) {
  demand(!model::uri_fault(endpoint.uri));
  demand(endpoint.version.empty() || !model::version_fault(endpoint.version));
  demand(endpoint.zone.empty() || !model::zone_fault(endpoint.zone));
}

inline void demand_valid(const model::Service& service) {
  demand(!model::service_name_fault(service.name));
  demand(service.value || !service.endpoints.empty());
  demand(!service.value || !model::value_fault(*service.value));
  demand(std::ranges::is_sorted(service.tags));
  demand(std::ranges::is_sorted(service.attributes, {}, &model::Attribute::key));
  for (const auto& attribute : service.attributes) demand(!model::attribute_value_fault(attribute.value));
  for (const auto& endpoint : service.endpoints) demand_valid(endpoint);
}

inline void demand_valid(const model::CallerRule& rule, const model::Registry& registry) {
  const auto is_there = [&registry](std::string_view name) {
    return std::ranges::binary_search(registry.namespaces, name, {}, &model::Namespace::name);
  };
  demand(is_there(rule.name_space));
  demand(std::ranges::is_sorted(rule.conditions, {}, &internal::Condition::property));
  for (const auto& condition : rule.conditions) {
    demand(!model::caller_property_fault(condition.property));
    demand(!condition.patterns.empty() && std::ranges::is_sorted(condition.patterns));
    for (const std::string_view pattern : condition.patterns) demand(!model::pattern_fault(pattern));
  }
  std::uint64_t share = 0;
  for (const auto& rollout : rule.rollouts) {
    demand(is_there(rollout.to) && rollout.to != rule.name_space);
    demand(fault_of(rollout.schedule) == nullptr);
    share += rollout.schedule.final_share();
  }
  demand(share <= kWholeShare);
}

inline void demand_valid(const model::Registry& registry) {
  demand(std::ranges::is_sorted(registry.namespaces, {}, &model::Namespace::name));
  for (const auto& space : registry.namespaces) {
    demand(!model::namespace_name_fault(space.name));
    demand(space.inherits.empty());
    demand(std::ranges::is_sorted(space.services, {}, &model::Service::name));
    for (const auto& service : space.services) demand_valid(service);
  }
  for (const auto& rule : registry.caller_rules) demand_valid(rule, registry);
}

// A line for a terminal.
inline void demand_printable(std::string_view line) {
  demand(!model::first_invalid_utf8(line));
  demand(std::ranges::none_of(line, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }));
}

inline void demand_printable(const model::Problem& problem) {
  demand(problem.location.line > 0 && problem.location.column > 0);
  demand_printable(problem.message);
}

}  // namespace almanac::fuzz
