// What the user wants inspected: a snapshot file, a bundle (see write_bundle.h), or what is or was live in a store.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <almanac/snapshot.h>
#include <almanac/store.h>

#include "announcement.h"

namespace almanac::inspect {

struct Subject {
  std::string name;  // as the user wrote it
  Snapshot snapshot;
  std::optional<internal::Announcement> publication;  // of a store, or of a bundle of one
  bool is_live = false;                               // the publication is what a store has now
  std::shared_ptr<Store> store{};                     // that it is of; nullptr: a file
};

// `what` is a snapshot file, a bundle, a directory that holds "current", the address of a store, or one of the
// last two with "@GENERATION" behind it. Nothing is cached. Throws Error as Snapshot::open() and
// open_store() do; kNotFound for a directory without "current".
[[nodiscard]] Subject open_subject(const std::string& what);
// Another generation of the subject's store, which it must have. Throws Error as open_subject() does.
[[nodiscard]] Subject open_generation(const Subject& subject, std::uint64_t generation);

// What instances have that the rollout of `subject`'s generation has not reached; it must have one. Throws Error as open_subject()
// does, and kNotFound for a file, which holds one snapshot alone.
[[nodiscard]] Subject open_previous(const Subject& subject);

}  // namespace almanac::inspect
