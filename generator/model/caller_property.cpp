#include "model/caller_property.h"

#include <algorithm>
#include <string>
#include <vector>

#include "inspect/near_names.h"
#include "model/quoted.h"
#include "store/ascii.h"

namespace almanac::model {
namespace {

constexpr std::string_view kTag = "tag.";

}  // namespace

Fault caller_property_fault(std::string_view name) {
  if (auto fault = property_fault(name)) return fault;
  if (std::ranges::find(kCallerProperties, name) != kCallerProperties.end()) return std::nullopt;
  // Of "tags.team", "tags." is wrong.
  const std::size_t point = name.find('.');
  const std::string_view head = name.substr(0, point == std::string_view::npos ? point : point + 1);
  if (head == kTag) return std::nullopt;
  std::vector<std::string_view> candidates = {kTag};
  if (head == name) candidates.insert(candidates.end(), kCallerProperties.begin(), kCallerProperties.end());
  const std::string small = internal::lower_case(head);
  const auto near = inspect::nearest(small, candidates, 1, 1);
  if (near.empty()) return std::nullopt;
  const std::string unknown = "unknown property " + quoted(name) + "; did you mean ";
  if (near.front() == kTag) return unknown + quoted(std::string(kTag).append(head == name ? "NAME" : name.substr(head.size()))) + '?';
  return unknown + quoted(near.front()) + "? (one of your own may be named " + quoted(std::string(kTag).append(name)) + ")";
}

}  // namespace almanac::model
