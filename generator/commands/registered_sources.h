// From documents and what a store has registered to the bytes of a snapshot: what publish --with-registrations, sync and watch share.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commands/compile_sources.h"
#include "commands/going_live.h"
#include "registrations/registered.h"
#include "source/document_text.h"

namespace almanac::commands {

inline constexpr const char* kSkipDamagedHelp = "Leave out registrations that cannot be read; else they are refused by name";

struct RegisteredSources {
  std::span<const source::DocumentText> documents;
  std::string registry;  // these two as in source::LoadOptions
  std::string revision;
  bool skip_damaged = false;
  bool dry_run = false;                                       // so that nothing may be written to learn the store's time
  std::function<void(registrations::Reading&)> judge_lapses;  // may keep what has lapsed
};

struct CompiledRegistry {
  std::vector<std::byte> snapshot;
  registrations::Reading reading;
  std::chrono::system_clock::time_point now;  // by which leases were judged
};

// What is noteworthy is said on `run`. Nothing: it is refused, which was told. Throws as read_registrations() and compile_snapshot() do.
[[nodiscard]] std::optional<CompiledRegistry> compile_registered(GoingLive& run, const RegisteredSources& sources,
                                                                 const SourceOptions& options);

// Each time that somebody else has published in between, `attempt` is made again from the beginning, so that no older reading of what is
// registered comes over a newer one; up to `most` times.
[[nodiscard]] int with_fresh_readings(GoingLive& run, int most, const std::function<int()>& attempt);

// As many as anybody who means to get through should need.
inline constexpr int kMostReadings = 10;

}  // namespace almanac::commands
