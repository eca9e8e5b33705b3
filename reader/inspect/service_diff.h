// What became different in one service.
#pragma once

#include "diff.h"

namespace almanac::inspect {

// Whether both are the same in everything but the place they come from. Does not allocate.
[[nodiscard]] bool same(const Service& before, const Service& after) noexcept;

// Both of one name. Endpoints are compared as lists: their order counts, for the first is the one that uri() gives.
[[nodiscard]] ServiceChange compare(const Service& before, const Service& after);

}  // namespace almanac::inspect
