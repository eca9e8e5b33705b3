#include "publish/caller_guard.h"

#include <algorithm>

#include "inspect/quantity.h"
#include "inspect/rollouts.h"
#include "inspect/terminal_text.h"
#include "publish/caller_notes.h"

namespace almanac::publish {

using inspect::in_quotes;

std::string callers_left_without(const CallerFacts& live, const CallerFacts& next) {
  const std::string last = "end with a rule without when to give them one";
  if (next.rules == 0) {
    if (live.rules == 0 || next.namespaces.size() < 2) return {};
    const std::string gone = live.rules == 1 ? "the only caller rule" : "all " + inspect::counted(live.rules, "caller rule");
    return gone + " would be gone, and with " + inspect::counted(next.namespaces.size(), "namespace") +
           " callers that name none would get none";
  }
  if (next.for_everybody) return {};
  if (live.for_everybody) {
    return "caller rule " + std::to_string(live.for_everybody->number) + " of what is live gives every caller that gets there " +
           in_quotes(live.for_everybody->name_space) +
           ", and of the new rules none is for every caller: those that none matches would get no namespace; " + last;
  }
  if (live.rules == 0 && live.namespaces.size() == 1) {
    return "without rules every caller gets the only namespace, " + in_quotes(live.namespaces.front()) + ", and of the new rules (" +
           inspect::counted(next.rules, "caller rule") + ") none is for every caller: those that none matches would get no namespace; " +
           last;
  }
  return {};
}

std::vector<std::string> rollouts_already_begun(const CallerFacts& live, const CallerFacts& next, internal::Moment now) {
  constexpr std::uint32_t kHalf = kWholeShare / 2;
  std::vector<std::string> texts;
  for (const RuleRollout& rollout : next.rollouts) {
    const auto is_between_the_same = [&rollout](const RuleRollout& other) { return other.from == rollout.from && other.to == rollout.to; };
    if (inspect::state_of(*rollout.schedule, now) == inspect::RolloutState::kAlways) continue;
    if (rollout.schedule->share_at(now) <= kHalf || std::ranges::any_of(live.rollouts, is_between_the_same)) continue;
    texts.push_back(rollout_text(rollout, now) + ", and it is new; give it times to come");
  }
  return texts;
}

}  // namespace almanac::publish
