#include "publish/history.h"

#include <algorithm>
#include <set>
#include <utility>

#include "inspect/generation_rollout.h"
#include "open_live.h"
#include "publish/kept_documents.h"

namespace almanac::publish {

namespace {

// Nothing but an unpinning or another pin may follow a pin.
HistoryEntry::What what_of(const internal::Announcement& announcement, const HistoryEntry* entry_before) {
  if (announcement.rollback_of != 0) return HistoryEntry::What::kRollback;
  if (announcement.pinned) return HistoryEntry::What::kPin;
  const bool is_next = entry_before != nullptr && entry_before->generation + 1 == announcement.generation;
  const internal::Announcement* const before = is_next && entry_before->announcement ? &*entry_before->announcement : nullptr;
  if (before != nullptr && before->pinned) return HistoryEntry::What::kUnpin;
  static const std::string kNoDocuments = documents_id(pack_documents({}));
  const bool is_synced = announcement.documents == kNoDocuments ||
                         (before != nullptr && !announcement.documents.empty() && announcement.documents == before->documents);
  return is_synced ? HistoryEntry::What::kSync : HistoryEntry::What::kPublish;
}

bool is_damage(const Error& error) noexcept { return is_lasting_damage(error) || error.code() == ErrorCode::kUnsupportedVersion; }

bool is_of_rollout(const internal::Announcement& announcement, std::uint64_t seed) {
  return announcement.rollout && announcement.rollout->seed == seed;
}

// How far that of an entry came: until the next generation that can be read, if it has not been going on since.
void follow_rollout(HistoryEntry& entry, const internal::Announcement* after, const internal::Announcement* live, internal::Moment now) {
  using Rollout = HistoryEntry::Rollout;
  const internal::GenerationRollout& rollout = *entry.announcement->rollout;
  if (entry.state == HistoryEntry::State::kPending && live != nullptr && !is_of_rollout(*live, rollout.seed)) {
    entry.rollout = Rollout::kNotBegun;
    return;
  }
  const bool is_past = after != nullptr && entry.state == HistoryEntry::State::kPast;
  entry.share = rollout.schedule.share_at(is_past ? internal::moment_of(after->published) : now);
  entry.rollout = entry.share == kWholeShare                       ? Rollout::kOver
                  : is_past && is_of_rollout(*after, rollout.seed) ? Rollout::kCarriedOn
                  : is_past                                        ? Rollout::kEnded
                                                                   : Rollout::kUnderWay;
}

class HistoryReader {
 public:
  HistoryReader(const GenerationLog& log, internal::Moment now, progress::Progress& progress) : log_(log), progress_(progress) {
    history_.now = now;
  }

  History read(std::uint64_t most) {
    read_current();
    read_log(most);
    follow_rollouts();
    // Nothing is announced without its snapshot, so whatever was read has it by now, or no longer.
    mark_gone();
    return std::move(history_);
  }

 private:
  using State = HistoryEntry::State;

  void read_current() {
    try {
      current_ = log_.current();
    } catch (const Error& error) {
      if (!is_damage(error)) throw;
      add_damage(std::string("what is live is not known: ") + error.what());
    }
  }

  void read_log(std::uint64_t most) {
    const std::vector<std::uint64_t> numbers = log_.numbers();
    const std::uint64_t shown = most == 0 ? numbers.size() : std::min<std::uint64_t>(most, numbers.size());
    // One more than is shown, for what the oldest of those did.
    progress_.begin("reading the log", std::min<std::uint64_t>(shown + 1, numbers.size()));
    auto number = numbers.rbegin();
    for (; number != numbers.rend() && entries().size() <= shown; ++number) {
      add(*number);
      progress_.step(entries().size());
    }
    history_.older = static_cast<std::uint64_t>(numbers.rend() - number);
    for (std::size_t i = 0; i < entries().size(); ++i) {
      HistoryEntry& entry = entries()[i];
      if (entry.announcement) entry.what = what_of(*entry.announcement, i + 1 < entries().size() ? &entries()[i + 1] : nullptr);
    }
    if (entries().size() > shown) {
      entries().pop_back();
      ++history_.older;
    }
    if (current_ && !std::ranges::binary_search(numbers, current_->announcement.generation) && is_still_live()) add_missing();
  }

  void add(std::uint64_t generation) {
    HistoryEntry entry;
    entry.generation = generation;
    try {
      std::optional<Announced> announced = log_.find(generation);
      if (!announced) return;  // pruned just now
      entry.announcement = std::move(announced->announcement);
    } catch (const Error& error) {
      if (!is_damage(error)) throw;
      entry.damage = error.what();
    }
    const std::uint64_t live = current_ ? current_->announcement.generation : 0;
    const bool is_known = history_.damage.empty();
    entry.state = generation == live ? State::kLive : is_known && generation > live ? State::kPending : State::kPast;
    entries().push_back(std::move(entry));
  }

  void follow_rollouts() {
    const internal::Announcement* const live = current_ ? &current_->announcement : nullptr;
    const internal::Announcement* after = nullptr;
    for (HistoryEntry& entry : entries()) {
      if (!entry.announcement) continue;
      if (entry.announcement->rollout) follow_rollout(entry, after, live, history_.now);
      after = &*entry.announcement;
    }
  }

  void add_missing() {
    HistoryEntry entry;
    entry.generation = current_->announcement.generation;
    entry.announcement = current_->announcement;
    entry.state = State::kLive;
    entry.is_missing = true;
    entry.what = what_of(*entry.announcement, nullptr);
    const auto place = std::ranges::find_if(entries(), [&](const HistoryEntry& other) { return other.generation < entry.generation; });
    entries().insert(place, std::move(entry));
    add_damage("generation " + std::to_string(current_->announcement.generation) + " is live, and missing from the log");
  }

  void mark_gone() {
    std::set<std::string> snapshots;
    for (ObjectInfo& object : log_.store().list(internal::kSnapshotPrefix)) snapshots.insert(std::move(object.key));
    const auto is_gone = [&](const internal::Announcement& announcement) {
      return !snapshots.contains(internal::snapshot_key(announcement.snapshot_id));
    };
    for (HistoryEntry& entry : entries()) entry.snapshot_is_gone = entry.announcement && is_gone(*entry.announcement);
    if (!current_) return;
    const internal::Announcement& live = current_->announcement;
    if (!current_->carries_all() && is_gone(live) && is_still_live()) {
      add_damage("the snapshot of generation " + std::to_string(live.generation) +
                 ", which is live, is gone: publish it again, or roll back");
    }
    if (unfinished_rollout(live, history_.now) && is_gone(internal::previous_of(live)) && is_still_live()) {
      add_damage(inspect::stranded_text(live, "is gone", log_.store().name()));
    }
  }

  void add_damage(const std::string& damage) { history_.damage += (history_.damage.empty() ? "" : "; ") + damage; }

  // What was live when this began can have been replaced and pruned since.
  [[nodiscard]] bool is_still_live() const {
    const std::optional<Announced> now = log_.current();
    return now && now->announcement.generation == current_->announcement.generation;
  }

  [[nodiscard]] std::vector<HistoryEntry>& entries() noexcept { return history_.entries; }

  const GenerationLog& log_;
  progress::Progress& progress_;
  std::optional<Announced> current_;
  History history_;
};

}  // namespace

bool History::is_damaged() const noexcept {
  return !damage.empty() || std::ranges::any_of(entries, [](const HistoryEntry& entry) { return !entry.announcement; });
}

std::string_view to_string(HistoryEntry::What what) noexcept {
  switch (what) {
    case HistoryEntry::What::kPublish: return "publish";
    case HistoryEntry::What::kSync: return "sync";
    case HistoryEntry::What::kRollback: return "rollback";
    case HistoryEntry::What::kPin: return "pin";
    case HistoryEntry::What::kUnpin: return "unpin";
  }
  return "";
}

History read_history(const GenerationLog& log, std::uint64_t most, std::chrono::system_clock::time_point now,
                     progress::Progress& progress) {
  return HistoryReader(log, internal::moment_of(now), progress).read(most);
}

}  // namespace almanac::publish
