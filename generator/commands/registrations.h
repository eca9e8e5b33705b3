// generate-snapshot registrations: what is registered, by whom, and for how long yet.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_registrations(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
