// How a publication comes to instances one after another, as the options of publish ask for it.
#pragma once

#include <optional>
#include <string>

#include "rollout.h"

namespace CLI {
class App;
}

namespace almanac::commands {

struct PhaseOptions {
  std::string over;    // "30m"
  std::string canary;  // "10%:20m"
  bool end_rollout = false;

  // Who has it when, from that moment on; nothing: all at once.
  [[nodiscard]] std::optional<internal::Schedule> schedule(internal::Moment from) const;
};

// --over, --canary and --end-rollout, of which there can be one.
void add_phase_options(CLI::App& command, PhaseOptions& options);

}  // namespace almanac::commands
