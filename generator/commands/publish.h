// generate-snapshot publish: registry documents, or a snapshot file, live in a store.
#pragma once

#include "commands/command.h"

namespace almanac::commands {

void add_publish(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
