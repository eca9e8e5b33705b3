#include "commands/guarded_change.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>
#include <vector>

#include "commands/option_values.h"
#include "publish/caller_notes.h"

namespace almanac::commands {
namespace {

void say_callers(GoingLive& run, const Snapshot& next, internal::Moment now) {
  for (const std::string& line : publish::rollout_lines(publish::facts_of(next), now)) run.say(line);
  for (const publish::CallerNote& note : publish::caller_notes(next)) run.say("note: " + note.text);
}

// While a generation comes to instances one after another, the others have the one before, and lose from that. What is live already
// has passed the guards when it began.
void count_from_previous(GoingLive& run, const publish::Base& base, const Snapshot& next, internal::Moment now,
                         publish::GuardFigures& figures) {
  const internal::Announcement& live = base.live->announcement;
  if (unfinished_rollout(live, now) == nullptr || next.id() == live.snapshot_id) return;
  const publish::GenerationLog& log = run.publisher().log();
  const std::uint64_t previous = live.rollout->previous_generation;
  try {
    const std::vector<std::byte> bytes = log.read_snapshot(log.before(live));
    publish::count_from_previous(figures, inspect::diff(Snapshot::from_bytes(bytes, "the snapshot before"), next), previous);
  } catch (const Error& error) {
    if (!publish::is_lasting_damage(error)) throw;
    run.say("not compared with generation " + std::to_string(previous) + ", which instances still have: " + error.what());
  }
}

}  // namespace

bool pass_guards(GoingLive& run, const publish::Base& base, const Snapshot& next, const publish::GuardLimits& limits, internal::Moment now,
                 const std::vector<std::string>& notes) {
  const GoingLive::Comparison comparison = run.compare(base, next);
  say_callers(run, next, now);
  run.note(notes);
  publish::GuardFigures figures = comparison.diff ? publish::figures_of(*comparison.diff, now) : publish::figures_of(next);
  if (comparison.diff) count_from_previous(run, base, next, now, figures);
  figures.unknown = comparison.unknown;
  const publish::GuardReport report = publish::guard(figures, limits);
  if (!report.passed()) return run.refuse("guard", report.refusals);
  run.say("guards: " + report.figures);
  return true;
}

void add_guards(CLI::App& command, publish::GuardLimits& limits) {
  command.add_option("--max-removed", limits.max_removed, "Refuse when more of the services that are live would be removed, in percent")
      ->check(percentage())
      ->type_name("PERCENT")
      ->capture_default_str();
  command.add_flag("--allow-removed-namespaces", limits.allow_removed_namespaces, "Else refused when a namespace would be removed");
  command.add_flag("--allow-empty", limits.allow_empty, "Else refused when there is no service at all");
  command.add_flag("--allow-unmatched", limits.allow_unmatched,
                   "Else refused when callers that have a namespace would get none: no rule is for every caller any more");
  command.add_flag("--allow-started-rollouts", limits.allow_started_rollouts,
                   "Else refused when a new rollout of the rules is past its half already, and would move so many at once");
  command.add_option("--max-size", limits.max_size, "Refuse a larger snapshot: bytes, or with KiB, MiB or GiB behind them")
      ->transform(size_in_bytes())
      ->type_name("SIZE")
      ->default_str("256MiB");
}

}  // namespace almanac::commands
