#include "commands/phases.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <chrono>
#include <string_view>

#include "inspect/percentage.h"
#include "model/duration.h"
#include "model/rollout_kinds.h"

namespace almanac::commands {
namespace {

struct Canary {
  std::uint32_t share;  // millionths
  std::chrono::milliseconds time;
};

// "10%:20m"; a share of none or all is no canary.
std::optional<Canary> parse_canary(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto share = inspect::parse_percentage(text.substr(0, colon));
  const auto time = model::parse_duration(text.substr(colon + 1));
  if (!share || *share == 0 || *share == kWholeShare || !time) return std::nullopt;
  return Canary{*share, *time};
}

std::string complaint(std::string_view rule, const std::string& text) { return "must be " + std::string(rule) + ", got \"" + text + "\""; }

std::string over_fault(const std::string& text) {
  return model::parse_duration(text) ? std::string() : complaint(model::kDurationForm, text);
}

std::string canary_fault(const std::string& text) {
  return parse_canary(text) ? std::string() : complaint("a share above 0% and below 100%, a colon and a time, such as 10%:20m", text);
}

}  // namespace

std::optional<internal::Schedule> PhaseOptions::schedule(internal::Moment from) const {
  if (const auto time = model::parse_duration(over)) return model::even(from, *time, kWholeShare);
  if (const auto first = parse_canary(canary)) return model::canary(from, first->share, first->time);
  return std::nullopt;
}

void add_phase_options(CLI::App& command, PhaseOptions& options) {
  CLI::Option* over = command.add_option("--over", options.over, "To instances one after another, evenly over so much time, such as 30m");
  over->check(CLI::Validator(over_fault, ""))->type_name("DURATION");
  CLI::Option* canary =
      command.add_option("--canary", options.canary, "To this share of the instances at once, to all others after so much time");
  canary->check(CLI::Validator(canary_fault, ""))->type_name("PERCENT:DURATION");
  CLI::Option* end = command.add_flag("--end-rollout", options.end_rollout,
                                      "To all instances at once, over a rollout too; without SOURCE: what is on its way");
  over->excludes(canary)->excludes(end);
  canary->excludes(end);
}

}  // namespace almanac::commands
