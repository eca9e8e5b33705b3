// What is served, and the ladder that opening climbs down to find it: the store, the last good copy, the bundled file.
//
// On every rung the generation must not be older than min_generation, and the namespaces that the caller uses must open: what
// this gives can be served as it is. Generations that come to one instance after another do so from the store; a copy and a
// bundled file are served as they are.
#pragma once

#include <almanac/registry.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "last_good.h"
#include "open_live.h"
#include "served_namespaces.h"

namespace almanac::internal {

// One generation, opened.
struct Edition {
  Snapshot snapshot;
  ServedNamespaces namespaces;  // borrows from the snapshot
  Origin origin = Origin::kStore;
  std::uint64_t generation = 0;                     // 0: none is known
  std::string revision;                             // may be empty
  std::chrono::system_clock::time_point published;  // the epoch when not known

  // What the store announced last.
  std::uint64_t announced = 0;                     // a later generation than this one while its rollout has not come to this instance
  std::string etag;                                // of `current`; empty when it did not come from the store
  std::optional<GenerationRollout> rollout;        // nothing: it is for all instances at once
  std::shared_ptr<const AnnouncedObject> waiting;  // until it comes to this instance
  std::chrono::system_clock::time_point comes = std::chrono::system_clock::time_point::max();  // when that is

  // When the clock alone changes what is to be served; the end of the clock: never. A change that was due at `time` and is not made
  // hides no later one.
  [[nodiscard]] std::chrono::system_clock::time_point next_change_after(std::chrono::system_clock::time_point time) const noexcept;
};

// By what time is judged what a look at the store finds (see JudgedTime), and how long it may take.
struct Look {
  std::chrono::system_clock::time_point of_served;
  std::chrono::system_clock::time_point of_new;
  Deadline answer_by;  // the answer about `current` must have begun
  Deadline deadline;   // all must be here
};

class Ladder {
 public:
  // `options` are settled, and borrowed.
  Ladder(std::shared_ptr<Store> store, const RegistryOptions& options);

  struct Landing {
    Edition edition;
    std::string error;  // why it is not what the store would have served; empty when it is
  };
  // The first rung that holds, and below them all a generation that has not come to this instance, when it cannot have the one
  // before. Nothing is asked for twice. Throws Error with the store's code and every rung's reason when none does.
  [[nodiscard]] Landing open(const Look& look) const;

  // What the store announces, or nothing when that is what `served` knows. Throws Error when it is not to be followed.
  [[nodiscard]] std::optional<AnnouncedObject> ask(const Edition& served, const Look& look) const;
  // What is to be served once that is announced. Throws Error when it cannot be.
  [[nodiscard]] Edition follow(const AnnouncedObject& announced, const Look& look, const Edition* served = nullptr) const;
  // What `served` becomes by the clock: the announced generation once it has come to this instance; other namespaces of the same
  // snapshot. Nothing: no change is due. Throws Error when it cannot be served.
  [[nodiscard]] std::optional<Edition> next_generation(const Edition& served, const Look& look) const;
  [[nodiscard]] std::optional<Edition> next_namespaces(const Edition& served, const Look& look) const;

  // What would make a later start worse than it need be, as the opened edition tells; each names the thing.
  [[nodiscard]] std::vector<std::string> warnings(const Edition& opened) const;

 private:
  [[nodiscard]] Edition from_last_good(const Look& look) const;
  [[nodiscard]] Edition from_bundled(const Look& look) const;
  // The announced snapshot, whatever its rollout says.
  [[nodiscard]] Edition open_all(Origin origin, const AnnouncedObject& announced, const Look& look, const Edition* served) const;
  // The one before, while the announced one has not come to this instance; nothing when it has, or the one before is lost or
  // must not be served.
  [[nodiscard]] std::optional<Edition> stay(const AnnouncedObject& announced, const Look& look, const Edition* served) const;
  // Nothing: it is lost.
  [[nodiscard]] std::optional<Edition> open_previous(const AnnouncedObject& announced, const Look& look, const Edition* served) const;
  // The snapshot of `served` is taken where it is the same one.
  [[nodiscard]] Edition edition_of(Origin origin, const Announcement& announcement, const Snapshot& snapshot, const Look& look,
                                   const Edition* served) const;
  // As the last good copy.
  void keep(const LiveSnapshot& live) const;
  [[nodiscard]] ServedNamespaces open_namespaces_of(const Snapshot& snapshot, Moment at, const Edition* served) const;
  void check_generation(std::uint64_t generation, const std::string& name) const;

  std::shared_ptr<Store> store_;
  const RegistryOptions& options_;
  OpenOptions open_;
  LastGood last_good_;
};

}  // namespace almanac::internal
