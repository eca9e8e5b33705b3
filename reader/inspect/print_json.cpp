#include "print_json.h"

#include <string>

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

}  // namespace

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
