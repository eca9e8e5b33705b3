#include "commands/prune.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <iostream>
#include <memory>

#include "commands/command.h"
#include "commands/option_values.h"
#include "commands/registrant_argument.h"
#include "commands/store_argument.h"
#include "inspect/json_text.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "publish/prune.h"

namespace almanac::commands {
namespace {

constexpr const char* kPruneFooter = R"(
What stays: the newest N generations, whatever is live and what its rollout began from, whatever is younger than --min-age
by the store's clock, and every snapshot and all documents that one of these names. Of the rest the generations go first, then the
snapshots and kept documents. There is no way back to what was pruned.
Registrations go when their lease ran out longer than --min-age ago, but not while the service is live and no other registration of
it counts: sync lets it go first, or deregister takes it away.
With --dry-run leases and ages are judged by the clock of this machine, for nothing is written to learn the store's.
With --min-age 0 a snapshot goes also at the very moment at which somebody makes it live again, by publish or rollback, and
what is live would then lack it: only while nobody else writes. Less than 2h is as dangerous, and refused.
Exit status: 0 done, also when there was nothing to remove; 2 something could not be read or removed.

Examples:
  generate-snapshot prune /srv/acme --keep 50 --dry-run     what would go?
  generate-snapshot prune /srv/acme --keep 50
  generate-snapshot prune /srv/acme --keep 10 --min-age 30d)";

struct PruneOptions {
  std::string store;
  publish::PruneRules rules;
  std::uint64_t min_age = 0;  // seconds
  bool json = false;
};

std::uint64_t bytes_of(const std::vector<ObjectInfo>& objects) {
  std::uint64_t bytes = 0;
  for (const ObjectInfo& object : objects) bytes += object.size;
  return bytes;
}

// "generation 4", "4 generations, 1 to 4"; the log is removed from its beginning, with perhaps a pin left out.
std::string describe(const std::vector<std::uint64_t>& generations) {
  if (generations.empty()) return "no generation";
  if (generations.size() == 1) return "generation " + std::to_string(generations.front());
  return inspect::counted(generations.size(), "generation") + ", " + std::to_string(generations.front()) + " to " +
         std::to_string(generations.back());
}

std::string documents_text(const publish::Pruning& pruning) {
  if (pruning.documents.empty()) return "";
  return ", and documents of " + inspect::counted(bytes_of(pruning.documents), "byte");
}

void print_text(const publish::Pruning& pruning, const PruneOptions& options) {
  const std::string removed = options.store + (options.rules.dry_run ? ": would remove " : ": removed ");
  if (!pruning.generations.empty() || !pruning.snapshots.empty() || !pruning.documents.empty()) {
    std::cout << removed << describe(pruning.generations) << ", and " << inspect::counted(pruning.snapshots.size(), "snapshot") << " of "
              << inspect::counted(bytes_of(pruning.snapshots), "byte") << documents_text(pruning) << "; kept " << describe(pruning.kept)
              << '\n';
  } else if (pruning.lapsed.empty()) {
    std::cout << options.store << ": nothing to remove; " << (options.rules.dry_run ? "would keep " : "kept ") << describe(pruning.kept)
              << '\n';
  }
  if (pruning.lapsed_and_live != 0) {
    std::cout << options.store << (options.rules.dry_run ? ": would keep " : ": kept ")
              << inspect::counted(pruning.lapsed_and_live, "registration")
              << " with a lease that ran out, of services that are live: sync, or deregister, lets them go\n";
  }
  if (pruning.lapsed.empty()) return;
  std::cout << removed << inspect::counted(pruning.lapsed.size(), "registration") << " with a lease that ran out:\n";
  for (const registrations::Registered& each : pruning.lapsed) {
    std::cout << "- " << service_text(each.registration.namespace_name, each.registration.name) << " of "
              << inspect::in_quotes(each.registration.registrant) << '\n';
  }
}

void print_json(const publish::Pruning& pruning, const PruneOptions& options) {
  std::string line;
  inspect::JsonText json(line);
  json.begin_object().key("store").string(options.store).key("dry_run").boolean(options.rules.dry_run);
  json.key("generations").begin_array();
  for (const std::uint64_t generation : pruning.generations) json.number(generation);
  json.end_array().key("snapshots").begin_array();
  for (const ObjectInfo& snapshot : pruning.snapshots) json.string(snapshot.key);
  json.end_array();
  if (!pruning.documents.empty()) {
    json.key("documents").begin_array();
    for (const ObjectInfo& documents : pruning.documents) json.string(documents.key);
    json.end_array();
  }
  json.key("bytes").number(bytes_of(pruning.snapshots) + bytes_of(pruning.documents)).key("kept").begin_array();
  for (const std::uint64_t generation : pruning.kept) json.number(generation);
  json.end_array().key("registrations").begin_array();
  for (const registrations::Registered& each : pruning.lapsed) json.string(each.key);
  json.end_array();
  if (pruning.lapsed_and_live != 0) json.key("lapsed_and_live").number(pruning.lapsed_and_live);
  json.end_object().end_line();
  std::cout << line;
}

int prune(const PruneOptions& options) {
  publish::PruneRules rules = options.rules;
  rules.min_age = std::chrono::seconds(options.min_age);
  progress::ProgressLine line(stderr);
  progress::StoreProgress progress(line);
  const publish::Pruning pruning = publish::prune(publish::GenerationLog(open_patiently(options.store, progress)), rules, progress);
  line.end();
  if (options.json) {
    print_json(pruning, options);
  } else {
    print_text(pruning, options);
  }
  return kYes;
}

}  // namespace

void add_prune(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("prune", "Remove old generations, snapshots that none names, and lapsed registrations");
  command->footer(kPruneFooter);
  const auto options = std::make_shared<PruneOptions>();
  options->min_age = static_cast<std::uint64_t>(options->rules.min_age.count());
  add_store_argument(*command, options->store);
  constexpr std::uint64_t kMost = 1'000'000'000;
  command->add_option("--keep", options->rules.keep, "Generations that stay, the newest ones; at least 1")
      ->required()
      ->check(CLI::Range(std::uint64_t{1}, kMost))
      ->type_name("N");
  command->add_option("--min-age", options->min_age, "Nothing younger goes: seconds, or with m, h or d behind them; 0: whatever its age")
      ->transform(duration_in_seconds())
      ->type_name("DURATION")
      ->default_str("24h");
  command->add_flag("--dry-run", options->rules.dry_run, "Say what would go, and remove nothing");
  command->add_flag("--json", options->json, "For programs: one object that tells what went");
  command->callback([options, &chosen] { chosen = [options] { return prune(*options); }; });
}

}  // namespace almanac::commands
