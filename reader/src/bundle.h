// A bundle: what was live, in one file that needs no store. An announcement with all of its snapshot behind it.
#pragma once

#include <almanac/store.h>

#include <optional>

#include "byte_source.h"

namespace almanac::internal {

// The bytes of a bundle, for open_object(); nothing when the file is no announcement, but perhaps a snapshot. Throws Error as
// ByteSource::read() and parse_announcement() do, and kTruncated when the snapshot is not all there.
[[nodiscard]] std::optional<Object> read_bundle(const ByteSource& file);

}  // namespace almanac::internal
