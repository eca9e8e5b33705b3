// generate-snapshot prune: old generations and their snapshots go.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_prune(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
