#include "verify.h"

#include "selection.h"
#include "snapshot_data.h"

namespace almanac::inspect {
namespace {

bool is_damage(ErrorCode code) noexcept { return code == ErrorCode::kTruncated || code == ErrorCode::kCorrupt; }

}  // namespace

VerifyReport verify(const std::string& what) {
  VerifyReport report;
  report.name = what;
  try {
    const Subject subject = open_subject(what);
    subject.snapshot.verify();
    for (const NamespaceInfo& info : selected_namespaces(subject.snapshot, Selection{})) {
      ++report.namespaces;
      report.services += info.services;
      report.endpoints += info.endpoints;
    }
    report.caller_rules = internal::data_of(subject.snapshot).manifest().caller_rules.size();
    report.id = subject.snapshot.id();
    report.size = subject.snapshot.size();
  } catch (const Error& error) {
    if (!is_damage(error.code())) throw;
    report.damage = error;
  }
  return report;
}

}  // namespace almanac::inspect
