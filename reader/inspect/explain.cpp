#include "explain.h"

#include <algorithm>
#include <utility>

#include "caller_slips.h"
#include "choice.h"
#include "glob.h"
#include "quantity.h"
#include "served_namespaces.h"
#include "snapshot_data.h"
#include "terminal_text.h"
#include "time_span.h"

namespace almanac::inspect {
namespace {

using internal::CallerRule;
using internal::GivenBy;
using internal::Manifest;
using internal::Moment;

const Manifest& manifest_of(const ExplainReport& report) { return internal::data_of(report.subject.snapshot).manifest(); }

// A Registry that is given no instance has that of its process, so what all instances have reached has reached it too.
bool has_come(const RolloutStatus& status) noexcept { return status.moved || status.share == kWholeShare; }

// What is live says nothing of a moment before it was.
void find_generation(ExplainReport& report) {
  const auto& publication = report.subject.publication;
  const Moment at = report.question.at;
  if (!publication || at >= internal::moment_of(publication->published)) return;
  const std::optional<std::uint64_t> then = generation_at(report.subject, at);
  if (then.value_or(0) != 0 && report.subject.is_live) {
    report.subject = open_generation(report.subject, *then);
    return;
  }
  std::string note = "generation " + with_thousands(publication->generation) + " was published " +
                     span_text(internal::moment_of(publication->published) - at) + " after that moment";
  if (!then) {
    note += "; name the one that was live: STORE@GENERATION";
  } else if (*then == 0) {
    note += ", and nothing was live before generation 1";
  } else {
    note += ", when generation " + with_thousands(*then) + " was live; name that one";
  }
  report.notes.push_back(std::move(note));
}

void find_phase(ExplainReport& report) {
  const auto& publication = report.subject.publication;
  if (!publication || !publication->rollout) return;
  PhaseReport& phase =
      report.phase.emplace(PhaseReport{publication->generation, *publication->rollout, end_of_rollout(report.subject), {}});
  const Moment at = report.question.at;
  phase.status = phase.rollout.status_for(report.question.caller, phase.end ? std::min(at, phase.end->at) : at);
  if (!has_come(phase.status)) report.subject = open_previous(report.subject);
}

void note_slips(ExplainReport& report) {
  for (const auto& [given, asked] : internal::slips_of(report.question.caller, manifest_of(report).caller_rules)) {
    report.notes.push_back("no caller rule asks for " + in_quotes(given) + "; did you mean " + in_quotes(asked) + "?");
  }
}

ConditionReport check(const internal::Condition& condition, const Caller& caller) {
  if (!condition.matches(caller)) return {&condition, std::nullopt};
  const std::string_view value = caller.get(condition.property);
  const auto matched =
      std::ranges::find_if(condition.patterns, [value](std::string_view pattern) { return internal::glob_matches(pattern, value); });
  return {&condition, static_cast<std::size_t>(matched - condition.patterns.begin())};
}

void ask_rules(ExplainReport& report) {
  const Manifest& manifest = manifest_of(report);
  const Question& question = report.question;
  const CallerRule* deciding = internal::rule_for(manifest.caller_rules, question.caller);
  for (const CallerRule& rule : manifest.caller_rules) {
    RuleReport& checked = report.rules.emplace_back();
    checked.rule = &rule;
    checked.namespace_name = manifest.namespaces[rule.name_space].name;
    if (deciding != nullptr && &rule > deciding) continue;
    checked.verdict = &rule == deciding ? RuleReport::Verdict::kDecides : RuleReport::Verdict::kDoesNotMatch;
    for (const internal::Condition& condition : rule.conditions) checked.conditions.push_back(check(condition, question.caller));
  }
  if (deciding == nullptr) return;
  report.move = internal::move_of(*deciding, question.caller, question.key);
  report.choice = internal::choice_of(manifest, *deciding, *report.move, question.at);
  report.rules[report.choice->rule - 1].rollouts = rollouts_of(report.subject.snapshot, *deciding, question.at);
}

void choose_namespace(ExplainReport& report) {
  const auto choose = [&report](NamedBy named_by, std::string_view name) {
    report.named_by = named_by;
    report.namespace_name = internal::open_checked(report.subject.snapshot, name).name();
  };
  const Question& question = report.question;
  const std::string call = question.named_in_call.value_or("");
  const std::string named = !call.empty() ? call : question.named_by_variable.value_or("");
  const Manifest& manifest = manifest_of(report);
  switch (internal::giver_for(manifest, {named, {}, question.caller}).by) {
    case GivenBy::kName: return choose(!call.empty() ? NamedBy::kCall : NamedBy::kVariable, named);
    case GivenBy::kRule: return choose(NamedBy::kRule, report.choice->namespace_name);
    case GivenBy::kOnlyOne: return choose(NamedBy::kOnlyOne, manifest.namespaces[0].name);
    case GivenBy::kUsual:  // who asks has been served nothing yet
    case GivenBy::kNothing: return;
  }
}

// Where else the callers of the deciding rule look for it, or will.
void look_elsewhere(ExplainReport& report) {
  if (report.named_by != NamedBy::kRule) return;
  std::vector<std::string_view> names = {report.choice->base};
  for (const RolloutReport& rollout : report.deciding_rule().rollouts) names.push_back(rollout.to);
  std::vector<std::string_view> seen = {report.namespace_name};
  for (const std::string_view name : names) {
    if (std::ranges::find(seen, name) != seen.end()) continue;
    seen.push_back(name);
    report.elsewhere.push_back({name, internal::open_checked(report.subject.snapshot, name).contains(report.question.name)});
  }
}

void find_service(ExplainReport& report) {
  if (report.named_by == NamedBy::kNothing) return;
  Selection selection;
  selection.namespace_name = std::string(report.namespace_name);
  GetReport got = get(report.subject.snapshot, {report.question.name}, selection);
  report.found = std::move(got.found);
  if (!got.misses.empty()) report.miss = std::move(got.misses.front());
  look_elsewhere(report);
}

}  // namespace

ExplainReport explain(Subject subject, Question question) {
  ExplainReport report(std::move(subject), std::move(question));
  find_generation(report);
  find_phase(report);
  note_slips(report);
  ask_rules(report);
  choose_namespace(report);
  find_service(report);
  return report;
}

}  // namespace almanac::inspect
