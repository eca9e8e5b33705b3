// generate-snapshot build: registry documents to a snapshot file.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_build(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
