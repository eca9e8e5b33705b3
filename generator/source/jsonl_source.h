// Registry documents in JSON Lines: one record a line, files of any size.
#pragma once

#include "source/byte_source.h"
#include "source/interpreter.h"

namespace almanac::source {

// The most bytes of one line.
inline constexpr std::size_t kMaxLine = std::size_t{1} << 30U;

// Reads in blocks and holds no more than one of them, or one line. A line that is no JSON is
// reported, and the next one read. Throws SourceError as `bytes` does.
void read_json_lines(ByteSource& bytes, Interpreter& interpreter);

}  // namespace almanac::source
