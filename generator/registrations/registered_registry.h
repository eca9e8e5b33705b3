// Documents and what is registered beside them, as one registry.
#pragma once

#include <span>

#include "progress/progress.h"
#include "registrations/registered.h"
#include "source/load.h"

namespace almanac::registrations {

// What has lapsed and is not kept is left out. See source::load_registry() for what comes of the rest, whatever its order here.
[[nodiscard]] source::LoadResult load_registry(std::span<const source::DocumentText> documents, const Reading& reading,
                                               progress::Progress& progress, const source::LoadOptions& options = {});

}  // namespace almanac::registrations
