#include "commands/going_live.h"

#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>

#include "commands/option_values.h"
#include "commands/store_argument.h"
#include "inspect/generation_rollout.h"
#include "inspect/json_text.h"
#include "inspect/print_diff.h"
#include "inspect/quantity.h"
#include "publish/conditional_writes.h"

namespace almanac::commands {
namespace {

using publish::Publication;
using publish::Refused;

std::string_view word_for(Refused::Reason reason) {
  switch (reason) {
    case Refused::Reason::kConflict: return "conflict";
    case Refused::Reason::kPinned: return "pinned";
    case Refused::Reason::kRollout: return "rollout";
    case Refused::Reason::kGeneration: return "generation";
    case Refused::Reason::kConditionalWrites: return "conditional writes";
  }
  return "";
}

std::string_view word_for(Publication::Outcome outcome) {
  switch (outcome) {
    case Publication::Outcome::kLive: return "live";
    case Publication::Outcome::kUnchanged: return "unchanged";
    case Publication::Outcome::kDryRun: return "dry run";
    case Publication::Outcome::kNotApproved: return "refused";
  }
  return "";
}

constexpr std::string_view kNothing = "nothing was announced";

// What an interruption leaves.
std::string state_after(publish::Step step, const std::string& generation, const std::string& nothing) {
  switch (step) {
    case publish::Step::kAnnouncing: return "it is not known whether " + generation + " was announced; see history";
    case publish::Step::kNotAnnounced: return nothing;
    case publish::Step::kAnnounced: return generation + " is announced, and becomes live with the next publish if it is not yet";
    case publish::Step::kLive: break;
  }
  return generation + " is live";
}

std::string finished_text(std::uint64_t generation, std::string_view is) {
  return "generation " + std::to_string(generation) + ", which another publisher left unfinished, " + std::string(is);
}

// The rollout that a publication ended before all instances had moved, if it did.
struct EndedRollout {
  const internal::GenerationRollout& rollout;
  std::uint32_t share;  // of the instances that had moved
  bool completed;       // what was on its way is what is for all now
};

std::optional<EndedRollout> ended_rollout(const Publication& publication) {
  const internal::Announcement& next = publication.announcement;
  const internal::Moment then = internal::moment_of(next.published);
  if (!publication.replaced || next.rollout) return std::nullopt;
  const internal::GenerationRollout* rollout = unfinished_rollout(*publication.replaced, then);
  if (rollout == nullptr) return std::nullopt;
  return EndedRollout{*rollout, rollout->schedule.share_at(then), next.snapshot_id == publication.replaced->snapshot_id};
}

void append_ended_rollout(inspect::JsonText& json, const EndedRollout& ended) {
  json.key("ended_rollout").begin_object().key("began_with").number(ended.rollout.seed);
  json.key("share").number(ended.share).key("completed").boolean(ended.completed).end_object();
}

void append_announcement(inspect::JsonText& json, const internal::Announcement& announcement, bool is_meant) {
  json.key("generation").number(announcement.generation).key("snapshot").string(announcement.snapshot_id);
  json.key("size").number(announcement.snapshot_size).key("registry").string(announcement.registry);
  json.key("revision").string(announcement.revision).key("published").string(inspect::rfc3339(announcement.published));
  if (announcement.rollback_of != 0) json.key("rollback_of").number(announcement.rollback_of);
  if (announcement.pinned) json.key("pinned").string(*announcement.pinned);
  const internal::Moment now = internal::moment_of(std::chrono::system_clock::now());
  const internal::GenerationRollout* rollout = unfinished_rollout(announcement, now);
  if (rollout == nullptr) return;
  if (is_meant) {
    append_rollout(json, *rollout, "not begun", 0);
  } else {
    append_rollout(json, *rollout, now);
  }
}

std::string counts_text(const inspect::DiffReport& diff) {
  return "; " + inspect::with_thousands(diff.added) + " added, " + inspect::with_thousands(diff.removed) + " removed, " +
         inspect::with_thousands(diff.changed) + " changed";
}

void append_diff(inspect::JsonText& json, const inspect::DiffReport& diff) {
  json.key("diff").begin_object();
  json.key("added").number(diff.added).key("removed").number(diff.removed);
  json.key("changed").number(diff.changed).key("unchanged").number(diff.unchanged);
  if (!diff.caller_rules.empty()) json.key("caller_rules").number(diff.caller_rules.size());
  json.end_object();
}

}  // namespace

void add_writing_options(CLI::App& command, GoingLiveOptions& options) {
  command.add_flag("--json", options.json, "For programs: one object that tells what happened");
  command.add_flag("--unsafe-no-cas", options.unsafe_no_cas,
                   "Write to a store without conditional writes too: safe only while nobody else does");
}

void add_conflict_option(CLI::App& command, GoingLiveOptions& options) {
  command
      .add_option_function<std::string>(
          "--on-conflict", [&options](const std::string& what) { options.retry = what == "retry"; },
          "When somebody else publishes meanwhile: refuse, or retry on top of that")
      ->check(CLI::IsMember({"refuse", "retry"}))
      ->default_str("refuse");
}

void add_max_carried(CLI::App& command, GoingLiveOptions& options) {
  command
      .add_option("--max-carried", options.max_carried,
                  "Bytes of the snapshot that travel inside current, for fewer requests at a cold start")
      ->transform(size_in_bytes(publish::kMostCarried))
      ->type_name("SIZE")
      ->default_str("1MiB");
}

void add_changing_options(CLI::App& command, GoingLiveOptions& options) {
  command.add_flag("--dry-run", options.dry_run, "Say what would happen, and write nothing");
  command.add_option("--diff-lines", options.diff_lines, "Lines of the diff that are shown; 0: all")
      ->check(whole_number())
      ->type_name("N")
      ->capture_default_str();
  add_max_carried(command, options);
  command.add_flag("--allow-unknown", options.allow_unknown, "Else refused when it cannot be told what is live, or what that is");
}

GoingLive::GoingLive(const GoingLiveOptions& options, AtStep at_step)
    : options_(options),
      at_step_(std::move(at_step)),
      output_(STDOUT_FILENO),
      line_(stderr),
      progress_(line_),
      publisher_(open(), [this](publish::Step step, std::uint64_t generation) { finish(step, generation); }) {
  if (!at_step_) interruption_.emplace(prefix() + std::string(kNothing));
}

void GoingLive::reach(publish::Step step, std::uint64_t generation) {
  leave(step, state_after(step, "generation " + std::to_string(generation), nothing_announced()));
}

void GoingLive::leave(publish::Step step, const std::string& state) {
  if (at_step_) at_step_(step, prefix() + state);
  if (interruption_) interruption_->say_from_now_on(prefix() + state);
}

std::shared_ptr<Store> GoingLive::open() {
  progress_.begin("reading the store", 0);
  const auto warn = [this] {
    progress_.end();
    std::cerr << "generate-snapshot: warning: " << prefix()
              << "does not keep the conditions of writes: while this goes on, nobody else may publish\n";
  };
  return publish::keep_conditions(open_patiently(options_.store, progress_),
                                  options_.unsafe_no_cas ? publish::Unkept::kEmulate : publish::Unkept::kRefuse, warn);
}

int GoingLive::carry_out(const std::function<int()>& action) {
  int status = kNo;
  finished_.reset();
  won_.reset();
  diff_.reset();
  refusals_.clear();
  complaints_.clear();
  has_warned_ = std::exchange(warns_, false);
  registrations_.reset();
  try {
    status = action();
  } catch (const Refused& refused) {
    won_ = refused.winner();
    (void)refuse(std::string(word_for(refused.reason())), {refused.what()});
  }
  progress_.end();
  if (status == kNo && !refusals_.empty() && options_.json && !options_.is_watch)
    tell_json(word_for(Publication::Outcome::kNotApproved), nullptr);
  output_.flush();
  return status;
}

publish::Base GoingLive::start() {
  notes_.clear();
  publish::Base base = options_.dry_run ? publisher_.log().base() : publisher_.settle();
  if (base.live && !base.is_current) {
    finished_ = base.generation();
    say(prefix() + finished_text(*finished_, "would be live first"));
  }
  publisher_.expect_generation(base, terms());
  compared_with_ = base.generation();
  return base;
}

publish::Terms GoingLive::terms() {
  publish::Terms terms;
  terms.now = std::chrono::system_clock::now();
  terms.on_conflict = options_.retry ? publish::OnConflict::kRetry : publish::OnConflict::kRefuse;
  terms.if_generation = options_.if_generation;
  terms.dry_run = options_.dry_run;
  terms.max_carried = options_.max_carried;
  terms.at_step = [this](publish::Step step, std::uint64_t generation) { reach(step, generation); };
  return terms;
}

void GoingLive::finish(publish::Step step, std::uint64_t generation) {
  if (step != publish::Step::kLive) {
    if (at_step_) at_step_(step, prefix() + finished_text(generation, "becomes live with the next publish if it is not yet"));
    return;
  }
  finished_ = generation;
  progress_.end();
  print(prefix() + finished_text(generation, "is live now"));
  output_.flush();  // whatever becomes of the rest
  leave(publish::Step::kNotAnnounced, nothing_announced());
}

std::string GoingLive::nothing_announced() const {
  const bool is_changed = finished_ && !options_.dry_run;
  return is_changed ? finished_text(*finished_, "is live now; nothing more was announced") : std::string(kNothing);
}

void GoingLive::note_nothing_to_move_from() {
  nothing_to_move_from_ = true;
  say("nothing is live that instances could move from: this is for all at once");
}

GoingLive::Comparison GoingLive::compare(const publish::Base& base, const Snapshot& next) {
  diff_.reset();
  nothing_to_move_from_ = false;
  if (base.generation() != compared_with_)
    say("meanwhile generation " + std::to_string(base.generation()) + " was published; on top of it:");
  compared_with_ = base.generation();
  if (!base.live) return {nullptr, base.unknown};
  try {
    diff_ = inspect::diff(publisher_.log().open_snapshot(*base.live), next);
  } catch (const Error& error) {
    if (!publish::is_lasting_damage(error)) throw;
    return {nullptr, error.what()};
  }
  if (!options_.json && !options_.is_watch) print_text(*diff_, false, output_, options_.diff_lines == 0 ? UINT64_MAX : options_.diff_lines);
  return {&*diff_, base.unknown};
}

void GoingLive::begin_writing() {
  progress_.end();
  output_.flush();
  progress_.begin("putting the snapshot", 0);
}

void GoingLive::say_rollouts(const Publication& publication) {
  const internal::Announcement& announcement = publication.announcement;
  const internal::Moment now = internal::moment_of(std::chrono::system_clock::now());
  const bool is_meant = publication.outcome == Publication::Outcome::kDryRun;
  if (publication.passed_over) {
    print("generation " + std::to_string(publication.passed_over->generation) + ", which was announced with a rollout, never became live " +
          (is_meant ? "and would not any more" : "and does not any more"));
  }
  if (const auto* rollout = unfinished_rollout(announcement, now)) {
    print("instances " + std::string(is_meant ? "would " : "") + "move from generation " + std::to_string(rollout->previous_generation) +
          " one after another" +
          (is_meant ? ", " + inspect::phases_text(rollout->schedule) : ": " + inspect::progress_text(*rollout, now)));
    if (!is_meant && !announcement.pinned) {
      print("rollback " + options_.store + " takes it back from all of them at once, publish --end-rollout --to " + options_.store +
            " completes it");
    }
  } else if (const auto ended = ended_rollout(publication)) {
    const std::string other = announcement.rollback_of != 0 ? "" : "; this is another snapshot than the one that was on its way";
    print("for all instances at once: the rollout that generation " + std::to_string(ended->rollout.seed) + " began " +
          (is_meant ? "would end" : "ended") + " at " + inspect::share_text(ended->rollout.schedule, ended->share) +
          (ended->completed ? ", completed" : other));
  }
}

void GoingLive::say(const std::string& line) {
  if (!options_.is_watch) print(line);
}

void GoingLive::print(const std::string& line) {
  if (!options_.json) output_.text() += line + "\n";
}

void GoingLive::note(const std::vector<std::string>& notes) {
  constexpr std::size_t kMostShown = 10;
  notes_.insert(notes_.end(), notes.begin(), notes.end());
  for (std::size_t i = 0; i < notes.size() && i < kMostShown; ++i) say("note: " + notes[i]);
  if (notes.size() > kMostShown) say("note: and " + inspect::with_thousands(notes.size() - kMostShown) + " more of these");
}

void GoingLive::note(const RegistrationCounts& counts) {
  registrations_ = counts;
  say("registrations: " + inspect::with_thousands(counts.registrations) +
      (counts.lapsed == 0 ? "" : ", of which " + inspect::with_thousands(counts.lapsed) + " lapsed") +
      (counts.damaged == 0 ? "" : ", and " + inspect::with_thousands(counts.damaged) + " that cannot be read"));
}

void GoingLive::warn(const std::string& warning) {
  notes_.push_back(warning);
  progress_.end();
  output_.flush();
  if (!warns_ && !(options_.is_watch && has_warned_)) {
    if (options_.is_watch) std::cerr << inspect::rfc3339(std::chrono::system_clock::now()) << ' ';
    std::cerr << "generate-snapshot: warning: " << prefix() << warning << std::endl;
  }
  warns_ = true;
}

bool GoingLive::refuse(const std::string& reason, const std::vector<std::string>& messages) {
  // In the order in which it was found out, also where both end up on one terminal.
  progress_.end();
  output_.flush();
  for (const std::string& message : messages) {
    if (options_.is_watch) {
      complaints_.push_back("refused: " + message);
    } else {
      std::cerr << "generate-snapshot: refused: " << message << '\n';
    }
  }
  refused_for_ = reason;
  refusals_ = messages;
  return false;
}

int GoingLive::tell(const Publication& publication, const std::string& what) {
  const internal::Announcement& announcement = publication.announcement;
  const std::string generation = "generation " + std::to_string(announcement.generation);
  switch (publication.outcome) {
    case Publication::Outcome::kLive:
      if (options_.is_watch) {
        print(inspect::rfc3339(announcement.published) + " " + prefix() + generation + " is live: " + what +
              (diff_ ? counts_text(*diff_) : ""));
      } else {
        print(prefix() + generation + " is live: " + what);
      }
      break;
    case Publication::Outcome::kUnchanged:
      if (options_.is_watch && !publication.mended) return kYes;
      print(prefix() + (publication.mended ? "put its snapshot again, which was gone or damaged: " : "nothing to do: ") + generation +
            " is live: " + what);
      break;
    case Publication::Outcome::kDryRun: print(prefix() + generation + " would be live: " + what + "; nothing was written"); break;
    case Publication::Outcome::kNotApproved: return kNo;
  }
  say_rollouts(publication);
  if (options_.json) tell_json(publication.mended ? "put again" : word_for(publication.outcome), &publication);
  return kYes;
}

void GoingLive::tell_json(std::string_view outcome, const Publication* publication) {
  inspect::JsonText json(output_.text());
  json.begin_object().key("outcome").string(outcome).key("store").string(options_.store);
  if (finished_) json.key("finished").number(*finished_);
  if (publication != nullptr) {
    append_announcement(json, publication->announcement, publication->outcome == Publication::Outcome::kDryRun);
    if (nothing_to_move_from_) json.key("all_at_once").string("nothing was live");
    if (publication->passed_over) json.key("passed_over").number(publication->passed_over->generation);
    if (const auto ended = ended_rollout(*publication)) append_ended_rollout(json, *ended);
  }
  if (diff_) append_diff(json, *diff_);
  if (registrations_) {
    json.key("registrations").number(registrations_->registrations).key("lapsed").number(registrations_->lapsed);
    json.key("damaged").number(registrations_->damaged);
  }
  if (!notes_.empty()) json.key("notes").strings(notes_);
  if (won_) {
    json.key("won").begin_object().key("generation").number(won_->generation);
    json.key("revision").string(won_->revision).key("snapshot").string(won_->snapshot_id).end_object();
  }
  if (!refusals_.empty()) json.key("reason").string(refused_for_).key("refusals").strings(refusals_);
  json.end_object().end_line();
}

}  // namespace almanac::commands
