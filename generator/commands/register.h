// generate-snapshot register: what a registrant has goes into a store.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_register(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
