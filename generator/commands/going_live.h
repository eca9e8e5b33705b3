// What publish, rollback, pin and unpin share: opening the store, comparing with what is live, and telling how it ended.
//
//   GoingLive run(options, "publish");
//   return run.carry_out([&] {
//     const publish::Base base = run.start();
//     …
//     return run.tell(run.publisher().publish(base, bytes, run.terms()), "the snapshot …");
//   });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "commands/command.h"
#include "commands/interruption.h"
#include "inspect/diff.h"
#include "inspect/output.h"
#include "progress/store_progress.h"
#include "publish/publisher.h"

namespace almanac::commands {

struct GoingLiveOptions {
  std::string store;
  bool retry = false;
  std::optional<std::uint64_t> if_generation;
  bool dry_run = false;
  std::uint64_t max_carried = publish::kCarriedSize;
  bool allow_unknown = false;
  std::uint64_t diff_lines = 40;  // 0: all
  bool json = false;
  bool unsafe_no_cas = false;
  // One run of many in one process: only what went live is told, in one line, and what is refused is there for take_complaints().
  bool is_watch = false;
};

// --json and --unsafe-no-cas, for every command that writes a generation.
void add_writing_options(CLI::App& command, GoingLiveOptions& options);
// --on-conflict, for those that may go on top of what others published meanwhile.
void add_conflict_option(CLI::App& command, GoingLiveOptions& options);
// --dry-run, --diff-lines, --max-carried and --allow-unknown, for those that change which snapshot is live.
void add_changing_options(CLI::App& command, GoingLiveOptions& options);
void add_max_carried(CLI::App& command, GoingLiveOptions& options);

class GoingLive {
 public:
  // Told of each step of a publication, and of what whoever ends the program then leaves, such as "STORE: nothing was announced".
  using AtStep = std::function<void(publish::Step step, const std::string& state)>;
  // With `at_step` signals are left to whoever gives it; else one that ends the program says last what it leaves.
  explicit GoingLive(const GoingLiveOptions& options, AtStep at_step = {});
  GoingLive(const GoingLive&) = delete;
  GoingLive& operator=(const GoingLive&) = delete;

  // Runs `action`, which gives an exit status; one that is refused is told, and is kNo.
  [[nodiscard]] int carry_out(const std::function<int()>& action);

  [[nodiscard]] publish::Publisher& publisher() noexcept { return publisher_; }
  [[nodiscard]] progress::Progress& progress() noexcept { return progress_; }
  // What is live, and fit for what the options ask for. Finishes what others began and says so, unless this is a dry run.
  [[nodiscard]] publish::Base start();
  // By this moment's clock.
  [[nodiscard]] publish::Terms terms();

  // Shows what would become different from `base`. Without a diff there is nothing live, or nothing that can be read.
  struct Comparison {
    const inspect::DiffReport* diff = nullptr;  // until the next comparison
    std::string unknown;                        // why it is not known what is live or what that is, when that is so
  };
  [[nodiscard]] Comparison compare(const publish::Base& base, const Snapshot& next);
  // Of a publication that was to come in phases, on top of the base that was compared with last: it is for all at once.
  void note_nothing_to_move_from();
  // What was said so far is to be seen before the writing begins, which may take long.
  void begin_writing();
  // A line of the result, for people; not of a watch.
  void say(const std::string& line);
  // What is in order and may not be meant; of many, the first ones and how many more there are.
  void note(const std::vector<std::string>& notes);
  // What was found registered, for the result.
  struct RegistrationCounts {
    std::uint64_t registrations = 0;
    std::uint64_t lapsed = 0;
    std::uint64_t damaged = 0;
  };
  void note(const RegistrationCounts& counts);
  // Once on stderr, and not again while each run of a watch warns; in JSON a note.
  void warn(const std::string& warning);
  // The reasons on stderr; false, as Terms::approve means it.
  bool refuse(const std::string& reason, const std::vector<std::string>& messages);
  // Of a watch: what the last run was refused for, a line each.
  [[nodiscard]] std::vector<std::string> take_complaints() { return std::move(complaints_); }

  // "STORE: generation 7 is live: WHAT", or what it was instead of that, and who has it when; gives the exit status.
  [[nodiscard]] int tell(const publish::Publication& publication, const std::string& what);

 private:
  [[nodiscard]] std::shared_ptr<Store> open();
  void finish(publish::Step step, std::uint64_t generation);
  // What an interruption leaves before anything is announced.
  [[nodiscard]] std::string nothing_announced() const;
  void tell_json(std::string_view outcome, const publish::Publication* publication);
  [[nodiscard]] std::string prefix() const { return options_.store + ": "; }
  // The same, also of a watch.
  void print(const std::string& line);
  void reach(publish::Step step, std::uint64_t generation);
  void leave(publish::Step step, const std::string& state);

  // Which instances have it when, where that is not all at once, and which rollout it ended.
  void say_rollouts(const publish::Publication& publication);

  GoingLiveOptions options_;
  AtStep at_step_;
  std::optional<Interruption> interruption_;
  inspect::Output output_;
  progress::ProgressLine line_;
  progress::StoreProgress progress_;
  publish::Publisher publisher_;
  std::optional<std::uint64_t> finished_;  // the newest generation of somebody else that was made live on the way, or would be
  std::uint64_t compared_with_ = 0;        // generation of the last comparison
  bool nothing_to_move_from_ = false;
  std::optional<inspect::DiffReport> diff_;
  std::string refused_for_;
  std::optional<internal::Announcement> won_;
  std::vector<std::string> refusals_;
  std::vector<std::string> notes_;
  std::optional<RegistrationCounts> registrations_;
  std::vector<std::string> complaints_;
  bool warns_ = false;       // this run did
  bool has_warned_ = false;  // the one before did
};

}  // namespace almanac::commands
