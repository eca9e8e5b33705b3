#include "print_json.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "apportion.h"
#include "caller_rule_record.h"
#include "generation_rollout.h"
#include "quantity.h"
#include "record.h"
#include "snapshot_data.h"

namespace almanac::inspect {
namespace {

std::string_view word_for(Change change) {
  switch (change) {
    case Change::kAdded: return "added";
    case Change::kRemoved: return "removed";
    case Change::kChanged: break;
  }
  return "changed";
}

void append_value(JsonText& json, std::string_view name, const FieldValue& value) {
  if (value.kind == FieldValue::Kind::kText) json.key(name).string(value.text);
  if (value.kind == FieldValue::Kind::kNumber) json.key(name).number(value.number);
}

void append_fields(JsonText& json, const std::vector<FieldChange>& fields) {
  for (const FieldChange& change : fields) {
    json.begin_object().key("change").string(word_for(change.change)).key("field").string(change.field);
    if (change.field == "attributes") json.key("key").string(change.key);
    append_value(json, "old", change.before);
    append_value(json, "new", change.after);
    json.end_object();
  }
}

void append_endpoint_change(JsonText& json, const EndpointChange& change) {
  json.begin_object().key("change").string(word_for(change.change)).key("field").string("endpoints");
  switch (change.change) {
    case Change::kAdded: append_endpoint(json.key("new"), change.endpoint); break;
    case Change::kRemoved: append_endpoint(json.key("old"), change.endpoint); break;
    case Change::kChanged:
      json.key("uri").string(change.endpoint.uri()).key("fields").begin_array();
      append_fields(json, change.fields);
      json.end_array();
      break;
  }
  json.end_object();
}

void append_service_change(JsonText& json, std::string_view namespace_name, const ServiceChange& change) {
  json.begin_object().key("change").string(word_for(change.change));
  json.key("namespace").string(namespace_name).key("name").string(change.service.name());
  switch (change.change) {
    case Change::kAdded: append_record(json.key("new"), namespace_name, change.service); break;
    case Change::kRemoved: append_record(json.key("old"), namespace_name, change.service); break;
    case Change::kChanged:
      json.key("fields").begin_array();
      append_fields(json, change.fields);
      for (const EndpointChange& endpoint : change.endpoints) append_endpoint_change(json, endpoint);
      if (change.endpoints_reordered) {
        json.begin_object().key("change").string("reordered").key("field").string("endpoints").end_object();
      }
      json.end_array();
      break;
  }
  json.end_object().end_line();
}

void append_rule_change(JsonText& json, const DiffReport& report, const CallerRuleChange& change) {
  const auto append_form = [&json](std::string_view name, const Snapshot& snapshot, const internal::CallerRule* rule) {
    if (rule != nullptr) append_caller_rule(json.key(name), internal::data_of(snapshot).manifest(), *rule);
  };
  json.begin_object().key("change").string(word_for(change.change)).key("caller_rule").number(change.place);
  append_form("old", report.before, change.before);
  append_form("new", report.after, change.after);
  json.end_object().end_line();
}

// Old and new, when they differ.
void append_pair(JsonText& json, std::string_view name, std::string_view before, std::string_view after) {
  if (before == after) return;
  json.key(name).begin_object().key("old").string(before).key("new").string(after).end_object();
}

void append_components(JsonText& json, const std::vector<ComponentSize>& components, std::string_view name = "components") {
  json.key(name).begin_array();
  for (const ComponentSize& component : components) {
    json.begin_object().key("what").string(component.what);
    json.key("inflated").number(component.inflated).key("stored").number(component.stored).end_object();
  }
  json.end_array();
}

std::string_view word_for(NamedBy named_by) {
  switch (named_by) {
    case NamedBy::kCall: return "call";
    case NamedBy::kVariable: return "ALMANAC_NAMESPACE";
    case NamedBy::kRule: return "rule";
    case NamedBy::kOnlyOne: return "only one";
    case NamedBy::kNothing: break;
  }
  return "nothing";
}

std::string_view word_for(RuleReport::Verdict verdict) {
  switch (verdict) {
    case RuleReport::Verdict::kDecides: return "decides";
    case RuleReport::Verdict::kDoesNotMatch: return "does not match";
    case RuleReport::Verdict::kNotAsked: break;
  }
  return "not asked";
}

// How one caller sees a rollout.
void append_status(JsonText& json, const RolloutStatus& status, const std::optional<internal::Moment>& moves) {
  json.key("share").number(status.share);
  if (status.bucket) json.key("bucket").number(*status.bucket);
  json.key("moved").boolean(status.moved);
  if (moves) json.key("moves").string(rfc3339(*moves));
}

// The stages are as they were meant to be, though it was ended.
void append_schedule(JsonText& json, const internal::Schedule& schedule, internal::Moment at, const std::optional<RolloutEnd>& end = {}) {
  const bool has_ended = end && end->at <= at;
  json.key("at").string(rfc3339(at)).key("state").string(has_ended ? "ended" : to_string(state_of(schedule, at)));
  json.key("share").number(has_ended ? end->share : schedule.share_at(at));
  if (end) append_end(json, *end);
  json.key("ramp").boolean(schedule.is_ramp);
  json.key("stages").begin_array();
  for (const internal::Stage& stage : schedule.stages) {
    json.begin_object().key("at").string(rfc3339(stage.at)).key("share").number(stage.share).end_object();
  }
  json.end_array();
}

void append_question(JsonText& json, const Question& question) {
  json.key("service").string(question.name).key("at").string(rfc3339(question.at)).key("caller").begin_object();
  for (const auto& [name, value] : question.caller.properties()) json.member(name).string(value);
  json.end_object();
  if (!question.key.empty()) json.key("key").string(question.key);
}

void append_phase(JsonText& json, const PhaseReport& phase) {
  const auto& [generation, rollout, end, status] = phase;
  json.key("phase").begin_object().key("from").number(rollout.previous_generation).key("to").number(generation);
  append_status(json, status, phase.reaches_it() ? rollout.schedule.moment_of(*status.bucket) : std::nullopt);
  if (end) append_end(json, *end);
  json.end_object();
}

void append_rule(JsonText& json, const RuleReport& rule, const Caller& caller) {
  json.begin_object().key("namespace").string(rule.namespace_name).key("verdict").string(word_for(rule.verdict));
  if (rule.verdict != RuleReport::Verdict::kNotAsked) {
    json.key("conditions").begin_array();
    for (const auto& [condition, matched] : rule.conditions) {
      json.begin_object().key("property").string(condition->property);
      if (const std::string_view value = caller.get(condition->property); !value.empty()) json.key("value").string(value);
      json.key("patterns").strings(condition->patterns);
      if (matched) json.key("matched").string(condition->patterns[*matched]);
      json.end_object();
    }
    json.end_array();
  }
  json.end_object();
}

void append_choice(JsonText& json, const ExplainReport& report) {
  const Choice& choice = *report.choice;
  json.key("choice").begin_object().key("rule").number(choice.rule).key("namespace").string(choice.namespace_name);
  json.key("base").string(choice.base);
  if (!choice.going_to.empty()) json.key("going_to").string(choice.going_to);
  if (choice.rollout) {
    json.key("by").string(to_string(report.deciding_rule().rule->by));
    append_status(json, *choice.rollout, report.move->moment);
  }
  json.end_object();
}

// Its record, and of its endpoints the shares that their weights give them, in millionths; none when no endpoint has a weight.
void append_found(JsonText& json, const ListedService& found) {
  append_record(json.key("record"), found.namespace_name, found.service);
  std::vector<std::uint64_t> weights;
  for (const Endpoint& endpoint : found.service.endpoints()) weights.push_back(endpoint.weight());
  json.key("shares").begin_array();
  if (std::ranges::any_of(weights, [](std::uint64_t weight) { return weight != 0; })) {
    for (const std::uint64_t share : apportion(kWholeShare, weights)) json.number(share);
  }
  json.end_array();
}

}  // namespace

void print_json(const ExplainReport& report, Output& output) {
  JsonText json(output.text());
  json.begin_object();
  append_question(json, report.question);
  if (!report.notes.empty()) json.key("notes").strings(report.notes);
  if (const auto& publication = report.subject.publication) json.key("generation").number(publication->generation);
  json.key("snapshot").string(report.subject.snapshot.id());
  if (report.phase) append_phase(json, *report.phase);
  json.key("named_by").string(word_for(report.named_by));
  if (report.named_by != NamedBy::kNothing) json.key("namespace").string(report.namespace_name);
  json.key("rules").begin_array();
  for (const RuleReport& rule : report.rules) append_rule(json, rule, report.question.caller);
  json.end_array();
  if (report.choice) append_choice(json, report);
  json.key("found").boolean(report.has_service());
  if (report.has_service()) append_found(json, report.found.front());
  if (report.miss) json.key("near").strings(report.miss->near);
  json.key("elsewhere").begin_array();
  for (const auto& [name, has_it] : report.elsewhere) {
    json.begin_object().key("namespace").string(name).key("found").boolean(has_it).end_object();
  }
  json.end_array().end_object().end_line();
}

void print_json(const RolloutsReport& report, Output& output) {
  JsonText json(output.text());
  if (const auto& publication = report.subject.publication; publication && publication->rollout) {
    json.begin_object().key("generation").begin_object().key("from").number(publication->rollout->previous_generation);
    json.key("to").number(publication->generation).end_object().key("by").string("instance");
    append_schedule(json, publication->rollout->schedule, report.at, report.end);
    json.end_object().end_line();
  }
  for (const RuleRollouts& rule : report.rules) {
    for (const RolloutReport& rollout : rule.rollouts) {
      json.begin_object().key("rule").number(rule.number).key("from").string(rollout.from).key("to").string(rollout.to);
      json.key("by").string(to_string(rule.rule->by));
      append_schedule(json, rollout.rollout->schedule, report.at);
      json.end_object().end_line();
      output.record_done();
    }
  }
}

void print_json(const SummaryReport& report, Output& output) {
  const Snapshot& snapshot = report.subject.snapshot;
  JsonText json(output.text());
  json.begin_object().key("registry").string(snapshot.registry_name()).key("id").string(snapshot.id());
  json.key("revision").string(snapshot.revision());
  if (const auto& publication = report.subject.publication) {
    json.key("generation").number(publication->generation);
    if (publication->rollback_of != 0) json.key("rollback_of").number(publication->rollback_of);
    json.key("published").string(rfc3339(publication->published));
    if (publication->pinned) json.key("pinned").string(*publication->pinned);
    if (report.rollout) append_rollout(json, *report.rollout, report.now);
  }
  json.key("format").string(std::to_string(snapshot.format_major()) + "." + std::to_string(snapshot.format_minor()));
  json.key("size").number(snapshot.size()).key("inflated").number(report.inflated).key("overhead").number(report.overhead);
  json.key("services").number(report.services).key("endpoints").number(report.endpoints);
  json.key("namespaces").begin_array();
  for (const NamespaceSize& size : report.namespaces) {
    json.begin_object().key("name").string(size.info.name);
    json.key("services").number(size.info.services).key("endpoints").number(size.info.endpoints);
    json.key("inflated").number(size.inflated).key("stored").number(size.stored);
    json.key("frame").number(size.info.frame).key("shares_frame").boolean(size.shares_frame).end_object();
  }
  json.end_array().end_object().end_line();
}

void print_json(const ListReport& report, Output& output) {
  JsonText json(output.text());
  for (const auto& [namespace_name, service] : report.services) {
    json.begin_object().key("namespace").string(namespace_name).key("name").string(service.name());
    json.key("endpoints").number(service.endpoints().size());
    if (!service.uri().empty()) json.key("uri").string(service.uri());
    if (const auto value = service.value()) json.key("value").string(*value);
    append_tags(json, service.tags());
    json.end_object().end_line();
    output.record_done();
  }
}

void print_json(const GetReport& report, Output& output) {
  JsonText json(output.text());
  for (const auto& [namespace_name, service] : report.found) {
    append_record(json, namespace_name, service);
    json.end_line();
    output.record_done();
  }
}

void print_json(const VerifyReport& report, Output& output) {
  JsonText json(output.text());
  json.begin_object().key("ok").boolean(!report.damage);
  if (report.damage) {
    json.key("error").begin_object().key("code").string(to_string(report.damage->code()));
    json.key("object").string(report.damage->object());
    if (const auto offset = report.damage->offset()) json.key("offset").number(*offset);
    json.key("message").string(report.damage->what()).end_object();
  } else {
    json.key("id").string(report.id).key("size").number(report.size).key("namespaces").number(report.namespaces);
    json.key("services").number(report.services).key("endpoints").number(report.endpoints);
    if (report.caller_rules != 0) json.key("caller_rules").number(report.caller_rules);
  }
  json.end_object().end_line();
}

void print_json(const LayoutReport& report, Output& output) {
  JsonText json(output.text());
  json.begin_object().key("size").number(report.size).key("services").number(report.services);
  json.key("preamble").number(report.preamble).key("manifest").number(report.manifest);
  json.key("manifest_inflated").number(report.manifest_inflated);
  append_components(json, report.manifest_components, "manifest_components");
  json.key("frames").begin_array();
  for (const FrameReport& frame : report.frames) {
    json.begin_object().key("offset").number(frame.info.offset).key("stored").number(frame.info.stored_size);
    json.key("inflated").number(frame.info.size).key("digest").string(frame.info.digest);
    json.key("namespaces").number(frame.namespaces).key("services").number(frame.services);
    json.key("endpoints").number(frame.endpoints);
    append_components(json, frame.components);
    json.end_object();
  }
  json.end_array();
  append_components(json, report.components);
  json.end_object().end_line();
}

void print_json(const DiffReport& report, Output& output) {
  JsonText json(output.text());
  for (const CallerRuleChange& change : report.caller_rules) {
    append_rule_change(json, report, change);
    output.record_done();
  }
  for (const NamespaceChange& change : report.namespaces) {
    if (change.change != Change::kChanged) {
      json.begin_object().key("change").string(word_for(change.change)).key("namespace").string(change.name);
      json.end_object().end_line();
    }
    for (const ServiceChange& service : change.services) {
      append_service_change(json, change.name, service);
      output.record_done();
    }
  }
  json.begin_object().key("summary").begin_object().key("same").boolean(report.same());
  json.key("added").number(report.added).key("removed").number(report.removed);
  json.key("changed").number(report.changed).key("unchanged").number(report.unchanged);
  if (!report.caller_rules.empty()) json.key("caller_rules").number(report.caller_rules.size());
  append_pair(json, "registry", report.before.registry_name(), report.after.registry_name());
  append_pair(json, "revision", report.before.revision(), report.after.revision());
  json.end_object().end_object().end_line();
}

}  // namespace almanac::inspect
