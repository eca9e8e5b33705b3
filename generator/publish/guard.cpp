#include "publish/guard.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>

#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "publish/caller_guard.h"

namespace almanac::publish {

namespace {

// More would be a list that nobody reads.
constexpr std::size_t kMostNamesShown = 5;

// "20", "2.1": as few digits as tell the number.
std::string percent(double share) {
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), share);
  return std::string(text.data(), written.ptr) + " %";
}

double share_removed(const GuardFigures& figures) {
  return figures.live == 0 ? 0 : 100.0 * static_cast<double>(figures.removed) / static_cast<double>(figures.live);
}

std::string removed_text(const GuardFigures& figures, const GuardLimits& limits) {
  const std::string where =
      figures.previous == 0 ? "" : " of generation " + std::to_string(figures.previous) + ", which instances still have,";
  std::string text = inspect::with_thousands(figures.removed) + " of " + inspect::counted(figures.live, "service") + where + " removed";
  if (limits.max_removed >= 100) return text;  // whatever the share
  return text + " (" + share_text(share_removed(figures), limits.max_removed) + ", at most " + percent(limits.max_removed) + ")";
}

std::string names_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMostNamesShown; ++i) text += (i == 0 ? "" : ", ") + inspect::visible(names[i]);
  if (names.size() > kMostNamesShown) text += " and " + inspect::with_thousands(names.size() - kMostNamesShown) + " more";
  return text;
}

std::string namespaces_text(const GuardFigures& figures) {
  if (figures.removed_namespaces.empty()) return "no namespace removed";
  return inspect::counted(figures.removed_namespaces.size(), "namespace") + " removed: " + names_of(figures.removed_namespaces);
}

void count_removals(GuardFigures& figures, const inspect::DiffReport& diff) {
  figures.live = services_of(diff.before);
  figures.removed = diff.removed;
  for (const inspect::NamespaceChange& change : diff.namespaces) {
    if (change.change == inspect::Change::kRemoved) figures.removed_namespaces.emplace_back(change.name);
  }
}

std::string refusal(const std::string& what, const std::string& let_through) { return what + "; " + let_through + " lets it through"; }

}  // namespace

std::string share_text(double share, double limit) {
  const double rounded = std::round(share * 10) / 10;
  return percent(share > limit && rounded <= limit ? share : rounded);
}

std::uint64_t services_of(const Snapshot& snapshot) {
  std::uint64_t services = 0;
  for (std::size_t i = 0; i < snapshot.namespace_count(); ++i) services += snapshot.namespace_info(i).services;
  return services;
}

GuardFigures figures_of(const Snapshot& next) {
  GuardFigures figures;
  figures.services = services_of(next);
  figures.size = next.size();
  return figures;
}

GuardFigures figures_of(const inspect::DiffReport& diff, internal::Moment now) {
  GuardFigures figures = figures_of(diff.after);
  figures.is_first = false;
  count_removals(figures, diff);
  const CallerFacts live = facts_of(diff.before);
  const CallerFacts next = facts_of(diff.after);
  figures.left_without = callers_left_without(live, next);
  figures.begun = rollouts_already_begun(live, next, now);
  return figures;
}

void count_from_previous(GuardFigures& figures, const inspect::DiffReport& diff, std::uint64_t previous) {
  GuardFigures before;
  count_removals(before, diff);
  if (share_removed(before) > share_removed(figures)) {
    figures.live = before.live;
    figures.removed = before.removed;
    figures.previous = previous;
  }
  std::vector<std::string> namespaces;
  std::ranges::set_union(figures.removed_namespaces, before.removed_namespaces, std::back_inserter(namespaces));
  figures.removed_namespaces = std::move(namespaces);
}

std::string refusal_of_unknown(const std::string& unknown) {
  return refusal("what is live cannot be relied on: " + unknown, "--allow-unknown");
}

GuardReport guard(const GuardFigures& figures, const GuardLimits& limits) {
  GuardReport report;
  const auto refuse = [&report](const std::string& what, const std::string& let_through) {
    report.refusals.push_back(refusal(what, let_through));
  };
  if (!figures.unknown.empty() && !limits.allow_unknown) report.refusals.push_back(refusal_of_unknown(figures.unknown));
  if (!figures.is_first) {
    if (const double share = share_removed(figures); share > limits.max_removed) {
      refuse(removed_text(figures, limits), "--max-removed " + std::to_string(static_cast<int>(std::ceil(share))));
    }
    if (!figures.removed_namespaces.empty() && !limits.allow_removed_namespaces) {
      refuse(namespaces_text(figures) + ", and none may be", "--allow-removed-namespaces");
    }
    if (!figures.left_without.empty() && !limits.allow_unmatched) refuse(figures.left_without, "--allow-unmatched");
    if (!limits.allow_started_rollouts) {
      for (const std::string& rollout : figures.begun) refuse(rollout, "--allow-started-rollouts");
    }
    report.figures = removed_text(figures, limits) + ", " + namespaces_text(figures) + ", ";
  } else if (!figures.unknown.empty()) {
    report.figures = "not compared with what is live, ";
  } else {
    report.figures = "the first generation, " + inspect::counted(figures.services, "service") + ", ";
  }
  if (figures.services == 0 && !limits.allow_empty) refuse("the registry is empty: no namespace has a service", "--allow-empty");
  if (figures.size > limits.max_size) {
    refuse("the snapshot has " + inspect::counted(figures.size, "byte") + ", and at most " + inspect::with_thousands(limits.max_size) +
               " are allowed",
           "--max-size " + std::to_string(figures.size));
  }
  report.figures += inspect::counted(figures.size, "byte");
  return report;
}

}  // namespace almanac::publish
