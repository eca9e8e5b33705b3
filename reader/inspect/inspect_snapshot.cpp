// inspect-snapshot: shows what is in a snapshot. See --help.
#include <unistd.h>

#include <csignal>
#include <exception>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>

#include <almanac/version.h>

#include "commands.h"
#include "near_names.h"
#include "terminal_text.h"

namespace almanac::inspect {
namespace {

constexpr const char* kFooter =
    "WHAT is a snapshot file, a bundle, or a store at what is live now, or with @GENERATION behind it at what was live then.\n"
    "A store is a directory that holds \"current\", s3://bucket/prefix, or https://host/path: only what is shown is\n"
    "fetched. Results are on stdout, all else on stderr.\n"
    "Exit status: 0 yes or done, 1 no or different, 2 trouble.\n\n"
    "Examples:\n"
    "  inspect-snapshot summary acme.almanac\n"
    "  inspect-snapshot get /srv/acme user-management-service -n prod\n"
    "  inspect-snapshot diff s3://acme-registry/live@7 s3://acme-registry/live\n\n"
    "inspect-snapshot COMMAND --help tells more of each command.";

void declare(CLI::App& app, Options& options) {
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("inspect-snapshot ") + library_version() + ", reads format " +
                                        std::to_string(kFormatMajor) + "." + std::to_string(kFormatMinor));
  app.footer(kFooter);
  for (const Command& command : commands()) {
    CLI::App* const added = app.add_subcommand(command.name, command.purpose);
    added->footer(command.more);
    command.declare(*added, options);
  }
}

int run_chosen(const CLI::App& app, const Options& options, Output& output) {
  for (const Command& command : commands()) {
    if (app.got_subcommand(command.name)) return command.run(options, output);
  }
  return kTrouble;
}

std::string complaint_about(std::string_view word) {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  return complaint_about_command(word, names);
}

int run(int argc, char** argv, Output& output) {
  CLI::App app("Shows what is in an almanac snapshot.", "inspect-snapshot");
  Options options;
  declare(app, options);
  const std::string complaint = argc > 1 ? complaint_about(argv[1]) : "no command";
  if (!complaint.empty()) {
    std::cerr << kProgram << complaint << "; see inspect-snapshot --help\n";
    return kTrouble;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& outcome) {
    std::ostringstream text;
    const int code = app.exit(outcome, text, text);
    if (code == 0) {  // --help or --version
      output.text() += text.str();
      return kYes;
    }
    const auto named = app.get_subcommands();
    const std::string command = named.empty() ? "" : named.front()->get_name() + " ";
    std::cerr << kProgram << visible(outcome.what()) << "; see inspect-snapshot " << command << "--help\n";
    return kTrouble;
  }
  return run_chosen(app, options, output);
}

int run_and_report(int argc, char** argv) {
  try {
    Output output(STDOUT_FILENO);
    const int status = run(argc, argv, output);
    output.flush();
    return status;
  } catch (const OutputError& error) {
    if (error.code() != std::errc::broken_pipe) std::cerr << kProgram << error.what() << '\n';
  } catch (const std::exception& error) {
    std::cerr << kProgram << visible(error.what()) << '\n';
  }
  return kTrouble;
}

}  // namespace
}  // namespace almanac::inspect

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is an error of write(), not our end
  return almanac::inspect::run_and_report(argc, argv);
}
