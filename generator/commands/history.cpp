#include "commands/history.h"

#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <array>
#include <chrono>
#include <iostream>
#include <memory>

#include "commands/command.h"
#include "commands/option_values.h"
#include "commands/store_argument.h"
#include "inspect/generation_rollout.h"
#include "inspect/json_text.h"
#include "inspect/output.h"
#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "inspect/text_table.h"
#include "publish/history.h"

namespace almanac::commands {
namespace {

using publish::HistoryEntry;

constexpr const char* kHistoryFooter = R"(
Newest first, times in UTC by the clock of who published. States: "live"; "pending" was announced by a publisher
that did not come to its end, and goes live with the next publish, rollback or pin, unless instances should be moving
to it by now: then rollback withdraws it and publish --end-rollout brings it to all; "gone" has no snapshot
any more, so there is no way back to it; "damaged" cannot be read; "missing" is live and not in the log.
What comes to instances one after another tells how many of them have it by now, or had when it was ended.
With --json one object a generation.
Exit status: 0 done; 1 nothing was ever published; 2 something is damaged, or could not be read.

Examples:
  generate-snapshot history /srv/acme
  generate-snapshot history /srv/acme --last 0     all of it
  generate-snapshot history /srv/acme --json | jq 'select(.state == "live")')";

struct HistoryOptions {
  std::string store;
  std::uint64_t last = 20;
  bool json = false;
};

// Enough to tell snapshots of one registry apart; the rest is in the JSON.
constexpr std::size_t kDigitsShown = 8;
constexpr std::size_t kMostColumnsOfText = 60;

std::string_view word_for(HistoryEntry::State state) {
  switch (state) {
    case HistoryEntry::State::kLive: return "live";
    case HistoryEntry::State::kPending: return "pending";
    case HistoryEntry::State::kPast: return "past";
  }
  return "";
}

std::string_view word_for(HistoryEntry::Rollout rollout) {
  switch (rollout) {
    case HistoryEntry::Rollout::kNotBegun: return "not begun";
    case HistoryEntry::Rollout::kUnderWay: return "under way";
    case HistoryEntry::Rollout::kCarriedOn: return "carried on";
    case HistoryEntry::Rollout::kEnded: return "ended";
    case HistoryEntry::Rollout::kOver: return "over";
  }
  return "";
}

std::string state_of(const HistoryEntry& entry) {
  std::string text(entry.state == HistoryEntry::State::kPast ? "" : word_for(entry.state));
  const auto append = [&text](std::string_view trouble) { text.append(text.empty() ? "" : ", ").append(trouble); };
  if (!entry.announcement) append("damaged");
  if (entry.snapshot_is_gone) append("gone");
  if (entry.is_missing) append("missing");
  return text;
}

// " over 30m: 42 % now, all at …", ", 42 % now, all at …", " over 30m, ended at 42 %", " over 30m, not begun".
std::string rollout_of(const HistoryEntry& entry, internal::Moment now) {
  if (!entry.announcement->rollout) return "";
  const internal::GenerationRollout& rollout = *entry.announcement->rollout;
  std::string text = entry.what == HistoryEntry::What::kPublish ? " " + inspect::phases_text(rollout.schedule) : "";
  if (entry.rollout == HistoryEntry::Rollout::kUnderWay) text += (text.empty() ? ", " : ": ") + inspect::progress_text(rollout, now);
  if (entry.rollout == HistoryEntry::Rollout::kNotBegun) text += ", not begun";
  if (entry.rollout == HistoryEntry::Rollout::kEnded) text += ", ended at " + inspect::share_text(rollout.schedule, entry.share);
  return text;
}

std::string what_happened(const HistoryEntry& entry, internal::Moment now) {
  if (!entry.announcement) return inspect::visible(entry.damage);
  std::string text(to_string(entry.what));
  text += rollout_of(entry, now);
  if (entry.announcement->rollback_of != 0) text += " of " + std::to_string(entry.announcement->rollback_of);
  if (!entry.announcement->pinned) return text;
  if (entry.what != HistoryEntry::What::kPin) text += ", pinned";
  if (!entry.announcement->pinned->empty()) text += ": " + inspect::in_quotes(*entry.announcement->pinned, kMostColumnsOfText);
  return text;
}

void fill(const HistoryEntry& entry, internal::Moment now, std::vector<std::string>& cells) {
  cells[0] = std::to_string(entry.generation);
  cells[1] = state_of(entry);
  if (entry.announcement) {
    cells[2] = inspect::rfc3339(entry.announcement->published);
    cells[3] = entry.announcement->snapshot_id.substr(0, kDigitsShown);
    cells[4] = inspect::human_size(entry.announcement->snapshot_size);
    cells[5] = inspect::visible(entry.announcement->revision, kMostColumnsOfText);
  }
  cells[6] = what_happened(entry, now);
}

void print_text(const publish::History& history, inspect::Output& output) {
  using Align = inspect::TableColumn::Align;
  constexpr std::array<inspect::TableColumn, 7> kTable = {
      {{"generation", Align::kRight}, {"state"}, {"published"}, {"snapshot"}, {"size", Align::kRight}, {"revision"}, {"what"}}};
  append_table(output, kTable, history.entries.size(),
               [&](std::size_t row, std::vector<std::string>& cells) { fill(history.entries[row], history.now, cells); });
  if (history.older > 0) output.text() += "and " + inspect::counted(history.older, "older one") + "; --last 0 shows all\n";
}

void print_json(const HistoryEntry& entry, inspect::Output& output) {
  inspect::JsonText json(output.text());
  json.begin_object().key("generation").number(entry.generation).key("state").string(word_for(entry.state));
  if (entry.announcement) {
    const internal::Announcement& announcement = *entry.announcement;
    json.key("published").string(inspect::rfc3339(announcement.published)).key("what").string(to_string(entry.what));
    if (announcement.rollback_of != 0) json.key("rollback_of").number(announcement.rollback_of);
    if (announcement.pinned) json.key("pinned").string(*announcement.pinned);
    json.key("snapshot").string(announcement.snapshot_id).key("size").number(announcement.snapshot_size);
    json.key("gone").boolean(entry.snapshot_is_gone).key("missing").boolean(entry.is_missing);
    json.key("registry").string(announcement.registry).key("revision").string(announcement.revision);
    if (announcement.rollout) append_rollout(json, *announcement.rollout, word_for(entry.rollout), entry.share);
  } else {
    json.key("damage").string(entry.damage);
  }
  json.end_object().end_line();
  output.record_done();
}

int history(const HistoryOptions& options) {
  progress::ProgressLine line(stderr);
  progress::StoreProgress progress(line);
  const publish::GenerationLog log(open_patiently(options.store, progress));
  const publish::History history = read_history(log, options.last, std::chrono::system_clock::now(), progress);
  line.end();
  if (history.entries.empty() && history.damage.empty()) {
    std::cerr << "generate-snapshot: " << options.store << ": nothing was ever published there\n";
    return kNo;
  }
  inspect::Output output(STDOUT_FILENO);
  if (options.json) {
    for (const HistoryEntry& entry : history.entries) print_json(entry, output);
  } else {
    print_text(history, output);
  }
  output.flush();
  if (!history.damage.empty()) std::cerr << "generate-snapshot: " << history.damage << '\n';
  return history.is_damaged() ? kTrouble : kYes;
}

}  // namespace

void add_history(CLI::App& app, Run& chosen) {
  CLI::App* command = app.add_subcommand("history", "What was published when, and what is live");
  command->footer(kHistoryFooter);
  const auto options = std::make_shared<HistoryOptions>();
  add_store_argument(*command, options->store);
  command->add_option("--last", options->last, "So many generations; 0: all")->check(whole_number())->type_name("N")->capture_default_str();
  command->add_flag("--json", options->json, "For programs: an object a generation");
  command->callback([options, &chosen] { chosen = [options] { return history(*options); }; });
}

}  // namespace almanac::commands
