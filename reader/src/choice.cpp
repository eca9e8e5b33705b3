#include "choice.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "caller_slips.h"

#include "glob.h"

namespace almanac::internal {

namespace {

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

// For a line of a log, which need not have all of a long one.
std::string who(const Caller& caller) {
  constexpr std::size_t kMostBytes = 200;
  std::string text = caller.text();
  if (text.empty()) return "a caller of whom nothing is known";
  if (text.size() > kMostBytes) {
    std::size_t end = kMostBytes;
    while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U && end > 0) --end;  // inside a character of UTF-8
    text.replace(end, std::string::npos, "…");
  }
  return "the caller " + text;
}

struct NearRule {
  std::size_t number = 0;  // its place, from 1
  const CallerRule* rule = nullptr;
  std::ptrdiff_t mismatches = 0;
};

// Those with the fewest mismatches first, and the first ones of equals.
std::vector<NearRule> nearest_rules(const std::vector<CallerRule>& rules, const Caller& caller) {
  constexpr std::size_t kMostNamed = 3;
  std::vector<NearRule> near;
  for (const CallerRule& rule : rules) {
    const auto mismatches = std::ranges::count_if(rule.conditions, [&caller](const Condition& one) { return !one.matches(caller); });
    near.push_back({near.size() + 1, &rule, mismatches});
  }
  std::ranges::stable_sort(near, {}, &NearRule::mismatches);
  near.resize(std::min(near.size(), kMostNamed));
  return near;
}

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
  constexpr std::size_t kMostNamed = 3;
  for (std::size_t i = 0; i < std::min(condition.patterns.size(), kMostNamed); ++i) {
    text.append(i == 0 ? "" : " or ").append(quoted(condition.patterns[i]));
  }
  if (condition.patterns.size() > kMostNamed) text += " or " + std::to_string(condition.patterns.size() - kMostNamed) + " more";
  return text;
}

std::string no_rule_matches(const Manifest& manifest, const Caller& caller) {
  const std::size_t count = manifest.caller_rules.size();
  if (count == 0) return "has no caller rules, and no namespace was named";
  std::string text = "no namespace for " + who(caller) + ": ";
  text += count == 1 ? "its only caller rule does not match" : "none of its " + std::to_string(count) + " caller rules matches";
  for (const NearRule& near : nearest_rules(manifest.caller_rules, caller)) {
    text += "; rule " + std::to_string(near.number) + ": " + mismatch_text(*near.rule->first_mismatch(caller), caller);
    if (near.mismatches > 1) text += ", and " + std::to_string(near.mismatches - 1) + " more";
  }
  for (const auto& [given, asked] : slips_of(caller, manifest.caller_rules)) {
    text += "; did you mean " + quoted(asked) + " by " + quoted(given) + "?";
  }
  return text;
}

}  // namespace almanac::internal
