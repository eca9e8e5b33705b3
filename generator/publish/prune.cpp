#include "publish/prune.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "publish/conditional_writes.h"

namespace almanac::publish {

namespace {

using Time = std::chrono::system_clock::time_point;

class Pruner {
 public:
  Pruner(const GenerationLog& log, const PruneRules& rules) : log_(log), store_(log.store()), rules_(rules) {}

  Pruning prune() {
    const Base base = log_.base();
    if (!base.live) throw Error(ErrorCode::kNotFound, std::string(store_.name()), kNothingPublished);
    now_ = store_time();
    choose_generations(base);
    if (!rules_.dry_run) {
      for (const std::uint64_t generation : pruning_.generations) store_.remove(internal::generation_key(generation));
    }
    // Others may have published since, and what they named stays.
    names_of_kept();
    remove_snapshots();
    if (!rules_.dry_run) store_.remove(kProbeKey);
    return std::move(pruning_);
  }

 private:
  // An object that is written now has the store's time. A dry run writes nothing, and the clock here has to do.
  [[nodiscard]] Time store_time() {
    if (!rules_.dry_run && store_.put(kProbeKey, {}, {})) {
      for (const ObjectInfo& object : store_.list(kProbeKey)) {
        if (object.key == kProbeKey) return object.modified;
      }
    }
    return std::chrono::system_clock::now();
  }

  [[nodiscard]] bool is_young(Time modified) const { return rules_.min_age.count() != 0 && modified > now_ - rules_.min_age; }

  void choose_generations(const Base& base) {
    std::map<std::uint64_t, Time> there;
    for (const ObjectInfo& object : store_.list(internal::kGenerationPrefix)) {
      if (const auto number = generation_of(object.key)) there.emplace(*number, object.modified);
    }
    // `current` may be behind what comes next, and is in use all the same.
    const auto current = log_.current();
    const std::uint64_t live = current ? current->announcement.generation : base.generation();
    std::size_t newer = there.size();
    for (const auto& [number, modified] : there) {
      const bool stays = newer-- <= rules_.keep || number >= live || is_young(modified);
      (stays ? pruning_.kept : pruning_.generations).push_back(number);
    }
    keep_pins_with_their_ends();
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

  void names_of_kept() {
    for (const std::uint64_t number : log_.numbers()) {
      if (std::ranges::binary_search(pruning_.generations, number)) continue;
      if (const auto announcement = read(number)) named_.insert(internal::snapshot_key(announcement->snapshot_id));
    }
    if (const auto current = log_.current()) named_.insert(internal::snapshot_key(current->announcement.snapshot_id));
  }

  void remove_snapshots() {
    for (ObjectInfo& object : store_.list("snapshots/")) {
      if (named_.contains(object.key) || is_young(object.modified)) continue;
      if (!rules_.dry_run) {
        if (!is_still_as_old(object)) continue;
        store_.remove(object.key);
      }
      pruning_.snapshots.push_back(std::move(object));
    }
  }

  [[nodiscard]] bool is_still_as_old(const ObjectInfo& before) const {
    return std::ranges::any_of(store_.list(before.key),
                               [&](const ObjectInfo& now) { return now.key == before.key && now.modified == before.modified; });
  }

  const GenerationLog& log_;
  Store& store_;
  PruneRules rules_;
  Time now_;
  std::set<std::string> named_;  // keys of snapshots that stay
  Pruning pruning_;
};

}  // namespace

Pruning prune(const GenerationLog& log, const PruneRules& rules) {
  if (rules.keep == 0)
    throw Error(ErrorCode::kInvalidArgument, std::string(log.store().name()), "cannot keep no generation at all; at least 1 stays");
  return Pruner(log, rules).prune();
}

}  // namespace almanac::publish
