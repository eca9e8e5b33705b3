// generate-snapshot watch: sync, again and again.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_watch(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
