// Guards: what a publication must not do by mistake. They stand between the compiled snapshot and its announcement.
//
//   const GuardReport report = guard(figures_of(diff, now), limits);
//   if (!report.passed()) for (const std::string& line : report.refusals) complain(line);
//
// Pure functions: the same figures and limits give the same verdict.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "inspect/diff.h"
#include "rollout.h"

namespace almanac::publish {

struct GuardLimits {
  double max_removed = 20;  // percent of the services that are live; 100: all may be
  bool allow_removed_namespaces = false;
  bool allow_empty = false;
  std::uint64_t max_size = std::uint64_t{256} << 20U;  // bytes of the snapshot
  bool allow_unknown = false;                          // publish although it is not known what is live
  bool allow_unmatched = false;                        // leave callers without a namespace
  bool allow_started_rollouts = false;
};

// From what is live to the snapshot that is to follow it.
struct GuardFigures {
  bool is_first = true;        // there is nothing to compare with: what follows, up to `unknown`, means nothing
  std::uint64_t live = 0;      // services
  std::uint64_t removed = 0;   // services, those of removed namespaces too
  std::uint64_t previous = 0;  // the generation that these two are counted from, where that is not the live one
  std::vector<std::string> removed_namespaces;
  std::string left_without;        // see callers_left_without()
  std::vector<std::string> begun;  // see rollouts_already_begun()
  std::string unknown;             // why it is not known what is live or what that is, when that is so
  std::uint64_t services = 0;      // of the new one
  std::uint64_t size = 0;          // bytes of the new one
};

struct GuardReport {
  // Each tells the figure, the limit, and the switch that lets it through; empty: nothing stands against it.
  std::vector<std::string> refusals;
  // One line for all: "2 of 95 services removed (2.1 %, at most 20 %), no namespace removed, 2,848 bytes"; without the
  // share where all may be removed.
  std::string figures;

  [[nodiscard]] bool passed() const noexcept { return refusals.empty(); }
};

// "2.1 %": to one digit, and never "20 %" for what is more than a limit of 20.
[[nodiscard]] std::string share_text(double share, double limit);

// Of all namespaces together.
[[nodiscard]] std::uint64_t services_of(const Snapshot& snapshot);

[[nodiscard]] GuardFigures figures_of(const Snapshot& next);
[[nodiscard]] GuardFigures figures_of(const inspect::DiffReport& diff, internal::Moment now);
// Where instances still have the generation before the live one: removals count from that one too, the larger share of the two.
// `diff` is from there.
void count_from_previous(GuardFigures& figures, const inspect::DiffReport& diff, std::uint64_t previous);

// The refusal to go on top of what may not be what is meant to be live (see Base::unknown).
[[nodiscard]] std::string refusal_of_unknown(const std::string& unknown);

[[nodiscard]] GuardReport guard(const GuardFigures& figures, const GuardLimits& limits);

}  // namespace almanac::publish
