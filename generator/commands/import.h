// generate-snapshot import: what neighbours print, as registry documents.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_import(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
