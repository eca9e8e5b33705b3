// What the user wants inspected: a snapshot file, or what is or was live in a store.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <almanac/snapshot.h>

namespace almanac::inspect {

struct Publication {
  std::uint64_t generation = 0;
  std::uint64_t rollback_of = 0;                    // the generation that this one brings back; 0: none
  std::chrono::system_clock::time_point published;  // by the publisher's clock
  std::optional<std::string> pinned;                // why, when nothing may be published over it
};

struct Subject {
  std::string name;  // as the user wrote it
  Snapshot snapshot;
  std::optional<Publication> publication;  // of a store
};

// `what` is a snapshot file, a directory that holds "current", the address of a store, or one of the
// last two with "@GENERATION" behind it. Nothing is cached. Throws Error as Snapshot::open() and
// open_store() do; kNotFound for a directory without "current".
[[nodiscard]] Subject open_subject(const std::string& what);

}  // namespace almanac::inspect
