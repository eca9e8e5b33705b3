#include "diff.h"

#include <algorithm>
#include <utility>

#include "caller_rule_diff.h"
#include "service_diff.h"
#include "snapshot_data.h"

namespace almanac::inspect {
namespace {

class NamespaceWalk {
 public:
  NamespaceWalk(const Selection& selection, DiffReport& report, NamespaceChange& change)
      : selection_(selection), report_(report), change_(change) {}

  void walk(const Namespace& before, const Namespace& after) {
    const Services olds = before.under(selection_.prefix);
    const Services news = after.under(selection_.prefix);
    auto a = olds.begin();
    auto b = news.begin();
    while (a != olds.end() || b != news.end()) {
      const bool only_a = b == news.end() || (a != olds.end() && a->name() < b->name());
      const bool only_b = a == olds.end() || (b != news.end() && b->name() < a->name());
      if (only_a) {
        take_one(Change::kRemoved, *a, report_.removed);
      } else if (only_b) {
        take_one(Change::kAdded, *b, report_.added);
      } else {
        take_both(*a, *b);
      }
      if (!only_b) ++a;
      if (!only_a) ++b;
    }
  }

 private:
  void take_one(Change change, const Service& service, std::uint64_t& count) {
    if (!selection_.has_tags(service)) return;
    change_.services.push_back({change, service, {}, {}, false});
    ++count;
  }

  void take_both(const Service& before, const Service& after) {
    if (!selection_.has_tags(before) && !selection_.has_tags(after)) return;
    if (same(before, after)) {
      ++report_.unchanged;
      return;
    }
    change_.services.push_back(compare(before, after));
    ++report_.changed;
  }

  const Selection& selection_;
  DiffReport& report_;
  NamespaceChange& change_;
};

std::vector<std::string_view> names_of(const Snapshot& snapshot, const Selection& selection) {
  std::vector<std::string_view> names;
  if (selection.namespace_name && !snapshot.has_namespace(*selection.namespace_name)) return names;
  for (const NamespaceInfo& info : selected_namespaces(snapshot, selection)) names.push_back(info.name);
  return names;
}

}  // namespace

DiffReport diff(const Snapshot& before, const Snapshot& after, const Selection& selection) {
  DiffReport report{before, after, {}, {}};
  if (selection.takes_everything()) {
    report.caller_rules = compare_caller_rules(internal::data_of(before).manifest(), internal::data_of(after).manifest());
  }
  std::vector<std::string_view> names = names_of(before, selection);
  const std::vector<std::string_view> new_names = names_of(after, selection);
  names.insert(names.end(), new_names.begin(), new_names.end());
  if (names.empty() && selection.namespace_name) (void)selected_namespaces(after, selection);  // throws, with near names
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const std::string_view name : names) {
    const bool was = before.has_namespace(name);
    const bool is = after.has_namespace(name);
    NamespaceChange change{was && is ? Change::kChanged : is ? Change::kAdded : Change::kRemoved, name, {}};
    NamespaceWalk(selection, report, change)
        .walk(was ? internal::open_checked(before, name) : Namespace(), is ? internal::open_checked(after, name) : Namespace());
    const bool comes_or_goes = change.change != Change::kChanged && !selection.filters_services();
    if (comes_or_goes || !change.services.empty()) report.namespaces.push_back(std::move(change));
  }
  return report;
}

}  // namespace almanac::inspect
