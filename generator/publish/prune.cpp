#include "publish/prune.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "inspect/quantity.h"
#include "open_live.h"
#include "publish/conditional_writes.h"
#include "publish/look_at.h"
#include "publish/store_clock.h"
#include "registrations/lapses.h"

namespace almanac::publish {

namespace {

using registrations::Registered;
using Time = std::chrono::system_clock::time_point;

class Pruner {
 public:
  Pruner(const GenerationLog& log, const PruneRules& rules, progress::Progress& progress)
      : log_(log), store_(log.store()), rules_(rules), progress_(progress) {}

  Pruning prune() {
    const Base base = log_.base();
    (void)expect_live(base, store_);
    // A dry run writes nothing, and the clock here has to do.
    now_ = rules_.dry_run ? std::chrono::system_clock::now() : store_time(store_);
    choose_generations(base);
    if (!rules_.dry_run) remove_generations();
    // Others may have published since, and what they named stays.
    if (const auto current = log_.current()) name(current->announcement);
    read_names(progress_);
    pruning_.snapshots = remove_unnamed(internal::kSnapshotPrefix, "removing snapshots");
    pruning_.documents = remove_unnamed(internal::kDocumentsPrefix, "removing documents");
    remove_lapsed();
    if (!rules_.dry_run) store_.remove(kProbeKey);
    return std::move(pruning_);
  }

 private:
  [[nodiscard]] bool is_young(Time modified) const { return rules_.min_age.count() != 0 && modified > now_ - rules_.min_age; }

  void choose_generations(const Base& base) {
    std::map<std::uint64_t, Time> there;
    for (const ObjectInfo& object : store_.list(internal::kGenerationPrefix)) {
      if (const auto number = generation_of(object.key)) there.emplace(*number, object.modified);
    }
    // `current` may be behind what comes next, and is in use all the same.
    const auto current = log_.current();
    const std::uint64_t live = first_in_use(current ? current->announcement : base.live->announcement);
    std::size_t newer = there.size();
    for (const auto& [number, modified] : there) {
      const bool stays = newer-- <= rules_.keep || number >= live || is_young(modified);
      (stays ? pruning_.kept : pruning_.generations).push_back(number);
    }
    keep_pins_with_their_ends();
  }

  // Instances go back to what a rollout began from, and wait with it for their turn.
  [[nodiscard]] static std::uint64_t first_in_use(const internal::Announcement& live) {
    return live.rollout ? live.rollout->previous_generation : live.generation;
  }

  void name(const internal::Announcement& announcement) {
    named_.insert(internal::snapshot_key(announcement.snapshot_id));
    if (announcement.rollout) named_.insert(internal::snapshot_key(announcement.rollout->previous_id));
    if (!announcement.documents.empty()) named_.insert(internal::documents_key(announcement.documents));
  }

  // History could not tell the end of a pin from a publication without the pin before it.
  void keep_pins_with_their_ends() {
    std::vector<std::uint64_t>& gone = pruning_.generations;
    std::erase_if(gone, [this](std::uint64_t number) {
      const bool is_followed = std::ranges::binary_search(pruning_.kept, number + 1);
      if (!is_followed || !is_pin(number) || is_pin(number + 1)) return false;
      pruning_.kept.insert(std::ranges::lower_bound(pruning_.kept, number), number);
      return true;
    });
  }

  [[nodiscard]] bool is_pin(std::uint64_t generation) const {
    const std::optional<internal::Announcement> announcement = read(generation);
    return announcement && announcement->pinned;
  }

  // Nothing when it is gone or damaged: it brings nobody back then.
  [[nodiscard]] std::optional<internal::Announcement> read(std::uint64_t generation) const {
    try {
      std::optional<Announced> announced = log_.find(generation);
      if (announced) return std::move(announced->announcement);
    } catch (const Error& error) {
      if (!is_lasting_damage(error)) throw;
    }
    return std::nullopt;
  }

  // Of the generations that stay and were not read before: nothing that is in the log ever changes.
  void read_names(progress::Progress& progress) {
    const std::vector<std::uint64_t> numbers = log_.numbers();
    progress.begin("reading the log", numbers.size());
    for (const std::uint64_t number : numbers) {
      if (std::ranges::binary_search(pruning_.generations, number) || !read_.insert(number).second) continue;
      if (const auto announcement = read(number)) name(*announcement);
      progress.step(read_.size());
    }
  }

  void remove_generations() {
    progress_.begin("removing generations", pruning_.generations.size());
    for (std::size_t i = 0; i < pruning_.generations.size(); ++i) {
      store_.remove(internal::generation_key(pruning_.generations[i]));
      progress_.step(i + 1);
    }
  }

  // Of what is named by its content. Which went.
  [[nodiscard]] std::vector<ObjectInfo> remove_unnamed(std::string_view prefix, std::string_view work) {
    std::vector<ObjectInfo> there = store_.list(prefix);
    std::erase_if(there, [this](const ObjectInfo& object) { return named_.contains(object.key) || is_young(object.modified); });
    progress_.begin(work, there.size());
    std::vector<ObjectInfo> gone;
    for (std::size_t i = 0; i < there.size(); ++i) {
      progress_.step(i);
      if (rules_.dry_run || remove(there[i])) gone.push_back(there[i]);
    }
    return gone;
  }

  void remove_lapsed() {
    registrations::ReadOptions options;
    options.now = now_;
    const registrations::Reading reading = read_registrations(store_, options, progress_);
    const registrations::Services lapsed = registrations::lapsed_services(reading);
    std::optional<Snapshot> live;
    for (const Registered& registered : reading.registered) {
      const registrations::Registration& said = registered.registration;
      if (!registrations::has_lapsed(said, registered.modified, now_ - rules_.min_age)) continue;
      if (!live) live = log_.open_snapshot(expect_live(log_.base(), store_));
      if (lapsed.contains({said.namespace_name, said.name}) && registrations::is_in(*live, said.namespace_name, said.name)) {
        ++pruning_.lapsed_and_live;
      } else if (rules_.dry_run || remove(registered)) {
        pruning_.lapsed.push_back(registered);
      }
    }
  }

  // False: it was renewed meanwhile. Its bytes can be newer than the list that its age is from: so that is looked at once more.
  [[nodiscard]] bool remove(const Registered& registered) {
    return is_still_as_old(registered.key, registered.modified) && store_.remove(registered.key, PutCondition::if_match(registered.etag));
  }

  // False: it is in use again, and there.
  [[nodiscard]] bool remove(const ObjectInfo& object) {
    const std::optional<Object> before = look_at(store_, object.key, object.size);
    if (!before || !is_still_as_old(object.key, object.modified)) return false;
    store_.remove(object.key);
    read_names(silent_);
    if (!named_.contains(object.key)) return true;
    put_back(object.key, before->bytes);
    return false;
  }

  void put_back(const std::string& key, std::span<const std::byte> bytes) {
    try {
      (void)store_.put(key, bytes, PutCondition::if_absent());
    } catch (const Error& error) {
      throw Error(error.code(), internal::object_name(store_, key),
                  "was removed while somebody published it again, and could not be put back; publish it once more: " +
                      std::string(error.problem()));
    }
  }

  [[nodiscard]] bool is_still_as_old(const std::string& key, Time modified) const {
    return std::ranges::any_of(store_.list(key), [&](const ObjectInfo& now) { return now.key == key && now.modified == modified; });
  }

  const GenerationLog& log_;
  Store& store_;
  PruneRules rules_;
  progress::Progress& progress_;
  progress::Progress silent_;
  Time now_;
  std::set<std::uint64_t> read_;  // generations that name what is among these:
  std::set<std::string> named_;   // keys of snapshots and documents that stay
  Pruning pruning_;
};

}  // namespace

Pruning prune(const GenerationLog& log, const PruneRules& rules, progress::Progress& progress) {
  if (rules.keep == 0)
    throw Error(ErrorCode::kInvalidArgument, std::string(log.store().name()), "cannot keep no generation at all; at least 1 stays");
  if (rules.min_age != std::chrono::seconds(0) && rules.min_age < kLeastMinAge)
    throw Error(ErrorCode::kInvalidArgument, std::string(log.store().name()),
                "a least age of less than " + inspect::counted(static_cast<std::uint64_t>(kLeastMinAge.count()), "hour") +
                    " does not spare what somebody is putting live at this moment; take more, or 0 while nobody else writes");
  return Pruner(log, rules, progress).prune();
}

}  // namespace almanac::publish
