#include "commands/publish.h"

#include <almanac/snapshot.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "byte_source.h"
#include "commands/compile_sources.h"
#include "commands/going_live.h"
#include "commands/guarded_change.h"
#include "commands/option_values.h"
#include "commands/phases.h"
#include "commands/registered_sources.h"
#include "inspect/quantity.h"
#include "publish/guard.h"
#include "publish/kept_documents.h"
#include "registrations/registration.h"
#include "source/document_text.h"

namespace almanac::commands {
namespace {

struct PublishOptions {
  std::shared_ptr<SourceOptions> source;
  std::string snapshot;
  bool with_registrations = false;
  bool skip_damaged = false;
  GoingLiveOptions going_live;
  PhaseOptions phases;
  publish::GuardLimits limits;
};

constexpr const char* kPublishFooter = R"help(
First it prints what would become different from what is live, and what the guards say to that. Then the
snapshot is put into the store, announced under the next generation, and made the current one in a
single step. Publishing what is live already changes nothing; a snapshot that readers need and that is gone or
damaged is put again.

With --over or --canary instances move one after another, each at a moment of its own and for good, from the snapshot that
is live to this one: by the clock, with nothing more to publish. Until all have, rollback takes it back from all of them at once,
publish --end-rollout --to STORE completes it, without documents, and the next publication is refused, or with --end-rollout is for
all at once. What another publisher announced and left unfinished is made live first, unless instances should be moving to it by
now and none does: then it is for you to decide, and the same commands withdraw it, bring it to all, or go over it.

With --with-registrations a service that documents and registrants have is that of the documents, and a note says so; several registrants
of one service make its endpoints. From then on sync publishes what is registered since, with these documents.

Refused, and nothing changed: what a guard stands against (each has its switch); a pinned store; one where a rollout is not
complete; one without conditional writes; phases by a clock that is behind the publication which is live; and who finds that
somebody else has published since this command began, as with a push that is not fast-forward.
--if-generation N also refuses when that happened before it began: an old pipeline that ends late must
not undo a newer one.

Exit status: 0 live, or live already; 1 refused, or the documents have problems; 2 something could not
be read or written.

Examples:
  generate-snapshot publish registry/ --to /srv/acme --dry-run     what would happen?
  generate-snapshot publish registry/ --to /srv/acme --revision "$(git rev-parse HEAD)"
  generate-snapshot publish --snapshot acme.almanac --to /srv/acme
  aws ssm … | generate-snapshot import ssm - | generate-snapshot publish - --to /srv/acme
  generate-snapshot publish registry/ --to /srv/acme --with-registrations    and what deployments registered there
  generate-snapshot publish registry/ --to /srv/acme --on-conflict retry     the last one wins
  generate-snapshot publish registry/ --to /srv/acme --if-generation 41      on top of 41, or not at all
  generate-snapshot publish registry/ --to /srv/acme --over 30m              evenly, all in half an hour
  generate-snapshot publish registry/ --to /srv/acme --canary 10%:20m        a tenth now, the others in 20 minutes
  generate-snapshot publish --end-rollout --to /srv/acme                     all of them at once after all
  generate-snapshot publish registry/ --to /srv/acme --max-removed 60 --allow-removed-namespaces)help";

std::vector<std::byte> read_whole(const std::string& file) {
  const auto source = internal::open_file(file);
  std::vector<std::byte> bytes(static_cast<std::size_t>(source->size()));
  source->read(0, bytes);
  return bytes;
}

// Read once: standard input has them only once.
struct Documents {
  std::vector<source::DocumentText> texts;
  std::vector<std::byte> kept;
};

Documents read_documents(const SourceOptions& options) {
  expect_valid("--registry", options.registry, model::registry_name_fault);
  expect_valid("--revision", options.revision, model::revision_fault);
  progress::ProgressLine progress(stderr);
  Documents documents;
  documents.texts = source::read_documents(options.sources, progress);
  documents.kept = publish::pack_documents(documents.texts);
  return documents;
}

// Nothing: it is refused, which was told.
std::optional<std::vector<std::byte>> with_registrations(GoingLive& run, const PublishOptions& options, const Documents& documents) {
  RegisteredSources sources;
  sources.documents = documents.texts;
  sources.registry = options.source->registry;
  sources.revision = options.source->revision;
  sources.skip_damaged = options.skip_damaged;
  sources.dry_run = options.going_live.dry_run;
  std::optional<CompiledRegistry> compiled = compile_registered(run, sources, *options.source);
  if (!compiled) return std::nullopt;
  return std::move(compiled->snapshot);
}

std::optional<std::vector<std::byte>> without_registrations(GoingLive& run, const PublishOptions& options) {
  if (!options.snapshot.empty()) {
    std::vector<std::byte> bytes = read_whole(options.snapshot);
    Snapshot::from_bytes(bytes, options.snapshot).verify();
    return bytes;
  }
  if (auto bytes = compile_sources(*options.source)) return bytes;
  run.refuse("documents", {"the documents have problems"});
  return std::nullopt;
}

std::vector<std::string> registrations_left_out(GoingLive& run, const publish::Base& on) {
  if (!on.live || on.live->announcement.documents.empty()) return {};
  const std::size_t registered = run.publisher().log().store().list(registrations::kPrefix).size();
  if (registered == 0) return {};
  return {"generation " + std::to_string(on.live->announcement.generation) + " has what is registered in the store, " +
          inspect::counted(registered, "registration") + ", and this has not: publish --with-registrations takes them along"};
}

// What is on its way to instances, for all of them at once.
int end_rollout(const PublishOptions& options) {
  GoingLive run(options.going_live);
  return run.carry_out([&] {
    const publish::Base base = run.start();
    publish::Terms terms = run.terms();
    terms.approve = [&](const publish::Base& on, const internal::Announcement&) {
      if (!on.unknown.empty() && !options.going_live.allow_unknown) return run.refuse("guard", {publish::refusal_of_unknown(on.unknown)});
      if (on.stalled) (void)run.compare(on, run.publisher().log().open_snapshot(*on.stalled));
      run.begin_writing();
      return true;
    };
    const publish::Publication done = run.publisher().end_rollout(base, terms);
    return run.tell(done, "snapshot " + done.announcement.snapshot_id);
  });
}

// On top of what is live when it begins, or, where others came first, as options.going_live says; but what was read of registrations is
// for that base alone. `documents` are read when they are not yet.
int attempt(GoingLive& run, const PublishOptions& options, std::optional<Documents>& documents) {
  const publish::Base base = run.start();
  if (options.with_registrations && !documents) documents = read_documents(*options.source);
  const auto bytes = documents ? with_registrations(run, options, *documents) : without_registrations(run, options);
  if (!bytes) return kNo;
  const Snapshot next = Snapshot::from_bytes(*bytes, "the snapshot");
  publish::Terms terms = run.terms();
  if (documents) {
    terms.documents = documents->kept;
    terms.on_conflict = publish::OnConflict::kRefuse;
  }
  publish::GuardLimits limits = options.limits;
  limits.allow_unknown = options.going_live.allow_unknown;
  terms.schedule = options.phases.schedule(internal::moment_of(terms.now));
  terms.end_rollout = options.phases.end_rollout;
  terms.approve = [&](const publish::Base& on, const internal::Announcement&) {
    const std::vector<std::string> notes = documents ? std::vector<std::string>() : registrations_left_out(run, on);
    if (!pass_guards(run, on, next, limits, internal::moment_of(terms.now), notes)) return false;
    if (terms.schedule && !on.live) run.note_nothing_to_move_from();
    run.begin_writing();
    return true;
  };
  return run.tell(run.publisher().publish(base, *bytes, terms), describe_snapshot(*bytes));
}

int publish(const PublishOptions& options) {
  GoingLive run(options.going_live);
  return run.carry_out([&] {
    std::optional<Documents> documents;
    const bool reads_again = options.with_registrations && options.going_live.retry;
    return with_fresh_readings(run, reads_again ? kMostReadings : 1, [&] { return attempt(run, options, documents); });
  });
}

// Without anything to publish.
void expect_completion(const CLI::App& command, const PublishOptions& options) {
  if (!options.phases.end_rollout) throw CLI::RequiredError("SOURCE or --snapshot");
  for (const char* name : {"--registry", "--revision", "--level", "--threads"}) {
    if (command.count(name) != 0) throw CLI::RequiresError(name, "SOURCE");
  }
}

}  // namespace

void add_publish(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("publish", "Make a registry live in a store");
  command->footer(kPublishFooter);
  const auto options = std::make_shared<PublishOptions>();
  options->source = add_source_options(*command);
  CLI::Option* snapshot = command->add_option("--snapshot", options->snapshot, "A snapshot file that build wrote, instead of documents");
  snapshot->type_name("FILE");
  for (const char* name : {"SOURCE", "--registry", "--revision", "--level", "--threads"}) snapshot->excludes(command->get_option(name));
  command->add_option("--to", options->going_live.store, "The store, such as a directory, which is made if it is not there")
      ->required()
      ->type_name("STORE");
  command->add_option("--if-generation", options->going_live.if_generation, "Only while this generation is live; 0: only as the first")
      ->check(whole_number())
      ->type_name("N");
  CLI::Option* with_registrations =
      command->add_flag("--with-registrations", options->with_registrations,
                        "Together with what is registered in the store, and keep the documents there, so that sync can go on from them");
  with_registrations->needs(command->get_option("SOURCE"))->excludes(snapshot);
  command->add_flag("--skip-damaged", options->skip_damaged, kSkipDamagedHelp)->needs(with_registrations);
  add_conflict_option(*command, options->going_live);
  add_changing_options(*command, options->going_live);
  add_phase_options(*command, options->phases);
  add_guards(*command, options->limits);
  add_writing_options(*command, options->going_live);
  command->callback([options, command, &chosen] {
    const bool is_given = !options->source->sources.empty() || !options->snapshot.empty();
    if (!is_given) expect_completion(*command, *options);
    chosen = [options, is_given] { return is_given ? publish(*options) : end_rollout(*options); };
  });
}

}  // namespace almanac::commands
