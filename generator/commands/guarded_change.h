// What stands between a compiled snapshot and its announcement, as the options have it, and what is said there.
#pragma once

#include <almanac/snapshot.h>

#include <string>
#include <vector>

#include "commands/going_live.h"
#include "publish/guard.h"

namespace CLI {
class App;
}

namespace almanac::commands {

// --max-removed, --allow-removed-namespaces, --allow-empty, --allow-unmatched, --allow-started-rollouts and --max-size.
void add_guards(CLI::App& command, publish::GuardLimits& limits);

// Shows what would become different, `notes`, and what the guards say to it, on `run`. False: it is refused.
[[nodiscard]] bool pass_guards(GoingLive& run, const publish::Base& base, const Snapshot& next, const publish::GuardLimits& limits,
                               internal::Moment now, const std::vector<std::string>& notes = {});

}  // namespace almanac::commands
