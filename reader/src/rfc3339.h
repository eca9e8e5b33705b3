// Moments as documents, S3 and AWS's credential endpoints write them: 2026-11-20T10:00:00Z, 2026-11-20T11:00:00.5+01:00.
#pragma once

#include <optional>
#include <string_view>

#include "rollout.h"

namespace almanac::internal {

// RFC 3339 with any offset, from 1970 to 9999; what is finer than milliseconds is cut off, a leap second is the one after it.
// Nothing for anything else.
[[nodiscard]] std::optional<Moment> parse_rfc3339(std::string_view text);

}  // namespace almanac::internal
