#include "source/rollout_reader.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "inspect/near_names.h"
#include "inspect/percentage.h"
#include "inspect/quantity.h"
#include "model/duration.h"
#include "model/quoted.h"
#include "rfc3339.h"

namespace almanac::source {

using internal::Moment;
using internal::RolloutBy;
using internal::Schedule;
using model::Pace;
using model::quoted;

namespace {

// The kinds come first, in the order of RolloutReader::kKinds.
enum RolloutField : std::size_t { kPercent, kAt, kCanary, kLinear, kExponential, kSteps, kRamp, kTo, kBy, kRolloutFields };
constexpr std::array<std::string_view, kRolloutFields> kRolloutNames = {"percent", "at",   "canary", "linear", "exponential",
                                                                        "steps",   "ramp", "to",     "by"};
constexpr std::size_t kKindCount = kTo;

constexpr std::array kWaysToTellApart = {RolloutBy::kInstance, RolloutBy::kCaller, RolloutBy::kKey};

std::optional<RolloutBy> parse_by(std::string_view text) noexcept {
  const auto found = std::ranges::find(kWaysToTellApart, text, [](RolloutBy by) { return to_string(by); });
  return found == kWaysToTellApart.end() ? std::nullopt : std::optional(*found);
}

// `unknown by "keys"; did you mean "key"?`; nothing when it is near none.
std::optional<std::string> nearly_by(std::string_view text) {
  std::vector<std::string_view> names;
  for (const RolloutBy by : kWaysToTellApart) names.push_back(to_string(by));
  const auto near = inspect::nearest(text, names, 1);
  if (near.empty()) return std::nullopt;
  return "unknown by " + quoted(text) + "; did you mean " + quoted(near.front()) + '?';
}

std::optional<Moment> parse_moment(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t fraction = std::min(text.find_first_not_of("0123456789", point + 1), text.size()) - point;
  constexpr std::size_t kPointAndMilliseconds = 4;
  return fraction > kPointAndMilliseconds ? std::nullopt : internal::parse_rfc3339(text);
}

// What is wrong with it and what to do, to be read after its kind; empty: nothing.
std::string complaint_about(const Schedule& schedule) {
  const char* fault = fault_of(schedule);
  if (fault == nullptr) return {};
  const auto& stages = schedule.stages;
  const auto any_two = [&stages](const auto& are_wrong) { return std::ranges::adjacent_find(stages, are_wrong) != stages.end(); };
  std::string advice;
  if (stages.size() > internal::kMaxStages) {
    advice = "; make its steps larger";
  } else if (any_two([](const internal::Stage& a, const internal::Stage& b) { return a.at >= b.at; })) {
    advice = "; give each a later time than the one before";
  } else if (any_two([](const internal::Stage& a, const internal::Stage& b) { return a.share > b.share; })) {
    advice = "; give each stage the percent of the one before or more";
  }
  return fault + advice;
}

}  // namespace

const std::array<RolloutReader::Kind, 7> RolloutReader::kKinds = {
    &RolloutReader::percent,     &RolloutReader::at,    &RolloutReader::canary, &RolloutReader::linear,
    &RolloutReader::exponential, &RolloutReader::steps, &RolloutReader::ramp};

std::optional<RolloutReader::Result> RolloutReader::read(const Node& node) {
  subject_ = rule_ + ": rollout";
  to_.reset();
  std::array<const Node*, kRolloutFields> values = {};
  if (!fields_.expect(node, Node::Kind::mapping, subject(), "must be a mapping with to and a kind of rollout")) return std::nullopt;
  fields_.collect(node, kRolloutNames, values, subject());
  Result result;
  if (values[kTo] == nullptr) {
    fields_.problem(node, subject(), "needs the namespace that it goes to");
  } else {
    result.rollout.to = builder_.arena().copy(fields_.text(values[kTo], "to", model::namespace_name_fault, subject()));
    result.rollout.to_location = fields_.location(*values[kTo]);
    subject_ += " to";
    to_ = result.rollout.to;
  }
  result.by = by(values[kBy]);
  auto made = schedule(node, std::span<const Node* const>(values).first<kKindCount>());
  if (made) result.rollout.schedule = *std::move(made);
  return result;
}

std::optional<Schedule> RolloutReader::schedule(const Node& rollout, std::span<const Node* const> kinds) {
  constexpr const char* kOneOf = "percent, at, canary, linear, exponential, steps or ramp";
  std::optional<std::size_t> given;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    if (kinds[kind] == nullptr) continue;
    if (given) {
      fields_.problem(*kinds[kind], subject(),
                      "has " + std::string(kRolloutNames[*given]) + " and " + std::string(kRolloutNames[kind]) + "; give one of " + kOneOf);
      return std::nullopt;
    }
    given = kind;
  }
  if (!given) {
    fields_.problem(rollout, subject(), std::string("needs one of ") + kOneOf);
    return std::nullopt;
  }
  auto made = (this->*kKinds[*given])(*kinds[*given]);
  if (!made) return std::nullopt;
  if (const std::string fault = complaint_about(*made); !fault.empty()) {
    fields_.problem(*kinds[*given], subject(), std::string(kRolloutNames[*given]) + ": " + fault);
    return std::nullopt;
  }
  return made;
}

std::optional<Schedule> RolloutReader::percent(const Node& value) {
  const auto part = share(&value, "percent");
  return part ? std::optional(model::always(*part)) : std::nullopt;
}

std::optional<Schedule> RolloutReader::at(const Node& value) {
  const auto when = moment(&value, "at");
  return when ? std::optional(model::all_at(*when)) : std::nullopt;
}

std::optional<Schedule> RolloutReader::canary(const Node& value) {
  constexpr std::array<std::string_view, 3> kNames = {"from", "percent", "for"};
  std::array<const Node*, kNames.size()> values = {};
  if (!collect(value, "canary", kNames, kNames.size(), values)) return std::nullopt;
  const auto from = moment(values[0], "from");
  const auto part = share(values[1], "percent");
  const auto time = duration(values[2], "for");
  return from && part && time ? std::optional(model::canary(*from, *part, *time)) : std::nullopt;
}

std::optional<Schedule> RolloutReader::linear(const Node& value) {
  constexpr std::array<std::string_view, 5> kNames = {"from", "step", "every", "over", "up_to"};
  std::array<const Node*, kNames.size()> values = {};
  if (!collect(value, "linear", kNames, 1, values)) return std::nullopt;
  const auto from = moment(values[0], "from");
  const auto most = up_to(values[4]);
  if (values[1] == nullptr && values[2] == nullptr && values[3] != nullptr) {
    const auto time = duration(values[3], "over");
    return from && most && time ? std::optional(model::even(*from, *time, *most)) : std::nullopt;
  }
  if (values[1] == nullptr) {
    fields_.problem(value, subject(), "linear needs a step and every or over, or over alone for an even ramp");
    return std::nullopt;
  }
  const auto step = share(values[1], "step", 1);
  const auto rate = pace(value, "linear", values[2], values[3]);
  if (!from || !step || !rate || !most) return std::nullopt;
  Schedule made = model::linear(*from, *step, *rate, *most);
  if (made.stages.size() > internal::kMaxStages) {
    fields_.problem(*values[1], subject(),
                    "linear makes more than " + inspect::with_thousands(internal::kMaxStages) + " stages; take a larger step");
    return std::nullopt;
  }
  return in_time(std::move(made), *rate, values[3]);
}

std::optional<Schedule> RolloutReader::exponential(const Node& value) {
  constexpr std::array<std::string_view, 5> kNames = {"from", "start", "every", "over", "up_to"};
  std::array<const Node*, kNames.size()> values = {};
  if (!collect(value, "exponential", kNames, 2, values)) return std::nullopt;
  const auto from = moment(values[0], "from");
  const auto start = share(values[1], "start", 1);
  const auto rate = pace(value, "exponential", values[2], values[3]);
  const auto most = up_to(values[4]);
  if (!from || !start || !rate || !most) return std::nullopt;
  return in_time(model::exponential(*from, *start, *rate, *most), *rate, values[3]);
}

std::optional<Schedule> RolloutReader::in_time(Schedule made, const Pace& pace, const Node* over) {
  const std::size_t steps = made.stages.size();
  if (pace.unit == Pace::Unit::kStep || static_cast<std::size_t>(pace.time.count()) >= steps) return made;
  fields_.problem(*over, subject(), "over must be a millisecond for each of the " + inspect::counted(steps, "step") + " at least");
  return std::nullopt;
}

std::optional<Schedule> RolloutReader::steps(const Node& value) { return stages(value, "steps", false); }

std::optional<Schedule> RolloutReader::ramp(const Node& value) { return stages(value, "ramp", true); }

std::optional<Schedule> RolloutReader::stages(const Node& list, std::string_view kind, bool is_ramp) {
  if (!fields_.expect(list, Node::Kind::list, subject(), std::string(kind) + " must be a list of stages, each with at and percent")) {
    return std::nullopt;
  }
  if (list.items.size() > internal::kMaxStages) {
    fields_.problem(list, subject(),
                    std::string(kind) + " must have at most " + inspect::with_thousands(internal::kMaxStages) + " stages, got " +
                        inspect::with_thousands(list.items.size()) + "; leave some out, or let a ramp grow evenly between fewer");
    return std::nullopt;
  }
  std::optional<Schedule> made = Schedule{{}, is_ramp};
  std::optional<internal::Stage> before;
  for (const Node& node : list.items) {
    const auto read = stage(node);
    const std::string fault = read && before ? complaint_about(Schedule{{*before, *read}, is_ramp}) : "";
    if (!fault.empty()) fields_.problem(node, subject(), std::string(kind) + ": " + fault);
    if (!read || !fault.empty()) made.reset();
    if (made) made->stages.push_back(*read);
    before = read;
  }
  return made;
}

std::optional<internal::Stage> RolloutReader::stage(const Node& node) {
  constexpr std::array<std::string_view, 2> kNames = {"at", "percent"};
  std::array<const Node*, kNames.size()> values = {};
  if (!collect(node, "a stage", kNames, kNames.size(), values)) return std::nullopt;
  const auto when = moment(values[0], "at");
  const auto part = share(values[1], "percent");
  return when && part ? std::optional(internal::Stage{*when, *part}) : std::nullopt;
}

bool RolloutReader::collect(const Node& mapping, std::string_view what, std::span<const std::string_view> names, std::size_t needed,
                            std::span<const Node*> values) {
  std::string all;
  for (const std::string_view name : names.first(needed))
    all.append(all.empty() ? "" : name == names[needed - 1] ? " and " : ", ").append(name);
  if (!fields_.expect(mapping, Node::Kind::mapping, subject(), std::string(what) + " must be a mapping with " + all)) return false;
  fields_.collect(mapping, names, values, subject());
  bool complete = true;
  for (std::size_t i = 0; i < needed; ++i) {
    if (values[i] != nullptr) continue;
    fields_.problem(mapping, subject(), std::string(what) + " needs " + std::string(names[i]));
    complete = false;
  }
  return complete;
}

std::optional<Moment> RolloutReader::moment(const Node* node, std::string_view field) {
  return fields_.parsed(node, field, parse_moment,
                        "a time from 1970 to 9999 with its offset, at most to the millisecond, such as 2026-11-20T09:00:00Z", subject());
}

std::optional<std::chrono::milliseconds> RolloutReader::duration(const Node* node, std::string_view field) {
  return fields_.parsed(node, field, model::parse_duration, model::kDurationForm, subject());
}

std::optional<std::uint32_t> RolloutReader::share(const Node* node, std::string_view field, std::uint32_t least) {
  const auto read = fields_.parsed(node, field, inspect::parse_percentage, inspect::kPercentageForm, subject());
  if (!read || *read >= least) return read;
  fields_.problem(*node, subject(), std::string(field) + " must be above 0%");
  return std::nullopt;
}

std::optional<std::uint32_t> RolloutReader::up_to(const Node* node) {
  return node == nullptr ? std::optional(kWholeShare) : share(node, "up_to", 1);
}

std::optional<Pace> RolloutReader::pace(const Node& kind, std::string_view name, const Node* every, const Node* over) {
  if ((every == nullptr) == (over == nullptr)) {
    fields_.problem(kind, subject(),
                    std::string(name) + " needs every, the time of a step, or over, the time of all steps" +
                        (every == nullptr ? "" : "; give one of them"));
    return std::nullopt;
  }
  const auto time = every != nullptr ? duration(every, "every") : duration(over, "over");
  if (!time) return std::nullopt;
  return Pace{*time, every != nullptr ? Pace::Unit::kStep : Pace::Unit::kWhole};
}

RolloutBy RolloutReader::by(const Node* node) {
  const bool is_scalar = node != nullptr && node->kind == Node::Kind::scalar;
  if (const auto nearly = is_scalar && !parse_by(node->text) ? nearly_by(node->text) : std::nullopt) {
    fields_.problem(*node, subject(), *nearly);
    return RolloutBy::kInstance;
  }
  return fields_.parsed(node, "by", parse_by, "instance, caller or key", subject()).value_or(RolloutBy::kInstance);
}

}  // namespace almanac::source
