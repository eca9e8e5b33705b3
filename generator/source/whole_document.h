// A document that is read into memory in one piece, as YAML and JSON are.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "source/byte_source.h"
#include "source/interpreter.h"
#include "source/syntax_fault.h"

namespace almanac::source {

// The most bytes of a YAML or JSON file. JSON Lines, which is not held in memory, has no such limit.
inline constexpr std::size_t kMaxDocument = std::size_t{256} << 20U;

// U+FEFF at the start of a file, which some editors put there.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

struct WholeDocument {
  std::string bytes;
  std::size_t start = 0;  // behind a byte order mark
  std::size_t end = 0;    // before the padding

  [[nodiscard]] std::string_view text() const noexcept { return std::string_view(bytes).substr(start, end - start); }
};

// Reads to the end and appends `padding` zero bytes. Throws SourceError as `source` does, and SyntaxFault when the document is too
// large.
[[nodiscard]] WholeDocument read_whole(ByteSource& source, std::size_t padding);

// The same for registry documents; nothing when the document is too large, which is reported.
[[nodiscard]] std::optional<WholeDocument> read_document(ByteSource& source, Interpreter& interpreter, std::size_t padding);

}  // namespace almanac::source
