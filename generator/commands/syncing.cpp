#include "commands/syncing.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <vector>

#include "commands/guarded_change.h"
#include "commands/option_values.h"
#include "commands/registered_sources.h"
#include "commands/store_argument.h"
#include "inspect/diff.h"
#include "inspect/quantity.h"
#include "open_live.h"
#include "publish/kept_documents.h"
#include "registrations/lapses.h"

namespace almanac::commands {
namespace {

// Another level of zstd, or release of it on another machine, makes other bytes of the same registry: that is no change, and whoever else
// syncs would change it back. Then `bytes` become those that are live.
void take_live_where_same(const publish::GenerationLog& log, const publish::Announced& announced, std::vector<std::byte>& bytes) {
  const Snapshot next = Snapshot::from_bytes(bytes, "the snapshot");
  if (next.id() == announced.announcement.snapshot_id) return;
  try {
    const Snapshot live = log.open_snapshot(announced);
    const bool is_same =
        next.registry_name() == live.registry_name() && next.revision() == live.revision() && inspect::diff(live, next).same();
    if (is_same) bytes = log.read_snapshot(announced);
  } catch (const Error& error) {
    if (!publish::is_lasting_damage(error)) throw;
  }
}

// Nothing is there that lapsed or cannot be read, so that what is not there was taken away.
bool is_intact(const registrations::Reading& reading) {
  return reading.unreadable.empty() && std::ranges::none_of(reading.registered, &registrations::Registered::lapsed);
}

}  // namespace

void add_sync_options(CLI::App& command, SyncOptions& options) {
  add_store_argument(command, options.going_live.store);
  command
      .add_option("--max-lapsed", options.max_lapsed,
                  "Where leases of more of the registered services ran out, in percent, those that are live stay; fewer than 10 always go")
      ->check(percentage())
      ->type_name("PERCENT")
      ->capture_default_str();
  command.add_flag("--skip-damaged", options.skip_damaged, kSkipDamagedHelp);
  command.add_flag("--without-documents", options.without_documents, "Nothing but what is registered, also where documents are live");
  command.add_option("--registry", options.compiling.registry, "Name of the registry; else what is live has, or the documents say")
      ->type_name("NAME");
  add_compile_options(command, options.compiling);
  add_guards(command, options.limits);
  add_writing_options(command, options.going_live);
}

Syncing::Syncing(GoingLive& run, const SyncOptions& options) : run_(run), options_(options) {
  expect_valid("--registry", options.compiling.registry, model::registry_name_fault);
  expect_there(run.publisher().log().store());
}

int Syncing::once() {
  return with_fresh_readings(run_, kMostReadings, [this] { return attempt(); });
}

std::optional<std::vector<std::byte>> Syncing::documents_of(const publish::Base& base) {
  const publish::GenerationLog& log = run_.publisher().log();
  if (options_.without_documents || !base.live) return publish::pack_documents({});
  const internal::Announcement& live = base.live->announcement;
  if (!live.documents.empty()) return log.read_documents(live);
  if (publish::services_of(log.open_snapshot(*base.live)) == 0) return publish::pack_documents({});
  (void)run_.refuse("documents", {options_.going_live.store + ": generation " + std::to_string(live.generation) +
                                  " was published without its documents, and would be replaced by what is registered alone; publish "
                                  "--with-registrations once, or sync --without-documents"});
  return std::nullopt;
}

// Where it cannot be read what is live, nothing is published: what may go would not be known.
void Syncing::judge_lapses(registrations::Reading& reading, const publish::Base& base) {
  const registrations::Lapses lapses = registrations::lapses_of(reading);
  if (!base.live || !are_too_many(lapses, options_.max_lapsed)) return;
  const std::uint64_t kept = keep_live(reading, run_.publisher().log().open_snapshot(*base.live));
  if (kept == 0) return;
  run_.warn(lapses_text(lapses, options_.max_lapsed) + ": " + inspect::counted(kept, "service") +
            " of them that are live stay as they are. Renew them; --max-lapsed 100 lets them go; prune takes away those that are not live, "
            "which count too");
}

void Syncing::expect_same_store(const publish::Base& base) {
  const std::uint64_t generation = base.generation();
  if (generation < highest_) {
    throw Error(ErrorCode::kConflict, options_.going_live.store,
                (generation == 0 ? "announces nothing any more, after generation " + std::to_string(highest_)
                                 : "announces generation " + std::to_string(generation) + ", older than " + std::to_string(highest_)) +
                    ", which was seen there; bring that back, or start again if this is what is meant");
  }
  highest_ = generation;
}

int Syncing::attempt() {
  next_lapse_.reset();
  expect_there(run_.publisher().log().store());
  const publish::Base base = run_.start();
  expect_same_store(base);
  run_.publisher().expect_unpinned(base);
  const std::optional<std::vector<std::byte>> kept = documents_of(base);
  if (!kept) return kNo;
  const std::string id = publish::documents_id(*kept);
  const std::vector<source::DocumentText> documents =
      publish::unpack_documents(*kept, internal::object_name(run_.publisher().log().store(), internal::documents_key(id)));
  RegisteredSources sources;
  sources.documents = documents;
  sources.skip_damaged = options_.skip_damaged;
  sources.dry_run = options_.going_live.dry_run;
  sources.judge_lapses = [&](registrations::Reading& reading) { judge_lapses(reading, base); };
  const bool goes_on = !base.live || base.live->announcement.documents == id;
  sources.registry = options_.compiling.registry;
  if (base.live && sources.registry.empty()) sources.registry = base.live->announcement.registry;
  // What options of the publication said instead of the documents is in what it announced.
  if (base.live && goes_on) sources.revision = base.live->announcement.revision;
  const auto read = std::chrono::steady_clock::now();
  std::optional<CompiledRegistry> next = compile_registered(run_, sources, options_.compiling);
  if (!next) return kNo;
  if (base.live) take_live_where_same(run_.publisher().log(), *base.live, next->snapshot);
  if (const auto left = registrations::until_next_lapse(next->reading, next->now)) next_lapse_ = read + *left;
  const Snapshot snapshot = Snapshot::from_bytes(next->snapshot, "the snapshot");
  publish::GuardLimits limits = options_.limits;
  limits.allow_unknown = options_.going_live.allow_unknown;
  if (goes_on) {  // of the same documents, so that all that goes was registered, and taken away or lapsed: see RegisteredSources::live
    limits.max_removed = 100;
    limits.allow_removed_namespaces = true;
    // In a store with nothing live it may be another store that is meant.
    if (base.live) limits.allow_empty |= is_intact(next->reading);
  }
  publish::Terms terms = run_.terms();
  terms.documents = *kept;
  terms.approve = [&](const publish::Base& on, const internal::Announcement&) {
    if (!pass_guards(run_, on, snapshot, limits, internal::moment_of(terms.now))) return false;
    run_.begin_writing();
    return true;
  };
  const publish::Publication done = run_.publisher().publish(base, next->snapshot, terms);
  if (done.outcome == publish::Publication::Outcome::kLive) highest_ = done.announcement.generation;
  return run_.tell(done, describe_snapshot(next->snapshot));
}

}  // namespace almanac::commands
