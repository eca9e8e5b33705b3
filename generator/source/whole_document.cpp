#include "source/whole_document.h"

#include <algorithm>
#include <span>

namespace almanac::source {

WholeDocument read_whole(ByteSource& source, std::size_t padding) {
  constexpr std::size_t kFirstSize = 64 * 1024;
  WholeDocument whole;
  while (true) {
    if (whole.end == whole.bytes.size()) whole.bytes.resize(std::max(kFirstSize, whole.bytes.size() * 2));
    const std::size_t count = source.read(std::span(whole.bytes).subspan(whole.end));
    if (count == 0) break;
    whole.end += count;
    if (whole.end > kMaxDocument) throw SyntaxFault{1, 1, "the file is larger than 256 MiB; split it, or write JSON Lines (.jsonl)"};
  }
  whole.bytes.resize(whole.end);
  whole.bytes.append(padding, '\0');
  if (whole.text().starts_with(kByteOrderMark)) whole.start = kByteOrderMark.size();
  return whole;
}

std::optional<WholeDocument> read_document(ByteSource& source, Interpreter& interpreter, std::size_t padding) {
  try {
    return read_whole(source, padding);
  } catch (const SyntaxFault& fault) {
    interpreter.report(fault.line, fault.column, fault.what);
    return std::nullopt;
  }
}

}  // namespace almanac::source
