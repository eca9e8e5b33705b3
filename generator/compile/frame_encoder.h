// Namespaces to the bytes of one frame, inflated: the columns, the text and the perfect hashes.
// schema/FORMAT.md, "Frame", is normative.
#pragma once

#include <flatbuffers/flatbuffers.h>

#include <span>

#include "model/registry.h"

namespace almanac::compile {

// The same namespaces give the same bytes. Throws CompileError for what does not fit into a frame.
[[nodiscard]] flatbuffers::DetachedBuffer encode_frame(std::span<const model::Namespace> namespaces);

}  // namespace almanac::compile
