// A command of the user's, run by the shell.
#pragma once

#include <chrono>
#include <string>

#include "inspect/stop_signals.h"

namespace almanac::inspect {

// How it went: empty, it ended with status 0; else what is wrong, as in "ended with status 1". It reads nothing, and writes where this program does.
// It is a group of its own, which gets each of the stop signals that come meanwhile, and is killed when it has not ended by the
// timeout, or a few seconds after such a signal.
[[nodiscard]] std::string run_shell_command(const std::string& command, std::chrono::milliseconds timeout, const StopSignals& signals);

}  // namespace almanac::inspect
