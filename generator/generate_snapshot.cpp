// generate-snapshot: from registry documents to a snapshot, and to the store it is served from.
#include <almanac/version.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <array>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "commands/build.h"
#include "commands/check.h"
#include "commands/command.h"
#include "commands/deregister.h"
#include "commands/history.h"
#include "commands/import.h"
#include "commands/pin.h"
#include "commands/prune.h"
#include "commands/publish.h"
#include "commands/register.h"
#include "commands/registrations.h"
#include "commands/rollback.h"
#include "commands/sync.h"
#include "commands/watch.h"
#include "inspect/near_names.h"
#include "inspect/terminal_text.h"

namespace {

using namespace almanac::commands;

constexpr std::array kCommands = {add_check, add_build, add_import,   add_publish,    add_history,       add_rollback, add_pin,
                                  add_unpin, add_prune, add_register, add_deregister, add_registrations, add_sync,     add_watch};

constexpr const char* kFooter = R"(
Examples:
  generate-snapshot check registry/                   is everything in order?
  generate-snapshot build registry/ -o acme.almanac   one file to look into
  generate-snapshot publish registry/ --to /srv/acme  live in a store
  generate-snapshot history /srv/acme                 what was published when, and what is live
  generate-snapshot rollback /srv/acme                back to what was live before
  generate-snapshot pin /srv/acme --reason "freeze"   and there it stays
  generate-snapshot import ssm parameters.json -n prod  what a neighbour prints, as documents
  generate-snapshot register /srv/acme -n prod users --uri https://users.example --registrant stack/users
  generate-snapshot sync /srv/acme                    what is registered goes live
  generate-snapshot COMMAND --help                    what a command takes, with examples

Exit status: 0 done, 1 refused or problems found, 2 trouble.)";

// Results that could not be written must not look like results.
int flushed(int status) {
  std::cout.flush();
  if (std::cout) return status;
  std::cerr << "generate-snapshot: cannot write to standard output\n";
  return kTrouble;
}

// What is wrong with the command itself, which the parser would only find to be missing; empty: nothing.
std::string complaint_about(CLI::App& app, std::string_view word) {
  if (word.empty()) return "no command";
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return almanac::inspect::complaint_about_command(word, {names.begin(), names.end()});
}

// An option that is hardly meant as it is written; empty: none. The parser would take its value for an argument, and complain about that.
std::string complaint_about_options(const CLI::App& command, std::span<char* const> words) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::vector<std::string_view> known(names.begin(), names.end());
  for (const std::string_view word : words) {
    if (word == "--") break;
    const std::string_view name = word.substr(0, word.find('='));
    if (!name.starts_with("--") || std::ranges::find(known, name) != known.end()) continue;
    const std::vector<std::string_view> near = almanac::inspect::nearest(name, known, 1);
    if (!near.empty())
      return "no option " + almanac::inspect::in_quotes(name) + "; did you mean " + almanac::inspect::in_quotes(near.front());
  }
  return {};
}

// `command` is that of the command line, where there is one.
int refused(const std::string& complaint, const std::string& command = {}) {
  std::cerr << "generate-snapshot: " << complaint << "; see generate-snapshot " << (command.empty() ? "" : command + " ") << "--help\n";
  return kTrouble;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Compiles a service registry into a snapshot.", "generate-snapshot");
  app.footer(kFooter);
  app.set_version_flag("--version", std::string("generate-snapshot ") + almanac::library_version());
  app.require_subcommand(1);
  Run chosen;
  for (const AddCommand add : kCommands) add(app, chosen);
  if (const std::string complaint = complaint_about(app, argc > 1 ? argv[1] : ""); !complaint.empty()) return refused(complaint);
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() != argv[1]) continue;
    const std::string complaint = complaint_about_options(*command, std::span(argv + 2, argv + argc));
    if (!complaint.empty()) return refused(complaint, command->get_name());
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
      const auto named = app.get_subcommands();
      return refused(almanac::inspect::visible(error.what()), named.empty() ? "" : named.front()->get_name());
    }
    return flushed(app.exit(error, std::cout, std::cerr));  // --help or --version
  }
  try {
    return flushed(chosen());
  } catch (const std::exception& error) {
    std::cerr << "generate-snapshot: " << error.what() << '\n';
    return kTrouble;
  }
}
