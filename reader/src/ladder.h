// What is served, and the ladder that opening climbs down to find it: the store, the last good copy, the bundled file.
//
// On every rung the generation must not be older than min_generation, and the default namespace must open: what this
// gives can be served as it is.
#pragma once

#include <almanac/registry.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "last_good.h"
#include "open_live.h"

namespace almanac::internal {

// One generation, opened.
struct Edition {
  Snapshot snapshot;
  Namespace default_namespace;  // borrows from the snapshot
  Origin origin = Origin::kStore;
  std::uint64_t generation = 0;                     // 0: none is known
  std::string revision;                             // may be empty
  std::chrono::system_clock::time_point published;  // the epoch when not known
  std::string etag;                                 // of `current`; empty when it did not come from the store
};

class Ladder {
 public:
  // `options` are settled, and borrowed.
  Ladder(std::shared_ptr<Store> store, const RegistryOptions& options);

  struct Landing {
    Edition edition;
    std::string error;  // why it is not the store's; empty when it is
  };
  // The first rung that holds, by `deadline` as far as the store is asked. Throws Error with the store's code and every
  // rung's reason when none does.
  [[nodiscard]] Landing open(Deadline deadline) const;

  // What is live now, in place of `served`, or nothing when that is what is live. The store's answer must
  // have begun by `answer_by`, and all be here by `deadline`. Throws Error when it is not to be served.
  [[nodiscard]] std::optional<Edition> refresh(const Edition& served, Deadline answer_by, Deadline deadline) const;

 private:
  [[nodiscard]] Edition from_store(Deadline deadline) const;
  [[nodiscard]] Edition from_last_good(Deadline deadline) const;
  [[nodiscard]] Edition from_bundled(Deadline deadline) const;
  // Of an announced object, which `name` names in messages. The snapshot of `known` is taken where it is the same one.
  [[nodiscard]] Edition announced(Origin origin, const std::string& name, Object object, Deadline deadline,
                                  const Edition* known = nullptr) const;
  [[nodiscard]] Namespace default_namespace_of(const Snapshot& snapshot, const std::string& name) const;
  void check_generation(std::uint64_t generation, const std::string& name) const;

  std::shared_ptr<Store> store_;
  const RegistryOptions& options_;
  OpenOptions open_;
  LastGood last_good_;
};

}  // namespace almanac::internal
