// All that is registered in a store.
//
//   const Reading reading = read_registrations(store, {}, progress);
//   for (const Registered& each : reading.registered) if (!each.lapsed) use(each.registration.record);
//
// What cannot be read as a registration stands beside the rest, for the caller to judge; a store that does not answer is an Error,
// so that nothing looks as if it were gone. What is removed while all is read may or may not be in it.
#pragma once

#include <almanac/error.h>
#include <almanac/store.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "progress/progress.h"
#include "registrations/at_once.h"
#include "registrations/registration.h"

namespace almanac::registrations {

struct Registered {
  Registration registration;
  std::string key;
  std::string etag;
  std::chrono::system_clock::time_point modified;  // by the store's clock
  bool lapsed = false;                             // its lease has run out
  bool kept = false;                               // and it counts all the same: see keep_live()
};

struct Unreadable {
  std::string key;
  Error error;
};

struct Reading {
  std::vector<Registered> registered;  // in byte order of the keys, as:
  std::vector<Unreadable> unreadable;
};

// Of all objects together; bytes. More is refused before any of them is read.
inline constexpr std::uint64_t kMaxTotal = std::uint64_t{1} << 30U;

struct ReadOptions {
  unsigned concurrency = kConcurrency;  // requests under way at once
  // What leases are measured by. Of the store's clock where the caller knows it (publish/store_clock.h); else this machine's is taken.
  std::optional<std::chrono::system_clock::time_point> now;
};

// A lease has run out when modified + lease <= now.
[[nodiscard]] bool has_lapsed(const Registration& registration, std::chrono::system_clock::time_point modified,
                              std::chrono::system_clock::time_point now) noexcept;

// Throws Error as Store does, for what is not damage of a single object, and kLimitExceeded for more than kMaxTotal. `store` is used by several threads at once, its
// StoreOptions::on_progress too; `progress` by one at a time.
[[nodiscard]] Reading read_registrations(Store& store, const ReadOptions& options, progress::Progress& progress);

}  // namespace almanac::registrations
