// The stages of a schedule as FlatBuffers have them: those of a manifest and of an announcement are the same.
#pragma once

#include <span>
#include <vector>

#include "rollout.h"
#include "rollout_generated.h"

namespace almanac::internal {

// Not checked: see fault_of(). Their number must have been.
[[nodiscard]] inline Schedule read_schedule(std::span<const format::Stage> stages, bool is_ramp) {
  Schedule schedule;
  schedule.is_ramp = is_ramp;
  schedule.stages.reserve(stages.size());
  for (const format::Stage& stage : stages) {
    schedule.stages.push_back({Moment(std::chrono::milliseconds(stage.at_ms())), stage.share()});
  }
  return schedule;
}

[[nodiscard]] inline std::vector<format::Stage> write_schedule(const Schedule& schedule) {
  std::vector<format::Stage> stages;
  stages.reserve(schedule.stages.size());
  for (const Stage& stage : schedule.stages) stages.emplace_back(stage.at.time_since_epoch().count(), stage.share);
  return stages;
}

}  // namespace almanac::internal
