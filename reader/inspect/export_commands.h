// The commands `export` and `follow`: what each takes, what its --help says, and what it does (commands.h).
#pragma once

#include "commands.h"

namespace almanac::inspect {

// What stands below the table of formats.
extern const char* const kExportHelp;
extern const char* const kFollowHelp;

void declare_export(CLI::App& app, Options& options);
void declare_follow(CLI::App& app, Options& options);
[[nodiscard]] int run_export(const Options& options, Output& output);
[[nodiscard]] int run_follow(const Options& options, Output& output);

}  // namespace almanac::inspect
