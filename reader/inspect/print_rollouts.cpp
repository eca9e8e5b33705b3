#include "print_rollouts.h"

#include <algorithm>
#include <string>

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

std::string callers_of(const internal::CallerRule& rule) {
  return rule.conditions.empty() ? "every caller" : visible(when_text(rule), kMostColumns);
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

void append_generation(const RolloutsReport& report, std::string& out) {
  const internal::Announcement& publication = *report.subject.publication;
  const internal::GenerationRollout& rollout = *publication.rollout;
  append_field(out, "generation",
               with_thousands(rollout.previous_generation) + " -> " + with_thousands(publication.generation) + ", by instance");
  append_schedule(rollout.schedule, rollout.schedule.share_at(report.at), state_of(rollout.schedule, report.at), report.at, out);
}

void append_rule(const RuleRollouts& rule, Moment now, std::string& out) {
  for (const RolloutReport& rollout : rule.rollouts) {
    out += '\n';
    append_field(out, "rule " + with_thousands(rule.number),
                 visible(rollout.from, kMostColumnsOfName) + " -> " + visible(rollout.to, kMostColumnsOfName) + ", by " +
                     std::string(internal::to_string(rule.rule->by)));
    append_field(out, "callers", callers_of(*rule.rule));
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
