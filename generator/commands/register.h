#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_register(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
