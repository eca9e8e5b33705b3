#include "near_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "terminal_text.h"

namespace almanac::inspect {
namespace {

// Three rows of the table of Damerau and Levenshtein in its restricted form ("optimal string
// alignment"): row i holds the distances between the first i bytes of `a` and each start of `b`.
class Distances {
 public:
  // The distance, or `limit` + 1 when it is more than `limit`.
  std::size_t between(std::string_view a, std::string_view b, std::size_t limit) {
    const std::size_t far = limit + 1;
    if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return far;
    for (auto& row : rows_) row.assign(b.size() + 1, far);
    for (std::size_t j = 0; j <= std::min(b.size(), limit); ++j) current()[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      if (fill_row(a, b, i, limit) > limit) return far;
    }
    return std::min(current()[b.size()], far);
  }

 private:
  std::vector<std::size_t>& current() { return rows_[2]; }

  // Cells further than `limit` from the diagonal are above it for certain. Returns the row's least.
  std::size_t fill_row(std::string_view a, std::string_view b, std::size_t i, std::size_t limit) {
    std::rotate(rows_.begin(), rows_.begin() + 1, rows_.end());
    const std::size_t far = limit + 1;
    const std::size_t first = i > limit ? i - limit : 0;
    const std::size_t last = std::min(b.size(), i + limit);
    auto& [before, above, row] = rows_;
    if (first > 0) row[first - 1] = far;
    if (last < b.size()) row[last + 1] = far;
    std::size_t least = far;
    for (std::size_t j = first; j <= last; ++j) {
      if (j == 0) {
        row[0] = i;
      } else {
        const std::size_t changed = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        row[j] = std::min({above[j] + 1, row[j - 1] + 1, changed});
        const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        if (exchanged) row[j] = std::min(row[j], before[j - 2] + 1);
      }
      least = std::min(least, row[j]);
    }
    return least;
  }

  std::array<std::vector<std::size_t>, 3> rows_;
};

}  // namespace

std::vector<std::string_view> nearest(std::string_view wanted, std::span<const std::string_view> candidates, std::size_t most,
                                      std::size_t most_errors) {
  const std::size_t limit = std::clamp<std::size_t>(wanted.size() / 3, 1, most_errors);
  Distances distances;
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = distances.between(wanted, candidate, limit);
    // As many errors as the candidate has bytes would turn anything into it.
    if (distance <= limit && distance < std::max(wanted.size(), candidate.size())) {
      found.emplace_back(distance, candidate);
    }
  }
  std::ranges::sort(found);
  found.resize(std::min(most, found.size()));
  std::vector<std::string_view> names;
  names.reserve(found.size());
  for (const auto& [distance, name] : found) names.push_back(name);
  return names;
}

std::string complaint_about_command(std::string_view word, const std::vector<std::string_view>& commands) {
  if (word.starts_with('-') || std::ranges::find(commands, word) != commands.end()) return {};
  const std::vector<std::string_view> near = nearest(word, commands, 1);
  std::string complaint = "no command " + in_quotes(word);
  if (!near.empty()) complaint += "; did you mean " + in_quotes(near.front());
  return complaint;
}

}  // namespace almanac::inspect
