// Which namespace and service a caller gets at a moment, and why. What it finds it has from the functions that the reader decides by.
#pragma once

#include <almanac/caller.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "caller_rules.h"
#include "get.h"
#include "past_generations.h"
#include "question.h"
#include "rollouts.h"
#include "subject.h"

namespace almanac::inspect {

struct ConditionReport {
  const internal::Condition* condition = nullptr;
  std::optional<std::size_t> matched;  // index of the first pattern that matches; nothing: none does
};

struct RuleReport {
  const internal::CallerRule* rule = nullptr;
  std::string_view namespace_name;                                                         // that it gives
  enum class Verdict { kDecides, kDoesNotMatch, kNotAsked } verdict = Verdict::kNotAsked;  // not asked: an earlier one decides
  std::vector<ConditionReport> conditions;                                                 // empty when it was not asked
  std::vector<RolloutReport> rollouts;                                                     // of the one that decides
};

// A generation that comes to instances one after another, as this one sees it.
struct PhaseReport {
  std::uint64_t generation = 0;  // that is coming
  internal::GenerationRollout rollout;
  std::optional<RolloutEnd> end;  // after which nobody moves any more
  RolloutStatus status;           // at the moment of the question, or at the end where that was before

  // Whether it ever comes to this instance, which has a bucket.
  [[nodiscard]] bool reaches_it() const noexcept { return status.bucket && (!end || *status.bucket < end->share); }
};

// What decided, in the order in which a reader tries them.
enum class NamedBy { kCall, kVariable, kRule, kOnlyOne, kNothing };

struct ExplainReport {
  ExplainReport(Subject of, Question asked) : question(std::move(asked)), subject(std::move(of)) {}

  Question question;
  Subject subject;  // of the generation that this caller has; what follows borrows from its snapshot
  std::optional<PhaseReport> phase;
  std::vector<RuleReport> rules;
  std::optional<internal::Move> move;  // by the rule that decides among the rules
  std::optional<Choice> choice;        // of the rules, even when a name given before them counts
  NamedBy named_by = NamedBy::kNothing;
  std::string_view namespace_name;   // empty: none
  std::vector<ListedService> found;  // the service, there: one or none
  std::optional<Miss> miss;          // where there is a namespace and it lacks the service
  struct Elsewhere {
    std::string_view namespace_name;
    bool has_it = false;
  };
  std::vector<Elsewhere> elsewhere;  // the other namespaces that the rule's callers may get
  std::vector<std::string> notes;    // what the one who asks may have got wrong

  [[nodiscard]] const RuleReport& deciding_rule() const noexcept { return rules[choice->rule - 1]; }  // where there is a choice
  [[nodiscard]] bool has_service() const noexcept { return !found.empty(); }
};

// About a registry as it was opened; about the generation that a store had at the moment of the question, where what is live was not
// published yet. Opens the snapshot before it too when a generation is coming in phases and has not come to this caller. Throws Error
// as open_previous() and Snapshot::in() do, for a namespace that was named and is not there too.
[[nodiscard]] ExplainReport explain(Subject subject, Question question);

}  // namespace almanac::inspect
