// Registry documents in YAML: any number of documents a file, within the limits of yaml_tree.h.
#pragma once

#include "source/byte_source.h"
#include "source/interpreter.h"

namespace almanac::source {

// Everything wrong with the text is reported to `interpreter`, syntax at most once. Throws
// SourceError as `bytes` does.
void read_yaml(ByteSource& bytes, Interpreter& interpreter);

}  // namespace almanac::source
