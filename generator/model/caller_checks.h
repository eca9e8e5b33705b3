// What holds between the rules about callers, and between them and the namespaces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "model/problem.h"
#include "model/registry.h"

namespace almanac::model {

// So that comparing rules ends soon, whatever they are.
inline constexpr std::uint64_t kMostCallerSteps = 200'000'000;

// Expects what validate() leaves. Reports namespaces that are not there, rules that have too much together, and rules that are never
// reached: one before them matches every caller that they do, or several do once the patterns of one condition are shared out among
// them. What takes more cunning to find is not looked for.
//
// Comparing rules takes a step for each condition, each pattern that is looked for in one, and each part of two patterns that is
// compared; equal patterns are not compared. With no steps left it goes on without: the answer is then the index of the first rule
// that was not compared with all before it, and so may never be reached though nothing says so.
std::optional<std::size_t> check_callers(const Registry& registry, Problems& problems, std::uint64_t most_steps = kMostCallerSteps);

}  // namespace almanac::model
