// What is registered in a store, made live there together with the documents that are: once, as sync and watch do.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "commands/compile_sources.h"
#include "commands/going_live.h"
#include "commands/registered_sources.h"
#include "publish/guard.h"
#include "registrations/registered.h"

namespace CLI {
class App;
}

namespace almanac::commands {

struct SyncOptions {
  SourceOptions compiling;
  GoingLiveOptions going_live;
  publish::GuardLimits limits;
  double max_lapsed = 50;  // percent of the services that are registered
  bool without_documents = false;
  bool skip_damaged = false;
};

// STORE, and what sync and watch have in common besides.
void add_sync_options(CLI::App& command, SyncOptions& options);

class Syncing {
 public:
  // `run` and `options` outlive it. Throws as expect_there().
  Syncing(GoingLive& run, const SyncOptions& options);

  // To be called within run.carry_out(); gives the exit status. What is settled before anything is read is what the result replaces: see
  // with_fresh_readings().
  [[nodiscard]] int once();

  // From then on something may be different without anybody having written anything: a lease runs out. Of the last once().
  [[nodiscard]] const std::optional<std::chrono::steady_clock::time_point>& next_lapse() const noexcept { return next_lapse_; }

 private:
  [[nodiscard]] int attempt();
  // Throws Error where the store holds less than was seen there: it is wiped, or another one is in its place.
  void expect_same_store(const publish::Base& base);
  // The documents of what is live, as they are kept; nothing: there are none to go on from, which was told.
  [[nodiscard]] std::optional<std::vector<std::byte>> documents_of(const publish::Base& base);
  // Keeps what has lapsed and is live where that is too much, with a warning.
  void judge_lapses(registrations::Reading& reading, const publish::Base& base);

  GoingLive& run_;
  const SyncOptions& options_;
  std::optional<std::chrono::steady_clock::time_point> next_lapse_;
  std::uint64_t highest_ = 0;  // generation that was seen
};

}  // namespace almanac::commands
