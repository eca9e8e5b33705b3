#include "caller_rule_diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "caller_rule_record.h"

namespace almanac::inspect {
namespace {

// Two rules are the same when their records are: namespaces have other numbers in another snapshot.
std::vector<std::string> records_of(const internal::Manifest& manifest) {
  std::vector<std::string> records;
  for (const internal::CallerRule& rule : manifest.caller_rules) {
    JsonText json(records.emplace_back());
    append_caller_rule(json, manifest, rule);
  }
  return records;
}

// How long the longest common subsequence of what is behind two places is. Rules are at most 1,000, so the table is small.
class CommonBehind {
 public:
  CommonBehind(const std::vector<std::string>& before, const std::vector<std::string>& after)
      : columns_(after.size() + 1), sizes_((before.size() + 1) * columns_) {
    for (std::size_t a = before.size(); a-- > 0;) {
      for (std::size_t b = after.size(); b-- > 0;) {
        at(a, b) = before[a] == after[b] ? static_cast<std::uint16_t>(at(a + 1, b + 1) + 1) : std::max(at(a + 1, b), at(a, b + 1));
      }
    }
  }

  [[nodiscard]] std::uint16_t& at(std::size_t a, std::size_t b) { return sizes_[a * columns_ + b]; }

 private:
  std::size_t columns_;
  std::vector<std::uint16_t> sizes_;
};

}  // namespace

std::vector<CallerRuleChange> compare_caller_rules(const internal::Manifest& before, const internal::Manifest& after) {
  const std::vector<std::string> olds = records_of(before);
  const std::vector<std::string> news = records_of(after);
  CommonBehind common(olds, news);
  std::vector<CallerRuleChange> changes;
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < olds.size() || b < news.size()) {
    // What went and what came before the next rule that stayed.
    std::size_t end_a = a;
    std::size_t end_b = b;
    while (end_a < olds.size() && end_b < news.size() && olds[end_a] != news[end_b]) {
      ++(common.at(end_a + 1, end_b) >= common.at(end_a, end_b + 1) ? end_a : end_b);
    }
    if (end_a == olds.size() || end_b == news.size()) {
      end_a = olds.size();
      end_b = news.size();
    }
    for (; a < end_a || b < end_b;) {
      CallerRuleChange change;
      if (a < end_a) change.before = &before.caller_rules[a++];
      if (b < end_b) change.after = &after.caller_rules[b++];
      change.place = change.after != nullptr ? b : a;
      change.change = change.before == nullptr ? Change::kAdded : change.after == nullptr ? Change::kRemoved : Change::kChanged;
      changes.push_back(change);
    }
    if (a < olds.size()) ++a;
    if (b < news.size()) ++b;
  }
  return changes;
}

}  // namespace almanac::inspect
