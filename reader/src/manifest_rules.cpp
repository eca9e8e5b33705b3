#include "manifest_rules.h"

#include <optional>
#include <span>
#include <utility>

#include "control_characters.h"
#include "flatbuffer.h"
#include "glob.h"
#include "schedule_format.h"

namespace almanac::internal {

namespace {

constexpr char kTerminator = '\0';

// A name that a caller can be told, of one line. It is not empty.
bool is_property(std::string_view name) noexcept {
  return !has_control(name) && name.find('=') == std::string_view::npos && name.front() != ' ' && name.back() != ' ';
}

// Takes what belongs to each rule off the front of the manifest's vectors. What it gives is a fault: empty when there is none.
class RuleReader {
 public:
  RuleReader(Manifest& manifest, const format::Manifest& root)
      : manifest_(manifest),
        rules_(span_of(root.caller_rules())),
        conditions_(text_of_bytes(root.caller_conditions())),
        rollouts_(span_of(root.caller_rollouts())),
        stages_(span_of(root.caller_stages())) {}

  std::string read() {
    if (rules_.size() > kMaxCallerRules) return "has more than 1,000 caller rules";
    if (conditions_.size() > kMaxConditionBytes) return "has caller conditions of more than 128 KiB";
    if (stages_.size() > kMaxRuleStages) return "has more than 100,000 stages of caller rules";
    for (const format::CallerRule& entry : rules_) {
      CallerRule rule;
      if (const std::string fault = take_rule(entry, rule); !fault.empty()) {
        return "caller rule " + std::to_string(manifest_.caller_rules.size() + 1) + " " + fault;
      }
      manifest_.caller_rules.push_back(std::move(rule));
    }
    if (!conditions_.empty() || !rollouts_.empty() || !stages_.empty()) return "has conditions, rollouts or stages of no caller rule";
    return {};
  }

 private:
  [[nodiscard]] bool is_namespace(std::uint32_t number) const noexcept { return number < manifest_.namespaces.size(); }

  std::string take_rule(const format::CallerRule& entry, CallerRule& rule) {
    if (!is_namespace(entry.name_space())) return "gives a namespace that is not there";
    if (entry.conditions() > kMaxConditions) return "has more than 255 conditions";
    if (entry.rollouts() > kMaxRollouts) return "has more than 16 rollouts";
    rule.name_space = entry.name_space();
    for (std::uint32_t i = 0; i < entry.conditions(); ++i) {
      Condition condition;
      if (std::string fault = take_condition(condition); !fault.empty()) return fault;
      if (!rule.conditions.empty() && rule.conditions.back().property >= condition.property) {
        return "has properties that are not in byte order";
      }
      rule.conditions.push_back(std::move(condition));
    }
    for (std::uint32_t i = 0; i < entry.rollouts(); ++i) {
      if (std::string fault = take_rollout(rule); !fault.empty()) return fault;
    }
    if (rule.rollouts.empty()) return {};
    const auto name_of = [this](std::uint32_t number) { return manifest_.namespaces[number].name; };
    rule.seed = seed_of(name_of(rule.name_space), name_of(rule.rollouts.front().to));
    return {};
  }

  // The text before the next end mark; nothing when there is none.
  std::optional<std::string_view> take_text() {
    const std::size_t end = conditions_.find(kTerminator);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view text = conditions_.substr(0, end);
    conditions_.remove_prefix(end + 1);
    return text;
  }

  std::string take_condition(Condition& condition) {
    const auto property = take_text();
    if (!property) return "has conditions that are not there";
    if (property->empty() || property->size() > kMaxPropertyName) return "has a condition whose property has not 1 to 255 bytes";
    if (!is_property(*property)) return "has a property with control characters, a = or blanks around it";
    condition.property = *property;
    for (;;) {
      const auto pattern = take_text();
      if (!pattern) return "has a condition without an end";
      if (pattern->empty()) break;
      if (condition.patterns.size() == kMaxPatterns) return "has a condition with more than 255 patterns";
      if (pattern->size() > kMaxPattern) return "has a pattern longer than 1,024 bytes";
      if (!is_glob(*pattern)) return "has a pattern that ends in a lone backslash";
      if (!condition.patterns.empty() && condition.patterns.back() >= *pattern) return "has patterns that are not in byte order";
      condition.patterns.push_back(*pattern);
    }
    return condition.patterns.empty() ? "has a condition without a pattern" : "";
  }

  std::string take_rollout(CallerRule& rule) {
    if (rollouts_.empty()) return "has rollouts that are not there";
    const format::CallerRollout& entry = rollouts_.front();
    rollouts_ = rollouts_.subspan(1);
    if (!is_namespace(entry.to()) || entry.to() == rule.name_space) return "has a rollout to no other namespace";
    if (entry.by() < 1 || entry.by() > 3) return "has a rollout by what this reader does not know";
    const auto by = static_cast<RolloutBy>(entry.by());
    if (!rule.rollouts.empty() && by != rule.by) return "has rollouts that tell callers apart in different ways";
    if (entry.stages() > stages_.size()) return "has stages that are not there";
    CallerRollout rollout;
    rollout.to = entry.to();
    rollout.schedule = read_schedule(stages_.first(entry.stages()), entry.is_ramp());
    stages_ = stages_.subspan(entry.stages());
    if (const char* fault = fault_of(rollout.schedule)) return std::string("has a rollout that is out of order: ") + fault;
    if (!rule.rollouts.empty()) {
      const CallerRollout& before = rule.rollouts.back();
      rollout.begin = before.begin + before.schedule.final_share();
    }
    if (rollout.schedule.final_share() > kWholeShare - rollout.begin) return "has rollouts of more than all callers";
    rule.by = by;
    rule.rollouts.push_back(std::move(rollout));
    return {};
  }

  Manifest& manifest_;
  std::span<const format::CallerRule> rules_;
  std::string_view conditions_;
  std::span<const format::CallerRollout> rollouts_;
  std::span<const format::Stage> stages_;
};

}  // namespace

std::string take_caller_rules(Manifest& manifest, const format::Manifest& root) {
  if (!elements_aligned(root.caller_stages())) return "the stages of its caller rules are not aligned";
  return RuleReader(manifest, root).read();
}

}  // namespace almanac::internal
