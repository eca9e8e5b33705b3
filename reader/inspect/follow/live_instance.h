// What is live in a store, as one instance sees it, look by look: a conditional request each, and the snapshot when there is another one.
//
// Of a generation that comes to instances one after another (reader/CALLERS.md), this one has what its turn says, and never goes back
// while that goes on. Unlike a Registry it keeps nothing on disk and needs no namespace of its own: who follows has files for that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "inspect/follow/generation_note.h"
#include "open_live.h"

namespace almanac::inspect {

class LiveInstance {
 public:
  // `caller` says which instance it is.
  LiveInstance(std::shared_ptr<Store> store, Caller caller) : store_(std::move(store)), caller_(std::move(caller)) {}

  // What it has from now on; nothing: the generation that the last look gave. After an Error, which is as of open_live(), and kConflict for a
  // store whose generations went back behind the one that is kept, the next look begins where this one did.
  [[nodiscard]] std::optional<internal::LiveSnapshot> look(internal::Moment now, const KeptGeneration& kept = {});

 private:
  [[nodiscard]] bool has_moved(const internal::Announcement& live, internal::Moment now, std::uint64_t kept) const;
  [[nodiscard]] internal::LiveSnapshot open_previous(const internal::AnnouncedObject& live) const;

  std::shared_ptr<Store> store_;
  Caller caller_;
  std::optional<internal::AnnouncedObject> live_;  // at the last look
  std::uint64_t served_ = 0;                       // generation; 0: none yet
};

}  // namespace almanac::inspect
