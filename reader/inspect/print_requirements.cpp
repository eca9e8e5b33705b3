#include "print_requirements.h"

#include "json_text.h"
#include "print_text.h"
#include "quantity.h"
#include "terminal_text.h"

namespace almanac::inspect {
namespace {

std::string text_of(const UnmetRequirement& unmet, const Selection& selection) {
  if (!unmet.has_service) return text_of(unmet.miss, selection);
  std::string text = "service " + in_quotes(unmet.requirement.name) + " in namespace " + in_quotes(*selection.namespace_name);
  if (unmet.requirement.range.empty()) return text + " has endpoints of weight 0 alone";
  text += " has no endpoint of a version in " + in_quotes(unmet.requirement.range);
  const char* separator = "; it has ";
  for (const std::string_view version : unmet.versions) {
    text += separator + visible(version);
    separator = ", ";
  }
  return text;
}

}  // namespace

void print_text(const RequirementsReport& report, Output& output) {
  const std::string names = counted(report.requirements, "name");
  for (const UnmetRequirement& unmet : report.unmet) {
    output.text() += visible(report.file) + ":" + std::to_string(unmet.requirement.line) + ": " + text_of(unmet, report.selection) + "\n";
    output.record_done();
  }
  if (report.unmet.empty()) {
    output.text() += "ok: " + visible(report.subject) + ": namespace " + in_quotes(*report.selection.namespace_name) + " has what " +
                     visible(report.file) + " requires: " + names + "\n";
  } else {
    output.text() += with_thousands(report.unmet.size()) + " of " + names + " not there as required\n";
  }
}

void print_json(const RequirementsReport& report, Output& output) {
  JsonText json(output.text());
  for (const UnmetRequirement& unmet : report.unmet) {
    json.begin_object().key("file").string(report.file).key("line").number(unmet.requirement.line);
    json.key("name").string(unmet.requirement.name);
    if (!unmet.requirement.range.empty()) json.key("range").string(unmet.requirement.range);
    if (unmet.has_service) {
      json.key("versions").strings(unmet.versions);
    } else {
      json.key("near").strings(unmet.miss.near).key("elsewhere").strings(unmet.miss.elsewhere);
    }
    json.end_object().end_line();
    output.record_done();
  }
}

}  // namespace almanac::inspect
