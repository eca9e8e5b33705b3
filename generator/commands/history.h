// generate-snapshot history: what was published when, and what is live.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_history(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
