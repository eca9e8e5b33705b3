// One rollout of a rule about callers, from nodes to the model.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/caller_rule.h"
#include "model/rollout_kinds.h"
#include "source/field_reader.h"
#include "source/node.h"
#include "source/registry_builder.h"

namespace almanac::source {

class RolloutReader {
 public:
  struct Result {
    model::CallerRollout rollout;
    internal::RolloutBy by = internal::RolloutBy::kInstance;
  };

  // Stores texts with `builder`; reports through `fields`, as about `rule` ("caller rule 3"). All outlive it.
  RolloutReader(RegistryBuilder& builder, FieldReader& fields, std::string_view rule) : builder_(builder), fields_(fields), rule_(rule) {}

  // Nothing when it has no schedule, which is reported.
  [[nodiscard]] std::optional<Result> read(const Node& node);

 private:
  using Schedule = internal::Schedule;
  using Kind = std::optional<Schedule> (RolloutReader::*)(const Node& value);
  static const std::array<Kind, 7> kKinds;

  [[nodiscard]] Subject subject() const noexcept { return {subject_, to_}; }

  std::optional<Schedule> schedule(const Node& rollout, std::span<const Node* const> kinds);
  std::optional<Schedule> percent(const Node& value);
  std::optional<Schedule> at(const Node& value);
  std::optional<Schedule> canary(const Node& value);
  std::optional<Schedule> linear(const Node& value);
  std::optional<Schedule> exponential(const Node& value);
  // Nothing when there is no time for all its steps, which is reported.
  std::optional<Schedule> in_time(Schedule made, const model::Pace& pace, const Node* over);
  std::optional<Schedule> steps(const Node& value);
  std::optional<Schedule> ramp(const Node& value);
  std::optional<Schedule> stages(const Node& list, std::string_view kind, bool is_ramp);
  std::optional<internal::Stage> stage(const Node& node);

  // The fields of a mapping, as FieldReader::collect(); the first `needed` must be there. Whether all is well so far.
  bool collect(const Node& mapping, std::string_view what, std::span<const std::string_view> names, std::size_t needed,
               std::span<const Node*> values);
  std::optional<internal::Moment> moment(const Node* node, std::string_view field);
  std::optional<std::chrono::milliseconds> duration(const Node* node, std::string_view field);
  std::optional<std::uint32_t> share(const Node* node, std::string_view field, std::uint32_t least = 0);
  std::optional<std::uint32_t> up_to(const Node* node);
  std::optional<model::Pace> pace(const Node& kind, std::string_view name, const Node* every, const Node* over);
  internal::RolloutBy by(const Node* node);

  RegistryBuilder& builder_;
  FieldReader& fields_;
  std::string rule_;
  std::string subject_;
  std::optional<std::string_view> to_;  // of the rollout being read
};

}  // namespace almanac::source
