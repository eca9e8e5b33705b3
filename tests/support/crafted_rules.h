// Caller rules written inside a test, and a snapshot of namespaces without services that has them:
//
//   RuledSnapshot snapshot({"blue", "green"});
//   snapshot.rule("blue", {{"role", {"web-*"}}}, {{"green", schedule}}, RolloutBy::kInstance);
//   const std::vector<std::byte> file = snapshot.assemble();
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "caller_rules.h"
#include "support/crafted_snapshot.h"

namespace almanac::support {

struct CraftedCondition {
  std::string property;
  std::vector<std::string> patterns;
};

struct CraftedRollout {
  std::string to;
  internal::Schedule schedule;
};

class RuledSnapshot {
 public:
  // In byte order.
  explicit RuledSnapshot(const std::vector<std::string>& namespaces);

  RuledSnapshot& rule(const std::string& name_space, const std::vector<CraftedCondition>& conditions,
                      const std::vector<CraftedRollout>& rollouts = {}, internal::RolloutBy by = internal::RolloutBy::kInstance);

  // To break a rule of the format.
  [[nodiscard]] CraftedManifest& manifest() noexcept { return snapshot_.manifest; }
  [[nodiscard]] std::vector<std::byte> assemble() const { return snapshot_.assemble(); }

 private:
  [[nodiscard]] std::uint32_t number_of(const std::string& name_space) const;

  std::vector<std::string> namespaces_;
  CraftedSnapshot snapshot_;
};

}  // namespace almanac::support
