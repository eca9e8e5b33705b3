#include "dump.h"

#include "caller_rule_record.h"
#include "record.h"
#include "snapshot_data.h"

namespace almanac::inspect {
namespace {

void append_registry(const Snapshot& snapshot, JsonText& json) {
  if (snapshot.registry_name().empty() && snapshot.revision().empty()) return;
  json.begin_object();
  if (!snapshot.registry_name().empty()) json.key("registry").string(snapshot.registry_name());
  if (!snapshot.revision().empty()) json.key("revision").string(snapshot.revision());
  json.end_object().end_line();
}

}  // namespace

void dump(const Snapshot& snapshot, const Selection& selection, Output& output) {
  const std::vector<NamespaceInfo> namespaces = selected_namespaces(snapshot, selection);
  JsonText json(output.text());
  append_registry(snapshot, json);
  const internal::Manifest& manifest = internal::data_of(snapshot).manifest();
  if (selection.takes_everything() && !manifest.caller_rules.empty()) {
    append_caller_rules(json, manifest);
    json.end_line();
  }
  for (const NamespaceInfo& info : namespaces) {
    if (info.services == 0 && !selection.filters_services()) {
      json.begin_object().key("namespace").string(info.name).end_object().end_line();
    }
    for_each_selected(internal::open_checked(snapshot, info.name), selection, [&](const Service& service) {
      append_record(json, info.name, service);
      json.end_line();
      output.record_done();
    });
  }
}

}  // namespace almanac::inspect
