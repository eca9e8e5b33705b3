// The canonical JSON of the rules about callers: what `dump` prints, and `build` takes.
//
// Members of a rule in the order when, namespace, rollout; of a rollout to, then percent (a share from ever on), steps or ramp,
// then by unless that is instance. What there is one of stands alone, several are a list. All kinds of rollouts are
// stages by now: which kind a document had is not known any more.
#pragma once

#include "json_text.h"
#include "manifest.h"

namespace almanac::inspect {

// {"callers":[…]}; the manifest has rules.
void append_caller_rules(JsonText& json, const internal::Manifest& manifest);

// `rule` is one of the manifest's.
void append_caller_rule(JsonText& json, const internal::Manifest& manifest, const internal::CallerRule& rule);

}  // namespace almanac::inspect
