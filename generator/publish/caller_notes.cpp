#include "publish/caller_notes.h"

#include <map>
#include <utility>

#include "inspect/generation_rollout.h"
#include "inspect/quantity.h"
#include "inspect/rollouts.h"
#include "inspect/terminal_text.h"

namespace almanac::publish {
namespace {

using inspect::in_quotes;
using inspect::percent_of_millionths;
using inspect::RolloutState;

// More would be a list that nobody reads.
constexpr std::size_t kMostRollouts = 10;
constexpr std::size_t kMostNames = 3;

std::string standing(const internal::Schedule& schedule, internal::Moment now) {
  const auto& stages = schedule.stages;
  const std::string end = percent_of_millionths(schedule.final_share());
  switch (inspect::state_of(schedule, now)) {
    case RolloutState::kAlways: return end + " always";
    case RolloutState::kNotBegun: return "begins at " + inspect::rfc3339(stages.front().at);
    case RolloutState::kUnderWay:
      return inspect::share_text(schedule, schedule.share_at(now)) + " now, " + end + " at " + inspect::rfc3339(stages.back().at);
    case RolloutState::kOver: break;
  }
  const std::string who = schedule.final_share() == kWholeShare ? "everybody" : end;
  return "over since " + inspect::rfc3339(stages.back().at) + ": moves " + who + " at once";
}

// To be read after the rule; empty: nothing is lost.
std::string loss_text(const RuleRollout& rollout, const std::vector<std::string_view>& lost) {
  if (lost.empty()) return {};
  std::string text = ": rollout to " + in_quotes(rollout.to) + " loses " + inspect::counted(lost.size(), "service") + " that " +
                     in_quotes(rollout.from) + " has: ";
  for (std::size_t i = 0; i < lost.size() && i < kMostNames; ++i) text += (i == 0 ? "" : ", ") + inspect::visible(lost[i]);
  if (lost.size() > kMostNames) text += " and " + inspect::with_thousands(lost.size() - kMostNames) + " more";
  return text;
}

template <typename Registry>
std::vector<CallerNote> notes_of(const Registry& registry) {
  const CallerFacts facts = facts_of(registry);
  std::vector<CallerNote> notes;
  std::map<std::pair<std::string_view, std::string_view>, std::string> losses;  // many rules may be between the same namespaces
  for (const RuleRollout& rollout : facts.rollouts) {
    const auto [loss, is_new] = losses.try_emplace({rollout.from, rollout.to});
    if (is_new) loss->second = loss_text(rollout, services_lost(registry, rollout.from, rollout.to));
    if (!loss->second.empty()) notes.push_back({"caller rule " + std::to_string(rollout.rule) + loss->second, rollout.rule, rollout.place});
  }
  if (facts.rules != 0 && !facts.for_everybody)
    notes.push_back({"callers that no rule matches get no namespace; end with a rule without when to give them one", facts.rules, {}});
  return notes;
}

}  // namespace

std::string rollout_text(const RuleRollout& rollout, internal::Moment now) {
  return "rule " + std::to_string(rollout.rule) + " " + inspect::visible(rollout.from) + " -> " + inspect::visible(rollout.to) + ": " +
         standing(*rollout.schedule, now);
}

std::vector<std::string> rollout_lines(const CallerFacts& facts, internal::Moment now) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < facts.rollouts.size() && i < kMostRollouts; ++i) lines.push_back(rollout_text(facts.rollouts[i], now));
  if (facts.rollouts.size() > kMostRollouts)
    lines.push_back("and " + inspect::counted(facts.rollouts.size() - kMostRollouts, "more rollout") +
                    "; inspect-snapshot rollouts tells all");
  return lines;
}

std::vector<CallerNote> caller_notes(const Snapshot& snapshot) { return notes_of(snapshot); }

std::vector<CallerNote> caller_notes(const model::Registry& registry) { return notes_of(registry); }

}  // namespace almanac::publish
