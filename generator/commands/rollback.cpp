#include "commands/rollback.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <optional>

#include "publish/publisher.h"

namespace almanac::commands {
namespace {

struct Options {
  std::string store;
  std::optional<std::uint64_t> generation;
};

constexpr const char* kFooter = R"(
A rollback is a new generation that names an old snapshot: nothing is rebuilt, nothing is lost.
A rollback after a rollback goes further back.
Exit status: 0 done, 2 there is no such generation, or something could not be read or written.

Examples:
  generate-snapshot rollback /srv/acme              to what was live before
  generate-snapshot rollback /srv/acme --to 7       to what generation 7 was)";

int rollback(const Options& options) {
  const auto publication = publish::Publisher(open_store(options.store)).roll_back(options.generation, std::chrono::system_clock::now());
  const internal::Announcement& live = publication.announcement;
  std::cout << options.store << ": ";
  if (publication.changed) {
    std::cout << "generation " << live.generation << " is live: the snapshot of generation " << live.rollback_of << ", " << live.snapshot_id
              << '\n';
  } else {
    std::cout << "nothing to do: generation " << live.generation << " has that snapshot\n";
  }
  return kYes;
}

}  // namespace

void add_rollback(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("rollback", "Make an earlier generation live again");
  command->footer(kFooter);
  const auto options = std::make_shared<Options>();
  command->add_option("STORE", options->store, "The store: a directory")->required();
  command->add_option("--to", options->generation, "The generation to go back to")->type_name("GENERATION");
  command->callback([options, &chosen] { chosen = [options] { return rollback(*options); }; });
}

}  // namespace almanac::commands
