#include "print_explain.h"

#include <array>
#include <cstdint>

#include "field_lines.h"
#include "generation_rollout.h"
#include "glob.h"
#include "print_text.h"
#include "quantity.h"
#include "terminal_text.h"
#include "text_table.h"
#include "time_span.h"

namespace almanac::inspect {
namespace {

using internal::Moment;
using internal::RolloutBy;
using Verdict = RuleReport::Verdict;

// The callers of a rollout are told apart by it, and this one has none.
std::string without_identity(RolloutBy by) {
  switch (by) {
    case RolloutBy::kInstance: return "the caller has no instance, so it stays (a Registry that is given none makes itself one)";
    case RolloutBy::kKey: return "no key is given, so the caller stays";
    case RolloutBy::kCaller: break;
  }
  return "nothing is known of the caller, so it stays";
}

std::string why_there_is_no_namespace(const ExplainReport& report) {
  if (!report.rules.empty()) {
    return report.rules.size() == 1 ? "the only caller rule does not match"
                                    : "none of the " + with_thousands(report.rules.size()) + " caller rules matches";
  }
  return "there are " + counted(report.subject.snapshot.namespace_count(), "namespace") + ", no caller rules, and nothing that names one";
}

std::string why_this_rule(const ExplainReport& report) {
  const Choice& choice = *report.choice;
  const std::string rule = "rule " + with_thousands(choice.rule);
  if (!choice.rollout) return rule + " matches";
  const std::string gives = rule + " gives " + visible(choice.base);
  if (!choice.rollout->bucket) return gives + "; " + without_identity(report.deciding_rule().rule->by);
  if (choice.going_to.empty()) return gives + ", and none of its rollouts will move this caller";
  const std::string who = report.deciding_rule().rule->by == RolloutBy::kKey ? " this key" : " this caller";
  const std::string rollout = ", and its rollout to " + visible(choice.going_to);
  return gives + rollout + (choice.rollout->moved ? " has moved" + who : " has not moved" + who + " yet");
}

std::string why(const ExplainReport& report) {
  switch (report.named_by) {
    case NamedBy::kCall: return "the call names it, before any caller rule";
    case NamedBy::kVariable: return "ALMANAC_NAMESPACE names it, before any caller rule";
    case NamedBy::kRule: return why_this_rule(report);
    case NamedBy::kOnlyOne: return "it is the only one, and there are no caller rules";
    case NamedBy::kNothing: break;
  }
  return why_there_is_no_namespace(report);
}

std::string names_of(const ExplainReport& report, bool that_have_it) {
  std::string text;
  for (const auto& [name, has_it] : report.elsewhere) {
    if (has_it == that_have_it) text += (text.empty() ? "" : ", ") + visible(name);
  }
  return text;
}

// An instance that runs learns of a generation when it looks at the store next, so that its moment is when it may.
void append_phase_move(const ExplainReport& report, std::string& out) {
  if (!report.phase || !report.phase->reaches_it()) return;
  const auto& [generation, rollout, end, status] = *report.phase;
  const Moment moment = rollout.schedule.moment_of(*status.bucket).value();
  append_field(out, status.moved ? "moved" : "moves",
               "to generation " + with_thousands(generation) + (status.moved ? ", due since " : " at ") +
                   moment_from(report.question.at, moment) + " (bucket " + percent_of_millionths(*status.bucket) + "; " +
                   share_text(rollout.schedule, status.share) + " have moved)");
}

// What has always been moved did not move at any time.
void append_move(const ExplainReport& report, std::string& out) {
  if (report.named_by != NamedBy::kRule || !report.move->moment || report.move->moment == internal::kAlways) return;
  append_field(out, report.choice->rollout->moved ? "moved" : "moves",
               "to " + visible(report.choice->going_to) + " at " + moment_from(report.question.at, *report.move->moment));
}

void append_answer(const ExplainReport& report, std::string& out) {
  const bool somewhere = report.named_by != NamedBy::kNothing;
  append_field(out, "namespace", somewhere ? visible(report.namespace_name) : "none");
  append_field(out, "why", why(report));
  append_phase_move(report, out);
  append_move(report, out);
  if (report.miss) {
    Selection there;
    there.namespace_name = std::string(report.namespace_name);
    append_field(out, "service", "none: " + text_of(*report.miss, there));
  } else {
    append_field(out, "service", somewhere ? visible(report.question.name) : "none");
  }
  if (const std::string names = names_of(report, true); !names.empty() && !report.miss) append_field(out, "also in", names);
  if (const std::string names = names_of(report, false); !names.empty()) append_field(out, "not in", names);
}

// What a call is answered with: weights as shares of the whole.
void append_service(const Service& service, Output& output) {
  if (const auto value = service.value()) append_field(output.text(), "value", visible(*value));
  if (service.endpoints().empty()) return;
  std::vector<Endpoint> endpoints;
  std::uint64_t sum = 0;
  for (const Endpoint& endpoint : service.endpoints()) {
    endpoints.push_back(endpoint);
    sum += endpoint.weight();
  }
  output.text() += '\n';
  constexpr std::array<TableColumn, 5> kTable = {
      {{"share", TableColumn::Align::kRight}, {"weight", TableColumn::Align::kRight}, {"version"}, {"zone"}, {"uri"}}};
  append_table(output, kTable, endpoints.size(), [&](std::size_t row, std::vector<std::string>& cells) {
    const Endpoint& endpoint = endpoints[row];
    cells = {sum == 0 ? "-" : ratio(std::uint64_t{100} * endpoint.weight(), sum) + " %", with_thousands(endpoint.weight()),
             visible(endpoint.version()), visible(endpoint.zone()), visible(endpoint.uri())};
  });
}

std::string phase_text(const PhaseReport& phase, Moment now) {
  std::string text = "generation " + with_thousands(phase.generation);
  if (phase.end) {
    text += ": " + end_text(phase.rollout, *phase.end, now);
    if (phase.status.bucket) text += phase.reaches_it() ? "; this instance had it" : "; this instance never had it";
  } else if (phase.status.share == kWholeShare) {
    return text + " came by instance, and all have it";
  } else {
    text += " comes by instance, and " + share_text(phase.rollout.schedule, phase.status.share) + " have it";
  }
  return phase.status.bucket ? text : text + "; " + without_identity(RolloutBy::kInstance);
}

// In the order in which a reader tries them.
std::string tried(const ExplainReport& report) {
  const auto name_or_none = [](const std::optional<std::string>& name) { return name ? visible(*name) : "none"; };
  const Question& question = report.question;
  return "the call: " + name_or_none(question.named_in_call) + "; ALMANAC_NAMESPACE: " + name_or_none(question.named_by_variable) +
         "; caller rules: " + (report.choice ? visible(report.choice->namespace_name) : "none");
}

void append_question(const ExplainReport& report, std::string& out) {
  const Question& question = report.question;
  append_field(out, "at", rfc3339(question.at));
  const std::string caller = question.caller.text();
  append_field(out, "caller", caller.empty() ? "nothing is known of it" : visible(caller));
  if (!question.key.empty()) append_field(out, "key", visible(question.key));
  append_field(out, "tried", tried(report));
  if (const auto& publication = report.subject.publication) {
    append_field(out, "generation", with_thousands(publication->generation) + ", published " + rfc3339(publication->published));
  }
  if (report.phase) append_field(out, "phase", phase_text(*report.phase, question.at));
}

std::string condition_text(const ConditionReport& report, const Caller& caller) {
  const internal::Condition& condition = *report.condition;
  const std::string_view value = caller.get(condition.property);
  std::string patterns;
  for (const std::string_view pattern : condition.patterns) patterns += (patterns.empty() ? "" : ", ") + in_quotes(pattern);
  const bool several = condition.patterns.size() > 1;
  std::string text = std::string(report.matched ? "  + " : "  - ") + visible(condition.property) + ": ";
  if (value.empty()) return text + "not known, and it must match " + (several ? "one of " : "") + patterns;
  if (value.size() > internal::kMaxMatchedText) {
    return text + with_thousands(value.size()) + " bytes, and nothing matches more than " + with_thousands(internal::kMaxMatchedText);
  }
  text += in_quotes(value);
  if (!report.matched) return text + (several ? " matches none of " : " does not match ") + patterns;
  return text + " matches " + in_quotes(condition.patterns[*report.matched]) + (several ? ", one of " + patterns : "");
}

void append_rollouts(const ExplainReport& report, std::string& out) {
  const RuleReport& rule = report.deciding_rule();
  for (const RolloutReport& rollout : rule.rollouts) {
    append_field(out, "  rollout",
                 "to " + visible(rollout.to) + " by " + std::string(internal::to_string(rule.rule->by)) + ", " +
                     std::string(to_string(rollout.state)) + ": " + percent_of_millionths(rollout.share) + " have moved");
    if (report.move->rollout == rollout.rollout) {
      const std::string of = rule.rollouts.size() > 1 ? " of the one to " + visible(rollout.to) : "";
      append_field(out, "  bucket", percent_of_millionths(*report.choice->rollout->bucket) + of + ": moves when more than that have moved");
    }
  }
  if (rule.rollouts.empty() || report.move->rollout != nullptr) return;
  append_field(out, "  bucket",
               report.move->bucket ? percent_of_millionths(*report.move->bucket) + ": in none of them, and stays"
                                   : "none: " + without_identity(rule.rule->by));
}

void append_rule(const ExplainReport& report, std::size_t number, std::string& out) {
  const RuleReport& rule = report.rules[number - 1];
  const bool decides = rule.verdict == Verdict::kDecides;
  append_field(out, "rule " + with_thousands(number), visible(rule.namespace_name) + (decides ? ": matches" : ": does not match"));
  for (const ConditionReport& condition : rule.conditions) out += condition_text(condition, report.question.caller) + "\n";
  if (!decides) return;
  if (rule.conditions.empty()) out += "  + every caller\n";
  append_rollouts(report, out);
}

// Those behind the one that decides.
void append_rules_not_asked(std::size_t first, std::size_t last, std::string& out) {
  if (first > last) return;
  out += first == last ? "rule " + with_thousands(first) + " is not asked\n"
                       : "rules " + with_thousands(first) + " to " + with_thousands(last) + " are not asked\n";
}

}  // namespace

void print_text(const ExplainReport& report, Output& output) {
  std::string& out = output.text();
  append_answer(report, out);
  if (report.has_service()) append_service(report.found.front().service, output);
  out += '\n';
  append_question(report, out);
  if (!report.rules.empty()) out += '\n';
  const std::size_t asked = report.choice ? report.choice->rule : report.rules.size();
  for (std::size_t number = 1; number <= asked; ++number) {
    append_rule(report, number, out);
    output.record_done();
  }
  append_rules_not_asked(asked + 1, report.rules.size(), out);
}

}  // namespace almanac::inspect
