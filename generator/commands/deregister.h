// generate-snapshot deregister: it goes again.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_deregister(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
