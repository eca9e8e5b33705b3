#include "publish/caller_facts.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "snapshot_data.h"

namespace almanac::publish {
namespace {

// `name_of` tells what a rule or a rollout calls a namespace.
template <typename Rules, typename NameOf>
CallerFacts facts_from(const Rules& rules, std::vector<std::string_view> namespaces, const NameOf& name_of) {
  CallerFacts facts;
  facts.rules = rules.size();
  facts.namespaces = std::move(namespaces);
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto& rule = rules[i];
    const std::string_view from = name_of(rule.name_space);
    if (rule.conditions.empty()) facts.for_everybody = EverybodysRule{i + 1, from};
    for (std::size_t place = 0; place < rule.rollouts.size(); ++place) {
      const auto& rollout = rule.rollouts[place];
      facts.rollouts.push_back({i + 1, place, from, name_of(rollout.to), &rollout.schedule});
    }
  }
  return facts;
}

std::vector<std::string_view> without(const std::vector<std::string_view>& names, const std::vector<std::string_view>& others) {
  std::vector<std::string_view> rest;
  std::ranges::set_difference(names, others, std::back_inserter(rest));
  return rest;
}

std::vector<std::string_view> names_in(const Namespace& name_space) {
  std::vector<std::string_view> names;
  for (const Service& service : name_space) names.push_back(service.name());
  return names;
}

std::vector<std::string_view> names_in(const model::Registry& registry, std::string_view name) {
  std::vector<std::string_view> names;
  const auto found = std::ranges::find(registry.namespaces, name, &model::Namespace::name);
  if (found == registry.namespaces.end()) return names;
  for (const model::Service& service : found->services) names.push_back(service.name);
  return names;
}

}  // namespace

CallerFacts facts_of(const Snapshot& snapshot) {
  const internal::Manifest& manifest = internal::data_of(snapshot).manifest();
  std::vector<std::string_view> names;
  for (const internal::ManifestNamespace& name_space : internal::each_of(manifest.namespaces)) names.push_back(name_space.name);
  return facts_from(manifest.caller_rules, names, [&manifest](std::uint32_t number) { return manifest.namespaces[number].name; });
}

CallerFacts facts_of(const model::Registry& registry) {
  std::vector<std::string_view> names;
  for (const model::Namespace& name_space : registry.namespaces) names.push_back(name_space.name);
  return facts_from(registry.caller_rules, std::move(names), [](std::string_view name) { return name; });
}

std::vector<std::string_view> services_lost(const Snapshot& snapshot, std::string_view from, std::string_view to) {
  return without(names_in(internal::open_checked(snapshot, from)), names_in(internal::open_checked(snapshot, to)));
}

std::vector<std::string_view> services_lost(const model::Registry& registry, std::string_view from, std::string_view to) {
  return without(names_in(registry, from), names_in(registry, to));
}

}  // namespace almanac::publish
