// generate-snapshot sync: what is registered goes live, if it changed.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_sync(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
