// Options that several commands of inspect-snapshot take.
#pragma once

#include "commands.h"

namespace almanac::inspect {

void add_what(CLI::App& app, Options& options);
void add_json(CLI::App& app, Options& options);
void add_namespace(CLI::App& app, Options& options);
void add_filters(CLI::App& app, Options& options);  // with that of the namespace

}  // namespace almanac::inspect
