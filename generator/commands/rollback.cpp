#include "commands/rollback.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>
#include <optional>

#include "commands/going_live.h"
#include "commands/option_values.h"
#include "commands/pin.h"
#include "commands/store_argument.h"
#include "publish/guard.h"

namespace almanac::commands {
namespace {

struct RollbackOptions {
  GoingLiveOptions going_live;
  std::optional<std::uint64_t> generation;
  std::optional<std::string> pin;
};

constexpr const char* kRollbackFooter = R"help(
A rollback is a new generation that names an old snapshot: nothing is rebuilt, nothing is lost. It prints
what becomes different. A rollback after a rollback goes further back. It is for all instances at once, and so the end of a
rollout (publish --over, --canary): then it goes back to what that began from, and so also withdraws one that was announced
and never became live.
With --pin the same generation is pinned, so no pipeline comes in between and undoes it.
Exit status: 0 done, or live already; 1 refused: it is pinned, somebody else published meanwhile, or the store
has no conditional writes; 2 there is no such generation, or something could not be read or written.

Examples:
  generate-snapshot rollback /srv/acme --dry-run                     what would become different?
  generate-snapshot rollback /srv/acme                               to what was live before
  generate-snapshot rollback /srv/acme --to 7                        to what generation 7 was
  generate-snapshot rollback /srv/acme --to 7 --pin "payments are down, see the incident")help";

int rollback(const RollbackOptions& options) {
  if (options.pin) expect_pin_reason("--pin", *options.pin);
  GoingLive run(options.going_live);
  return run.carry_out([&] {
    const publish::Base base = run.start();
    const publish::GenerationLog& log = run.publisher().log();
    (void)publish::expect_live(base, log.store());
    const publish::Announced target = options.generation ? log.get(*options.generation) : log.before(*base.newest());
    const std::vector<std::byte> bytes = log.read_snapshot(target);
    const Snapshot next = Snapshot::from_bytes(bytes, "the snapshot");
    publish::Terms terms = run.terms();
    terms.approve = [&](const publish::Base& on, const internal::Announcement&) {
      const GoingLive::Comparison compared = run.compare(on, next);
      if (!on.unknown.empty() && !options.going_live.allow_unknown) return run.refuse("guard", {publish::refusal_of_unknown(on.unknown)});
      if (compared.diff == nullptr) run.say("not compared: " + compared.unknown);
      run.begin_writing();
      return true;
    };
    const publish::Publication done = run.publisher().roll_back(base, target, bytes, options.pin, terms);
    const internal::Announcement& live = done.announcement;
    const std::uint64_t origin = live.rollback_of != 0 ? live.rollback_of : target.announcement.generation;
    return run.tell(done, "the snapshot of generation " + std::to_string(origin) + ", " + live.snapshot_id + pinned_text(live));
  });
}

}  // namespace

void add_rollback(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("rollback", "Make an earlier generation live again");
  command->footer(kRollbackFooter);
  const auto options = std::make_shared<RollbackOptions>();
  add_store_argument(*command, options->going_live.store);
  command->add_option("--to", options->generation, "The generation to go back to")->check(whole_number())->type_name("GENERATION");
  command->add_option("--pin", options->pin, "Pin it in the same step, for this reason")->type_name("REASON");
  add_conflict_option(*command, options->going_live);
  add_changing_options(*command, options->going_live);
  add_writing_options(*command, options->going_live);
  command->callback([options, &chosen] { chosen = [options] { return rollback(*options); }; });
}

}  // namespace almanac::commands
