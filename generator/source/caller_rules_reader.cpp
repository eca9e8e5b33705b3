#include "source/caller_rules_reader.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "inspect/percentage.h"
#include "inspect/quantity.h"
#include "model/caller_property.h"
#include "model/quoted.h"
#include "source/rollout_reader.h"

namespace almanac::source {

using model::quoted;
using Kind = Node::Kind;

namespace {

enum RuleField : std::size_t { kWhen, kNamespace, kRollout, kRuleFields };
constexpr std::array<std::string_view, kRuleFields> kRuleNames = {"when", "namespace", "rollout"};

std::string at_most(std::string_view what, std::size_t most, std::size_t count) {
  return std::string(what) + " must be at most " + inspect::with_thousands(most) + ", got " + inspect::with_thousands(count);
}

// One, or a list of them.
std::span<const Node> each_of(const Node& node) { return node.kind == Kind::list ? node.items : std::span(&node, 1); }

}  // namespace

void CallerRulesReader::read(const Node& list) {
  if (!fields_.expect(list, Kind::list, {}, "callers must be a list of rules")) return;
  if (list.items.size() > internal::kMaxCallerRules) {
    fields_.problem(list, {}, at_most("callers: rules", internal::kMaxCallerRules, list.items.size()));
    return;
  }
  std::vector<model::CallerRule> rules;
  for (const Node& node : list.items) {
    subject_ = "caller rule " + std::to_string(rules.size() + 1);
    rules.push_back(rule(node));
  }
  builder_.set_caller_rules(std::move(rules), fields_.location(list));
}

model::CallerRule CallerRulesReader::rule(const Node& node) {
  model::CallerRule rule;
  rule.location = fields_.location(node);
  const std::size_t problems = builder_.problems();
  std::array<const Node*, kRuleFields> values = {};
  const bool is_rule = fields_.expect(node, Kind::mapping, subject(), "must be a mapping with a namespace, and when or rollout");
  if (is_rule) fields_.collect(node, kRuleNames, values, subject());
  if (values[kWhen] != nullptr) conditions(*values[kWhen], rule);
  rule.matches_unknown = builder_.problems() > problems;
  if (values[kNamespace] != nullptr) {
    rule.name_space = builder_.arena().copy(fields_.text(values[kNamespace], "namespace", model::namespace_name_fault, subject()));
    rule.name_space_location = fields_.location(*values[kNamespace]);
  } else if (is_rule) {
    fields_.problem(node, subject(), "needs the namespace that it gives");
  }
  if (values[kRollout] != nullptr) rollouts(*values[kRollout], rule);
  return rule;
}

void CallerRulesReader::conditions(const Node& mapping, model::CallerRule& rule) {
  if (!fields_.expect(mapping, Kind::mapping, subject(), "when must be a mapping of properties to patterns")) return;
  if (mapping.items.empty())
    fields_.problem(mapping, subject(), "when has no condition; for a rule that matches every caller leave it out");
  const std::size_t count = mapping.items.size() / 2;
  if (count > internal::kMaxConditions) {
    fields_.problem(mapping, subject(), at_most("conditions of when", internal::kMaxConditions, count));
    return;
  }
  std::vector<const Node*> seen;
  for (std::size_t i = 0; i < mapping.items.size(); i += 2) {
    const Node& property = mapping.items[i];
    const auto first = std::ranges::find(seen, property.text, [](const Node* node) { return node->text; });
    if (first != seen.end()) {
      fields_.problem(property, subject(),
                      "property " + quoted(property.text) + " is given twice, first at " + place_of(**first) +
                          "; give it once, with a list of patterns");
      continue;
    }
    seen.push_back(&property);
    rule.conditions.push_back(condition(property, mapping.items[i + 1]));
  }
  std::ranges::sort(rule.conditions, {}, &internal::Condition::property);
}

internal::Condition CallerRulesReader::condition(const Node& property, const Node& patterns) {
  internal::Condition condition;
  if (const auto fault = model::caller_property_fault(property.text)) fields_.problem(property, subject(), *fault);
  condition.property = builder_.interner().text(property.text);
  const auto each = each_of(patterns);
  if (each.empty()) fields_.problem(patterns, subject(), "property " + quoted(property.text) + " needs a pattern, or a list of them");
  if (each.size() > internal::kMaxPatterns) {
    fields_.problem(patterns, subject(), at_most("patterns of " + quoted(property.text), internal::kMaxPatterns, each.size()));
    return condition;
  }
  std::vector<const Node*> seen;
  for (const Node& node : each) {
    const auto pattern = fields_.text(&node, "pattern of " + quoted(property.text), model::pattern_fault, subject());
    if (pattern.empty()) continue;
    const auto first = std::ranges::find(seen, pattern, [](const Node* earlier) { return earlier->text; });
    if (first != seen.end()) {
      fields_.problem(node, subject(), "pattern " + quoted(pattern) + " is given twice, first at " + place_of(**first) + "; give it once");
    }
    seen.push_back(&node);
    condition.patterns.push_back(builder_.interner().text(pattern));
  }
  std::ranges::sort(condition.patterns);
  return condition;
}

void CallerRulesReader::rollouts(const Node& node, model::CallerRule& rule) {
  const auto each = each_of(node);
  if (each.empty()) fields_.problem(node, subject(), "rollout has nothing in it; leave it out");
  if (each.size() > internal::kMaxRollouts) {
    fields_.problem(node, subject(), at_most("rollouts", internal::kMaxRollouts, each.size()));
    return;
  }
  RolloutReader reader(builder_, fields_, subject_);
  std::uint32_t share = 0;
  for (const Node& one : each) {
    const auto read = reader.read(one);
    if (!read) continue;
    if (!rule.name_space.empty() && read->rollout.to == rule.name_space) {
      fields_.problem(one, subject(), "rollout goes to " + quoted(rule.name_space) + ", the rule's own namespace; name another one");
    }
    if (rule.rollouts.empty()) rule.by = read->by;
    if (read->by != rule.by) {
      fields_.problem(one, subject(),
                      "rollout is by " + std::string(to_string(read->by)) + ", and the first one by " + std::string(to_string(rule.by)) +
                          "; give all of a rule the same by");
    }
    const bool overlapped = share > kWholeShare;
    share += read->rollout.schedule.final_share();
    if (share > kWholeShare && !overlapped) {
      fields_.problem(one, subject(),
                      "rollouts overlap: with this one they move " + inspect::percentage_text(share) +
                          " of the callers; lower one, with up_to for instance");
    }
    rule.rollouts.push_back(read->rollout);
  }
}

}  // namespace almanac::source
