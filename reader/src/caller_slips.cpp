#include "caller_slips.h"

#include <algorithm>
#include <set>

namespace almanac::internal {

namespace {

// Of one letter a property says too little to be meant.
constexpr std::size_t kLeastLetters = 3;

// One letter more, less or different, or two neighbours exchanged.
bool is_one_letter_off(std::string_view a, std::string_view b) noexcept {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() < kLeastLetters || b.size() - a.size() > 1) return false;
  const auto first = static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
  const std::string_view rest = a.substr(first);
  const std::string_view other = b.substr(first);
  if (a.size() < b.size()) return rest == other.substr(1);
  if (rest.empty()) return false;
  const bool exchanged = rest.size() > 1 && rest[0] == other[1] && rest[1] == other[0] && rest.substr(2) == other.substr(2);
  return exchanged || rest.substr(1) == other.substr(1);
}

}  // namespace

std::vector<CallerSlip> slips_of(const Caller& caller, std::span<const CallerRule> rules) {
  std::set<std::string_view> asked;
  for (const CallerRule& rule : rules) {
    for (const Condition& condition : rule.conditions) asked.insert(condition.property);
  }
  std::vector<CallerSlip> slips;
  for (const auto& [given, value] : caller.properties()) {
    if (asked.contains(given)) continue;
    const auto meant = std::ranges::find_if(
        asked, [&](std::string_view property) { return caller.get(property).empty() && is_one_letter_off(given, property); });
    if (meant != asked.end()) slips.push_back({given, *meant});
  }
  return slips;
}

}  // namespace almanac::internal
