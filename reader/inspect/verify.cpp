#include "verify.h"

#include "generation_rollout.h"
#include "selection.h"
#include "snapshot_data.h"

namespace almanac::inspect {
namespace {

bool is_damage(ErrorCode code) noexcept { return code == ErrorCode::kTruncated || code == ErrorCode::kCorrupt; }

// Instances that wait for their turn go on with it.
void verify_previous(const Subject& subject) {
  const internal::Announcement& live = *subject.publication;
  try {
    open_previous(subject).snapshot.verify();
  } catch (const Error& error) {
    if (!is_damage(error.code()) && error.code() != ErrorCode::kNotFound) throw;
    throw Error(ErrorCode::kCorrupt, subject.name,
                stranded_text(live, std::string("is gone or damaged (") + error.what() + ")", subject.name));
  }
}

}  // namespace

VerifyReport verify(const std::string& what, internal::Moment now) {
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
    if (subject.is_live && unfinished_rollout(*subject.publication, now)) verify_previous(subject);
  } catch (const Error& error) {
    if (!is_damage(error.code())) throw;
    report.damage = error;
  }
  return report;
}

}  // namespace almanac::inspect
