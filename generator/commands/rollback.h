// generate-snapshot rollback: what was live before, live again.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_rollback(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
