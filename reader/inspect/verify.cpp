#include "verify.h"

#include <string_view>

#include "selection.h"
#include "terminal_text.h"

namespace almanac::inspect {
namespace {

[[noreturn]] void refuse(std::string_view object, std::string_view namespace_name, const std::string& problem) {
  throw Error(ErrorCode::kCorrupt, std::string(object), "namespace " + in_quotes(namespace_name) + ": " + problem);
}

void walk(const Snapshot& snapshot, const NamespaceInfo& info, std::string_view object) {
  const Namespace services = snapshot.in(info.name);
  std::uint64_t service_count = 0;
  std::uint64_t endpoint_count = 0;
  std::string_view before;
  for (const Service& service : services) {
    const std::string_view name = service.name();
    if (service_count > 0 && name <= before) refuse(object, info.name, in_quotes(name) + " is out of order");
    const auto found = services.find(name);
    if (!found || found->name().data() != name.data()) {
      refuse(object, info.name, in_quotes(name) + " is there and is not found by its name");
    }
    before = name;
    ++service_count;
    endpoint_count += service.endpoints().size();
  }
  const auto expect = [&](std::string_view what, std::uint64_t there, std::uint64_t said) {
    if (there == said) return;
    refuse(object, info.name,
           std::string("it has ") + std::to_string(there) + " " + std::string(what) + ", the manifest says " + std::to_string(said));
  };
  expect("services", service_count, info.services);
  expect("endpoints", endpoint_count, info.endpoints);
}

bool is_damage(ErrorCode code) noexcept { return code == ErrorCode::kTruncated || code == ErrorCode::kCorrupt; }

}  // namespace

VerifyReport verify(const std::string& what) {
  VerifyReport report;
  report.name = what;
  try {
    const Subject subject = open_subject(what);
    subject.snapshot.verify();
    for (const NamespaceInfo& info : selected_namespaces(subject.snapshot, Selection{})) {
      walk(subject.snapshot, info, what);
      ++report.namespaces;
      report.services += info.services;
      report.endpoints += info.endpoints;
    }
    report.id = subject.snapshot.id();
    report.size = subject.snapshot.size();
  } catch (const Error& error) {
    if (!is_damage(error.code())) throw;
    report.damage = error;
  }
  return report;
}

}  // namespace almanac::inspect
