// One JSON document (RFC 8259), from text to a tree of nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "source/node.h"
#include "source/syntax_fault.h"

namespace almanac::source {

class JsonTree {
 public:
  // Bytes that must be readable behind each text. The first is no comma and no bracket, which simdjson would take for more of the
  // text; what the others hold does not matter.
  static const std::size_t kPadding;

  JsonTree();
  ~JsonTree();
  JsonTree(const JsonTree&) = delete;
  JsonTree& operator=(const JsonTree&) = delete;

  // Parses `text`, which begins in `line`. The tree borrows from `text` and holds until the next
  // call. Throws SyntaxFault: for everything RFC 8259 does not allow, for invalid UTF-8, for U+0000
  // and lone surrogates written as escapes, and for depths above kMaxDepth.
  [[nodiscard]] const Node& parse(std::string_view text, std::uint32_t line = 1);

  // Objects and lists that follow one another, with nothing but blanks between them, as a program prints that fetches
  // page after page. A text without any is a SyntaxFault too.
  [[nodiscard]] std::span<const Node> parse_all(std::string_view text);

 private:
  class Builder;
  std::unique_ptr<Builder> builder_;
};

// RFC 8259, section 6.
[[nodiscard]] bool is_json_number(std::string_view text) noexcept;

}  // namespace almanac::source
