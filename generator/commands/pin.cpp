#include "commands/pin.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <memory>

#include "commands/compile_sources.h"
#include "commands/going_live.h"
#include "commands/store_argument.h"
#include "inspect/terminal_text.h"
#include "model/field_rules.h"

namespace almanac::commands {
namespace {

constexpr const char* kPinFooter = R"(
A pinned store refuses publish and rollback, until unpin. A pin is a generation of its own, with the
snapshot that is live: it takes its turn among the publications, and history shows since when and why.
To go back and pin in one step: rollback --pin.
Exit status: 0 pinned, or pinned already for that reason; 1 refused: the store has no conditional writes, or something
was announced with a rollout and never became live; 2 there is nothing to pin, or something could not be read or written.

Examples:
  generate-snapshot pin /srv/acme --reason "freeze for the release, until Monday"
  generate-snapshot unpin /srv/acme)";

constexpr const char* kUnpinFooter = R"(
A generation of its own, with the snapshot that is live and without the pin.
Exit status: 0 not pinned any longer, or was not; 1 refused: the store has no conditional writes, or something was
announced with a rollout and never became live; 2 something could not be read or written.

Examples:
  generate-snapshot unpin /srv/acme
  generate-snapshot history /srv/acme --last 5     who pinned it, when and why?)";

struct PinOptions {
  GoingLiveOptions going_live;
  std::string reason;
};

// Whatever is live when its turn comes: so a conflict is none.
GoingLiveOptions over_conflicts(GoingLiveOptions options) {
  options.retry = true;
  return options;
}

int pin(const PinOptions& options) {
  expect_pin_reason("--reason", options.reason);
  GoingLive run(over_conflicts(options.going_live));
  return run.carry_out([&] {
    const publish::Publication done = run.publisher().pin(run.start(), options.reason, run.terms());
    return run.tell(done, "snapshot " + done.announcement.snapshot_id + pinned_text(done.announcement));
  });
}

int unpin(const PinOptions& options) {
  GoingLive run(over_conflicts(options.going_live));
  return run.carry_out([&] {
    const publish::Publication done = run.publisher().unpin(run.start(), run.terms());
    return run.tell(done, "snapshot " + done.announcement.snapshot_id + ", not pinned");
  });
}

}  // namespace

void expect_pin_reason(const char* option, const std::string& reason) { expect_valid(option, reason, model::pin_reason_fault); }

std::string pinned_text(const internal::Announcement& announcement) {
  if (!announcement.pinned) return "";
  return announcement.pinned->empty() ? ", pinned" : ", pinned: " + inspect::in_quotes(*announcement.pinned);
}

void add_pin(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("pin", "Let nothing be published until unpin");
  command->footer(kPinFooter);
  const auto options = std::make_shared<PinOptions>();
  add_store_argument(*command, options->going_live.store);
  command->add_option("--reason", options->reason, "Why, for whoever is refused")->type_name("TEXT");
  add_writing_options(*command, options->going_live);
  command->callback([options, &chosen] { chosen = [options] { return pin(*options); }; });
}

void add_unpin(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("unpin", "Let publications through again");
  command->footer(kUnpinFooter);
  const auto options = std::make_shared<PinOptions>();
  add_store_argument(*command, options->going_live.store);
  add_writing_options(*command, options->going_live);
  command->callback([options, &chosen] { chosen = [options] { return unpin(*options); }; });
}

}  // namespace almanac::commands
