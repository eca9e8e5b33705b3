// The commands of inspect-snapshot: what each takes, what its --help says, and what it does.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "export/exporter.h"
#include "output.h"
#include "selection.h"

namespace CLI {
class App;
}

namespace almanac::inspect {

// As grep and diff have them.
inline constexpr int kYes = 0;
inline constexpr int kNo = 1;
inline constexpr int kTrouble = 2;

// What every message of the program begins with.
inline constexpr std::string_view kProgram = "inspect-snapshot: ";

struct ExportOptions {
  std::string format;
  bool strict = false;
  ExportSettings settings;
  std::uint64_t ttl = 30;  // seconds
  std::string every = "10s";
  std::string then;
  std::string then_timeout = "60s";
  bool once = false;
  bool allow_empty = false;
};

struct Options {
  std::string what;
  std::string other;   // the new one of a diff
  std::string output;  // the file to write
  std::vector<std::string> names;
  Selection selection;
  bool json = false;
  std::string colour = "auto";
  std::string caller;
  std::string key;
  std::optional<std::string> at;  // nothing: now
  std::string requirements;       // a file, or "-"
  ExportOptions exporting;
};

struct Command {
  const char* name;
  const char* purpose;
  const char* more;
  void (*declare)(CLI::App&, Options&);
  int (*run)(const Options&, Output&);
};

// In the order in which --help lists them.
[[nodiscard]] std::span<const Command> commands() noexcept;

}  // namespace almanac::inspect
