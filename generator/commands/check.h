// generate-snapshot check: is this registry in order?
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_check(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
