#include "choice.h"

#include <algorithm>

#include "glob.h"

namespace almanac::internal {

namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

Choice choice_of(const Manifest& manifest, const CallerRule& rule, const Move& move, Moment now) noexcept {
  const auto name_of = [&manifest](std::uint32_t number) { return manifest.namespaces[number].name; };
  Choice choice;
  choice.rule = static_cast<std::size_t>(&rule - manifest.caller_rules.data()) + 1;
  choice.base = name_of(rule.name_space);
  choice.namespace_name = choice.base;
  if (rule.rollouts.empty()) return choice;
  RolloutStatus status;
  status.bucket = move.bucket;
  if (move.rollout != nullptr) *status.bucket -= move.rollout->begin;
  status.moved = move.has_happened(now);
  status.moves = time_of(move.moment);
  if (move.rollout != nullptr) {
    choice.going_to = name_of(move.rollout->to);
    if (status.moved) choice.namespace_name = choice.going_to;
    status.share = move.rollout->schedule.share_at(now);
  } else {
    for (const CallerRollout& rollout : rule.rollouts) status.share += rollout.schedule.share_at(now);
  }
  choice.rollout = status;
  return choice;
}

std::string mismatch_text(const Condition& condition, const Caller& caller) {
  const std::string_view value = caller.get(condition.property);
  std::string text(condition.property);
  if (value.size() > kMaxMatchedText) return text + " has more than 1,024 bytes, which nothing matches";
  text += value.empty() ? " is not known" : " is " + quoted(value);
  text += ", and it wants ";
  constexpr std::size_t kMostNamed = 5;
  for (std::size_t i = 0; i < std::min(condition.patterns.size(), kMostNamed); ++i) {
    text.append(i == 0 ? "" : " or ").append(quoted(condition.patterns[i]));
  }
  if (condition.patterns.size() > kMostNamed) text += " or " + std::to_string(condition.patterns.size() - kMostNamed) + " more";
  return text;
}

std::string no_rule_matches(const Manifest& manifest, const Caller& caller) {
  constexpr std::size_t kMostNamed = 5;
  const std::size_t count = manifest.caller_rules.size();
  if (count == 0) return "has no caller rules, and no namespace was named";
  std::string text = count == 1 ? "its only caller rule does not match" : "none of its " + std::to_string(count) + " caller rules matches";
  for (std::size_t i = 0; i < std::min(count, kMostNamed); ++i) {
    if (const Condition* mismatch = manifest.caller_rules[i].first_mismatch(caller)) {
      text += "; rule " + std::to_string(i + 1) + ": " + mismatch_text(*mismatch, caller);
    }
  }
  if (count > kMostNamed) text += "; and so on";
  return text;
}

}  // namespace almanac::internal
