#include "commands/register.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <stdexcept>

#include "commands/registrant_argument.h"
#include "commands/service_options.h"
#include "commands/store_argument.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "model/quoted.h"
#include "registrations/declaration.h"
#include "registrations/registering.h"
#include "source/load.h"

namespace almanac::commands {
namespace {

using registrations::Change;
using registrations::Registration;

constexpr const char* kRegisterFooter = R"(
What is registered is in the next snapshot that is published with the registrations: see sync. It is one object of the store for each
service and registrant; of several registrants each has its endpoints in the service, in byte order of who they are. Registering the
same again renews the lease, which counts from then, by the store's clock; what has none stays until deregister.
With --from, WHO has registered what FILE says and nothing else: new services are put first, then the others are taken away. An empty FILE
is refused, as it would take all away; deregister --all does that. Names are as in registry documents.
Exit status: 0 done; 1 there are problems in what was to be registered, and nothing was; 2 something could not be read or written.

Examples:
  generate-snapshot register /srv/acme -n prod users --uri https://users.example --registrant stack/users-prod
  generate-snapshot register /srv/acme -n prod nsqlookupd --uri tcp://10.0.1.5:4161 --zone eu-1a --registrant host/5 --lease 90s
  generate-snapshot register /srv/acme -n prod max-retries --value 3 --tag limits --registrant pipeline/limits
  generate-snapshot register /srv/acme --registrant stack/users-prod --from services.jsonl --lease 24h)";

struct RegisterOptions {
  std::string store;
  std::string registrant;
  std::string lease;
  std::string from;
  ServiceOptions service;
};

std::optional<std::chrono::seconds> lease_of(const RegisterOptions& options) {
  if (options.lease.empty()) return std::nullopt;
  const auto lease = registrations::parse_lease(options.lease);
  if (!lease)
    throw std::invalid_argument("--lease: must be " + std::string(registrations::kLeaseForm) + ", got " + model::quoted(options.lease));
  return lease;
}

std::string_view word_for(Change change) {
  switch (change) {
    case Change::kNew:
    case Change::kRevived: return "registered";
    case Change::kChanged: return "changed";
    case Change::kRenewed: return "renewed";
  }
  return "";
}

std::string lease_suffix(const RegisterOptions& options) { return options.lease.empty() ? "" : "; lease " + options.lease; }

std::string lease_words(std::optional<std::chrono::seconds> lease) { return lease ? registrations::lease_text(*lease) : "for ever"; }

// "lease 1h -> for ever"; empty: it is as it was.
std::string lease_change(const registrations::Outcome& outcome, std::optional<std::chrono::seconds> lease) {
  if (!outcome.replaced || outcome.replaced->lease == lease) return "";
  return "lease " + lease_words(outcome.replaced->lease) + " -> " + lease_words(lease);
}

void note(const std::string& text) { std::cerr << "generate-snapshot: note: " << text << '\n'; }

// Its name may be a slip.
void note_new_store(const Store& store) {
  if (is_missing(store)) note("new store: there was none at " + std::string(store.name()));
}

void note_damage(const registrations::Outcome& outcome) {
  if (!outcome.damage.empty()) note("what was there could not be read, and is replaced: " + outcome.damage);
}

int register_one(const RegisterOptions& options, std::optional<std::chrono::seconds> lease) {
  const DescribedService described = describe_service(options.service);
  for (const model::Problem& problem : described.problems) std::cerr << "generate-snapshot: " << problem.message << '\n';
  if (!described.problems.empty()) {
    std::cerr << inspect::counted(described.problems.size(), "problem") << "; nothing was registered\n";
    return kNo;
  }
  progress::ProgressLine line(stderr);
  progress::StoreProgress progress(line);
  const auto store = open_patiently(options.store, progress);
  note_new_store(*store);
  const Registration registration = registrations::registrations_of(described.registry, options.registrant, lease).front();
  const registrations::Outcome outcome = registrations::put(*store, registration);
  note_damage(outcome);
  const std::string change = lease_change(outcome, lease);
  std::cout << options.store << ": " << word_for(outcome.change) << ' ' << service_text(registration.namespace_name, registration.name)
            << " as " << inspect::in_quotes(options.registrant) << (change.empty() ? lease_suffix(options) : "; " + change) << '\n';
  return kYes;
}

// What a registration cannot hold.
void refuse_rules(source::LoadResult& loaded) {
  for (const model::Namespace& space : loaded.registry.namespaces) {
    if (space.inherits_location.line == 0) continue;
    loaded.problems.push_back({space.inherits_location, "namespace " + model::quoted(space.name) +
                                                            ": inherits is not for registrations; say it in a document that is published"});
  }
  if (loaded.registry.caller_rules.empty()) return;
  loaded.problems.push_back(
      {loaded.registry.caller_rules.front().location, "callers are not for registrations; say them in a document that is published"});
}

void report(const RegisterOptions& options, const std::vector<Registration>& all, const registrations::Declared& declared) {
  const auto count = [&](Change change) { return std::ranges::count(declared.outcomes, change, &registrations::Outcome::change); };
  const auto revived = count(Change::kRevived);
  for (std::size_t i = 0; i < all.size(); ++i) {
    note_damage(declared.outcomes[i]);
    if (declared.outcomes[i].change == Change::kRenewed) continue;
    std::cout << (declared.outcomes[i].change == Change::kChanged ? "~ " : "+ ") << service_text(all[i].namespace_name, all[i].name);
    const std::string change =
        declared.outcomes[i].change == Change::kRevived ? "had lapsed" : lease_change(declared.outcomes[i], all[i].lease);
    std::cout << (change.empty() ? "" : "  ") << change << '\n';
  }
  for (const std::string& key : declared.removed) std::cout << "- " << service_text(key) << '\n';
  for (const std::string& key : declared.left) note(service_text(key) + " was registered anew meanwhile, and stays");
  std::cout << options.store << ": " << inspect::in_quotes(options.registrant) << " has " << inspect::counted(all.size(), "service") << ": "
            << count(Change::kNew) << " new, " << count(Change::kChanged) << " changed, " << count(Change::kRenewed) << " renewed, "
            << (revived == 0 ? "" : std::to_string(revived) + " registered again, ") << declared.removed.size() << " taken away"
            << lease_suffix(options) << '\n';
}

int declare(const RegisterOptions& options, const std::vector<Registration>& all, progress::StoreProgress& progress) {
  const auto store = open_patiently(options.store, progress);
  note_new_store(*store);
  try {
    report(options, all, registrations::declare(*store, options.registrant, all, progress));
  } catch (const Error&) {
    progress.end();
    std::cerr << "generate-snapshot: not all that was to be done may be done; the same command again completes it\n";
    throw;
  }
  return kYes;
}

int register_all(const RegisterOptions& options, std::optional<std::chrono::seconds> lease) {
  progress::ProgressLine line(stderr);
  progress::StoreProgress progress(line);
  source::LoadResult loaded = source::load_registry(std::vector{options.from}, progress);
  refuse_rules(loaded);
  if (!loaded.problems.empty()) {
    source::print_problems(std::cerr, loaded);
    std::cerr << source::count_problems(loaded) << "; nothing was registered\n";
    return kNo;
  }
  if (!loaded.registry.name.empty() || !loaded.registry.revision.empty()) {
    note("the name and the revision of the registry are not registered; they are for documents that are published");
  }
  const std::vector<Registration> all = registrations::registrations_of(loaded.registry, options.registrant, lease);
  if (all.empty()) {
    std::cerr << "generate-snapshot: " << inspect::visible(options.from) << ": has no services; nothing was changed. To take away all that "
              << inspect::in_quotes(options.registrant) << " has registered, say deregister --all\n";
    return kNo;
  }
  return declare(options, all, progress);
}

int run(const RegisterOptions& options) {
  expect_registrant(options.registrant);
  const auto lease = lease_of(options);
  return options.from.empty() ? register_one(options, lease) : register_all(options, lease);
}

}  // namespace

void add_register(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("register", "Put what a registrant has into a store, or renew it");
  command->footer(kRegisterFooter);
  const auto options = std::make_shared<RegisterOptions>();
  add_store_argument(*command, options->store);
  add_service_options(*command, options->service);
  add_registrant(*command, options->registrant)->required();
  command->add_option("--lease", options->lease, "After which it counts no more unless renewed: s, m, h or d; for ever when not given")
      ->type_name("DURATION");
  CLI::Option* from = command->add_option("--from", options->from, "All that WHO has: a file as publish takes it; - for standard input");
  from->type_name("FILE")->excludes(command->get_option("NAME"));
  command->callback([options, &chosen] {
    if (options->from.empty() && options->service.name.empty()) throw CLI::RequiredError("NAME or --from");
    chosen = [options] { return run(*options); };
  });
}

}  // namespace almanac::commands
