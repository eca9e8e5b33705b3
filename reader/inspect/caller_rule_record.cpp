#include "caller_rule_record.h"

#include "percentage.h"
#include "quantity.h"

namespace almanac::inspect {
namespace {

// One alone, several as a list.
template <typename Items, typename Append>
void append_each(JsonText& json, const Items& items, Append&& append) {
  if (items.size() != 1) json.begin_array();
  for (const auto& item : items) append(item);
  if (items.size() != 1) json.end_array();
}

void append_schedule(JsonText& json, const internal::Schedule& schedule) {
  const bool always = !schedule.is_ramp && schedule.stages.size() == 1 && schedule.stages.front().at == internal::kAlways;
  if (always) {
    json.key("percent").string(percentage_text(schedule.final_share()));
    return;
  }
  json.key(schedule.is_ramp ? "ramp" : "steps").begin_array();
  for (const internal::Stage& stage : schedule.stages) {
    json.begin_object().key("at").string(rfc3339(stage.at)).key("percent").string(percentage_text(stage.share)).end_object();
  }
  json.end_array();
}

}  // namespace

void append_caller_rule(JsonText& json, const internal::Manifest& manifest, const internal::CallerRule& rule) {
  json.begin_object();
  if (!rule.conditions.empty()) {
    json.key("when").begin_object();
    for (const internal::Condition& condition : rule.conditions) {
      json.member(condition.property);
      append_each(json, condition.patterns, [&json](std::string_view pattern) { json.string(pattern); });
    }
    json.end_object();
  }
  json.key("namespace").string(manifest.namespaces[rule.name_space].name);
  if (!rule.rollouts.empty()) {
    json.key("rollout");
    append_each(json, rule.rollouts, [&](const internal::CallerRollout& rollout) {
      json.begin_object().key("to").string(manifest.namespaces[rollout.to].name);
      append_schedule(json, rollout.schedule);
      if (rule.by != internal::RolloutBy::kInstance) json.key("by").string(to_string(rule.by));
      json.end_object();
    });
  }
  json.end_object();
}

void append_caller_rules(JsonText& json, const internal::Manifest& manifest) {
  json.begin_object().key("callers").begin_array();
  for (const internal::CallerRule& rule : manifest.caller_rules) append_caller_rule(json, manifest, rule);
  json.end_array().end_object();
}

}  // namespace almanac::inspect
