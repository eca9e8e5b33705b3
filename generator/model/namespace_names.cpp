#include "model/namespace_names.h"

#include <algorithm>
#include <vector>

#include "inspect/near_names.h"
#include "model/quoted.h"

namespace almanac::model {

std::optional<std::size_t> find_namespace(const Registry& registry, std::string_view name) {
  const auto found = std::ranges::lower_bound(registry.namespaces, name, {}, &Namespace::name);
  if (found == registry.namespaces.end() || found->name != name) return std::nullopt;
  return static_cast<std::size_t>(found - registry.namespaces.begin());
}

std::string unknown_namespace(const Registry& registry, std::string_view name, const Problems& problems) {
  constexpr std::size_t kMostSuggestions = 100;
  std::string text = quoted(name) + ", which no document defines";
  if (problems.size() >= kMostSuggestions) return text;
  std::vector<std::string_view> names;
  for (const Namespace& space : registry.namespaces) names.push_back(space.name);
  const auto near = inspect::nearest(name, names, 1);
  return near.empty() ? text : text + "; did you mean " + quoted(near.front()) + '?';
}

}  // namespace almanac::model
