#include "publish/history.h"

#include <algorithm>
#include <set>
#include <utility>

namespace almanac::publish {

namespace {

// What there is at `generation`, or why that cannot be told.
void read_into(HistoryEntry& entry, const GenerationLog& log) {
  try {
    std::optional<Announced> announced = log.find(entry.generation);
    if (announced) {
      entry.announcement = std::move(announced->announcement);
    } else {
      entry.damage = "removed just now";
    }
  } catch (const Error& error) {
    if (!is_lasting_damage(error) && error.code() != ErrorCode::kUnsupportedVersion) throw;
    entry.damage = error.what();
  }
}

// Nothing but an unpinning or another pin may follow a pin.
HistoryEntry::What what_of(const internal::Announcement& announcement, const HistoryEntry* before) {
  if (announcement.rollback_of != 0) return HistoryEntry::What::kRollback;
  if (announcement.pinned) return HistoryEntry::What::kPin;
  const bool was_pinned = before != nullptr && before->generation + 1 == announcement.generation && before->announcement &&
                          before->announcement->pinned.has_value();
  return was_pinned ? HistoryEntry::What::kUnpin : HistoryEntry::What::kPublish;
}

}  // namespace

bool History::is_damaged() const noexcept {
  return !damage.empty() || std::ranges::any_of(entries, [](const HistoryEntry& entry) { return !entry.announcement; });
}

std::string_view to_string(HistoryEntry::What what) noexcept {
  switch (what) {
    case HistoryEntry::What::kPublish: return "publish";
    case HistoryEntry::What::kRollback: return "rollback";
    case HistoryEntry::What::kPin: return "pin";
    case HistoryEntry::What::kUnpin: return "unpin";
  }
  return "";
}

History read_history(const GenerationLog& log, std::uint64_t most) {
  History history;
  std::uint64_t live = 0;
  try {
    const std::optional<Announced> current = log.current();
    live = current ? current->announcement.generation : 0;
  } catch (const Error& error) {
    if (!is_lasting_damage(error) && error.code() != ErrorCode::kUnsupportedVersion) throw;
    history.damage = error.what();
  }
  std::set<std::string> snapshots;
  for (ObjectInfo& object : log.store().list("snapshots/")) snapshots.insert(std::move(object.key));

  const std::vector<std::uint64_t> numbers = log.numbers();
  const std::size_t shown = most == 0 ? numbers.size() : static_cast<std::size_t>(std::min<std::uint64_t>(most, numbers.size()));
  history.older = numbers.size() - shown;
  // One more than is shown, for what the oldest of those did.
  const std::size_t read = std::min(shown + 1, numbers.size());
  for (std::size_t i = 0; i < read; ++i) {
    HistoryEntry& entry = history.entries.emplace_back();
    entry.generation = numbers[numbers.size() - 1 - i];
    read_into(entry, log);
    const bool is_later = history.damage.empty() && entry.generation > live;
    entry.state = entry.generation == live ? HistoryEntry::State::kLive
                  : is_later               ? HistoryEntry::State::kPending
                                           : HistoryEntry::State::kPast;
    if (entry.announcement) entry.snapshot_is_gone = !snapshots.contains(internal::snapshot_key(entry.announcement->snapshot_id));
  }
  for (std::size_t i = 0; i < shown; ++i) {
    HistoryEntry& entry = history.entries[i];
    if (entry.announcement) entry.what = what_of(*entry.announcement, i + 1 < read ? &history.entries[i + 1] : nullptr);
  }
  history.entries.resize(shown);
  return history;
}

}  // namespace almanac::publish
