// What a command of generate-snapshot is to its main.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace almanac::commands {

// As grep and diff have it.
enum ExitStatus : int { kYes = 0, kNo = 1, kTrouble = 2 };

// Does what the command line asked for and returns an ExitStatus. Exceptions mean kTrouble.
using Run = std::function<int()>;

// Adds a subcommand and its options to `app`; when the command line names it, parsing sets `chosen`.
using AddCommand = void (*)(CLI::App& app, Run& chosen);

}  // namespace almanac::commands
