#include "import/report.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "inspect/quantity.h"
#include "inspect/terminal_text.h"
#include "model/places.h"

namespace almanac::importing {
namespace {

std::string_view ending(Report::Kind kind) {
  switch (kind) {
    case Report::Kind::dropped: return ": not carried over";
    case Report::Kind::left_out: return ": left out";
    case Report::Kind::kept: return ": kept as it is";
    case Report::Kind::note: return "";
  }
  return "";
}

}  // namespace

void Report::add(Kind kind, std::string_view what, const model::Location& at) {
  const auto [place, fresh] = places_.try_emplace({kind, std::string(what)}, entries_.size());
  if (fresh) entries_.push_back({kind, std::string(what), at, 0});
  ++entries_[place->second].count;
}

std::uint64_t Report::dropped() const noexcept {
  std::uint64_t all = 0;
  for (const Entry& entry : entries_) all += entry.kind == Kind::dropped ? entry.count : 0;
  return all;
}

void Report::print(std::ostream& out, std::span<const std::string> files) const {
  std::vector<const Entry*> entries;
  for (const Entry& entry : entries_) entries.push_back(&entry);
  std::ranges::stable_sort(entries, [](const Entry* a, const Entry* b) { return model::is_before(a->first, b->first); });
  for (const Entry* entry : entries) {
    out << model::place(files, entry->first) << ": " << inspect::visible(entry->what) << ending(entry->kind);
    if (entry->count > 1) out << " (" << inspect::with_thousands(entry->count) << " times)";
    out << '\n';
  }
}

}  // namespace almanac::importing
