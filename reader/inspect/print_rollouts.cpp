#include "print_rollouts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "caller_rule_text.h"
#include "field_lines.h"
#include "generation_rollout.h"
#include "quantity.h"
#include "schedule_chart.h"
#include "terminal_text.h"
#include "time_span.h"

namespace almanac::inspect {
namespace {

using internal::Moment;
using internal::Schedule;

constexpr std::size_t kMostColumns = 80 - 13;   // behind a label
constexpr std::size_t kMostColumnsOfName = 24;  // of a namespace, where two stand in a line

// As many lines as there must be, and not more than a few; a word is cut only where it is longer than a line.
void append_callers(const internal::CallerRule& rule, std::string& out) {
  constexpr std::size_t kMostLines = 4;
  constexpr std::size_t kRoomForMore = 15;  // " and 1,234 more"
  std::vector<std::string> words = when_words(rule);
  if (words.empty()) words.emplace_back("every caller");
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto room = [&](std::size_t line) { return kMostColumns - (line == kMostLines && i + 1 < words.size() ? kRoomForMore : 0); };
    const std::string& word = words[i];
    if (!lines.empty() && columns(lines.back()) + 1 + columns(word) <= room(lines.size())) {
      lines.back() += " " + word;
    } else if (lines.size() < kMostLines) {
      lines.push_back(visible(word, room(lines.size() + 1)));
    } else {
      lines.back() += " and " + with_thousands(words.size() - i) + " more";
      break;
    }
  }
  for (std::size_t i = 0; i < lines.size(); ++i) append_field(out, i == 0 ? "callers" : "", lines[i]);
}

// What comes, and when.
void append_stages_to_come(const Schedule& schedule, RolloutState state, Moment now, std::string& out) {
  const auto share_at = [now](const internal::Stage& stage) {
    const std::string moment = moment_from(now, stage.at);
    return stage.share == 0 ? moment : percent_of_millionths(stage.share) + " at " + moment;
  };
  const auto& stages = schedule.stages;
  const auto next = std::ranges::upper_bound(stages, now, {}, &internal::Stage::at);
  if (state == RolloutState::kNotBegun) {
    append_field(out, "begins", share_at(*next));
  } else if (next != stages.end() && next + 1 != stages.end()) {
    append_field(out, "next", share_at(*next));
  }
  if (state == RolloutState::kOver) {
    append_field(out, "ended", share_at(stages.back()));
  } else if (stages.size() > 1) {
    append_field(out, "ends", share_at(stages.back()));
  }
}

void append_schedule(const Schedule& schedule, std::uint32_t share, RolloutState state, Moment now, std::string& out) {
  append_field(out, "now", share_text(schedule, share) + ", " + std::string(to_string(state)));
  if (state == RolloutState::kAlways) return;
  append_stages_to_come(schedule, state, now, out);
  if (is_drawable(schedule)) out += "\n" + schedule_chart(schedule, now);
}

// What came of a schedule that was ended: nobody moves after that.
Schedule as_it_went(Schedule schedule, const RolloutEnd& end) {
  std::erase_if(schedule.stages, [&end](const internal::Stage& stage) { return stage.at >= end.at; });
  schedule.stages.push_back({end.at, end.share});
  return schedule;
}

void append_ended(const internal::GenerationRollout& rollout, const RolloutEnd& end, Moment now, std::string& out) {
  const Schedule schedule = as_it_went(rollout.schedule, end);
  const std::string so_far = now < end.at ? share_text(rollout.schedule, schedule.share_at(now)) + ", " : "";
  append_field(out, "now", so_far + end_text(rollout, end, now));
  if (is_drawable(schedule)) out += "\n" + schedule_chart(schedule, now);
}

void append_generation(const RolloutsReport& report, std::string& out) {
  const internal::Announcement& publication = *report.subject.publication;
  const internal::GenerationRollout& rollout = *publication.rollout;
  append_field(out, "generation",
               with_thousands(rollout.previous_generation) + " -> " + with_thousands(publication.generation) + ", by instance");
  if (report.end) return append_ended(rollout, *report.end, report.at, out);
  append_schedule(rollout.schedule, rollout.schedule.share_at(report.at), state_of(rollout.schedule, report.at), report.at, out);
}

void append_rule(const RuleRollouts& rule, Moment now, std::string& out) {
  for (const RolloutReport& rollout : rule.rollouts) {
    out += '\n';
    append_field(out, "rule " + with_thousands(rule.number),
                 visible(rollout.from, kMostColumnsOfName) + " -> " + visible(rollout.to, kMostColumnsOfName) + ", by " +
                     std::string(internal::to_string(rule.rule->by)));
    append_callers(*rule.rule, out);
    append_schedule(rollout.rollout->schedule, rollout.share, rollout.state, now, out);
  }
}

}  // namespace

void print_text(const RolloutsReport& report, Output& output) {
  std::string& out = output.text();
  append_field(out, "at", rfc3339(report.at));
  const auto& publication = report.subject.publication;
  const bool in_phases = publication && publication->rollout;
  if (in_phases) {
    out += '\n';
    append_generation(report, out);
  }
  for (const RuleRollouts& rule : report.rules) {
    append_rule(rule, report.at, out);
    output.record_done();
  }
  if (!in_phases && report.rules.empty()) {
    append_field(out, "rollouts", "none: " + counted(report.subject.snapshot.caller_rule_count(), "caller rule"));
  }
}

}  // namespace almanac::inspect
