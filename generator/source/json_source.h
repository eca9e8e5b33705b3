// Registry documents in JSON: one document a file.
#pragma once

#include "source/byte_source.h"
#include "source/interpreter.h"

namespace almanac::source {

// Everything wrong with the text is reported to `interpreter`. Throws SourceError as `bytes` does.
void read_json(ByteSource& bytes, Interpreter& interpreter);

}  // namespace almanac::source
