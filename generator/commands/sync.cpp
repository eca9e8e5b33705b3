#include "commands/sync.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "commands/going_live.h"
#include "commands/syncing.h"

namespace almanac::commands {
namespace {

constexpr const char* kSyncFooter = R"help(
Compiles what is registered in the store together with the documents that were published --with-registrations last, and makes that
live if it is different from what is. Without documents, in an empty store, that is what is registered alone. What is read is
always newer than what it replaces: whoever finds that somebody else has published meanwhile reads everything again.

What was deregistered goes, however much it is: the last one too, while nothing else lapsed or cannot be read. So do services whose
leases ran out, while they are few. Where they are 10 or more, and more than --max-lapsed percent of all that is registered, those of
them that are live stay as they are, and a warning says so: a renewal that fails everywhere empties no registry, a few at a time either. The rest is published. The other guards are those
of publish; --max-removed and --allow-removed-namespaces count where documents go, with --without-documents. With --dry-run leases are
judged by the clock of this machine, for nothing is written to learn the store's.

Exit status: 0 live, or live already; 1 refused: a guard, a pinned store, a rollout that is not complete, a registration that
cannot be read, or documents that were not kept; 2 there is no store, or something could not be read or
written.

Examples:
  generate-snapshot sync /srv/acme
  generate-snapshot sync /srv/acme --dry-run            what would happen?
  generate-snapshot sync /srv/acme --max-lapsed 100     although renewals fail)help";

int sync(const SyncOptions& options) {
  GoingLive run(options.going_live);
  Syncing syncing(run, options);
  return run.carry_out([&] { return syncing.once(); });
}

}  // namespace

void add_sync(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("sync", "Publish what is registered, if that changed");
  command->footer(kSyncFooter);
  const auto options = std::make_shared<SyncOptions>();
  add_sync_options(*command, *options);
  add_changing_options(*command, options->going_live);
  command->callback([options, &chosen] { chosen = [options] { return sync(*options); }; });
}

}  // namespace almanac::commands
