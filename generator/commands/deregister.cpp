#include "commands/deregister.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>
#include <memory>
#include <vector>

#include "commands/registrant_argument.h"
#include "commands/store_argument.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "registrations/registering.h"

namespace almanac::commands {
namespace {

constexpr const char* kDeregisterFooter = R"(
What others registered of the same service stays. The next snapshot that is published with the registrations is without what went: see
sync. What was not registered, or is gone already, is no error, so that the command can be repeated.
Exit status: 0 it is not registered any more; 2 there is no store, or something could not be read or removed.

Examples:
  generate-snapshot deregister /srv/acme -n prod users --registrant stack/users-prod
  generate-snapshot deregister /srv/acme --registrant stack/users-prod --all)";

struct DeregisterOptions {
  std::string store;
  std::string registrant;
  std::string namespace_name;
  std::string name;
  bool all = false;
};

int deregister_one(const DeregisterOptions& options, Store& store) {
  const bool was_there =
      registrations::remove(store, registrations::registration_key(options.namespace_name, options.name, options.registrant));
  std::cout << options.store << ": " << service_text(options.namespace_name, options.name)
            << (was_there ? " is no longer registered by " : " was not registered by ") << inspect::in_quotes(options.registrant) << '\n';
  return kYes;
}

int deregister_all(const DeregisterOptions& options, Store& store, progress::Progress& progress) {
  const std::vector<std::string> keys = registrations::keys_of(store, options.registrant);
  registrations::remove_all(store, keys, progress);
  for (const std::string& key : keys) std::cout << "- " << service_text(key) << '\n';
  std::cout << options.store << ": " << inspect::in_quotes(options.registrant) << " had " << inspect::counted(keys.size(), "service")
            << (keys.empty() ? "\n" : ", and has none any more\n");
  return kYes;
}

int run(const DeregisterOptions& options) {
  expect_registrant(options.registrant);
  progress::ProgressLine line(stderr);
  progress::StoreProgress progress(line);
  const auto store = open_patiently(options.store, progress);
  expect_there(*store);
  return options.all ? deregister_all(options, *store, progress) : deregister_one(options, *store);
}

}  // namespace

void add_deregister(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("deregister", "Take away what a registrant has registered");
  command->footer(kDeregisterFooter);
  const auto options = std::make_shared<DeregisterOptions>();
  add_store_argument(*command, options->store);
  CLI::Option* name = command->add_option("NAME", options->name, "The service");
  CLI::Option* space = command->add_option("-n,--namespace", options->namespace_name, "Its namespace");
  space->type_name("NAMESPACE")->needs(name);
  name->needs(space);
  add_registrant(*command, options->registrant)->required();
  command->add_flag("--all", options->all, "All that WHO has registered")->excludes(name);
  command->callback([options, &chosen] {
    if (!options->all && options->name.empty()) throw CLI::RequiredError("NAME or --all");
    chosen = [options] { return run(*options); };
  });
}

}  // namespace almanac::commands
