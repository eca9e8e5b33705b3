// The reports as programs read them: sizes in bytes, times in RFC 3339, nothing shortened or escaped
// beyond what JSON demands. Each object is one line.
#pragma once

#include "diff.h"
#include "explain.h"
#include "get.h"
#include "layout_account.h"
#include "list.h"
#include "output.h"
#include "rollouts.h"
#include "summary.h"
#include "verify.h"

namespace almanac::inspect {

void print_json(const SummaryReport& report, Output& output);  // an object
void print_json(const ListReport& report, Output& output);     // an object a service
void print_json(const GetReport& report, Output& output);      // a record (record.h) for each service found
void print_json(const ExplainReport& report, Output& output);  // an object
// An object for the generation's rollout, when it has one, then one for each of the rules.
void print_json(const RolloutsReport& report, Output& output);
void print_json(const VerifyReport& report, Output& output);  // an object
void print_json(const LayoutReport& report, Output& output);  // an object
// An object for each namespace that came or went and for each service that differs, then {"summary":…}.
void print_json(const DiffReport& report, Output& output);

}  // namespace almanac::inspect
