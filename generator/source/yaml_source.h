// Registry documents in YAML: any number of documents a file.
//
// Of YAML 1.2 these are refused, each by name: merge keys (<<), tags other than !!str, keys that are
// not scalars, and aliases that make a small file stand for a huge one.
#pragma once

#include "source/byte_source.h"
#include "source/interpreter.h"

namespace almanac::source {

// Values that aliases may add to a file.
inline constexpr std::size_t kMaxAliased = 1'000'000;

// Everything wrong with the text is reported to `interpreter`, syntax at most once. Throws
// SourceError as `bytes` does.
void read_yaml(ByteSource& bytes, Interpreter& interpreter);

}  // namespace almanac::source
