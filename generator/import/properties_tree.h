// Java properties files, from text to a tree: one mapping of keys to texts.
//
// The language is that of java.util.Properties.load (Java SE API, "Properties", method load(Reader)): comments after # and !, lines
// continued by a backslash, keys that end at "=", ":" or a blank, the escapes \t \n \r \f \uXXXX, and any other character as itself after a
// backslash. Blanks at the end of a value belong to it.
#pragma once

#include <optional>
#include <string_view>

#include "model/arena.h"
#include "source/node.h"
#include "source/syntax_fault.h"

namespace almanac::importing {

struct Properties {
  source::Node root;
  // Where the text is not UTF-8, so that all of it was read as ISO-8859-1; nothing: it is UTF-8.
  std::optional<source::Node> latin1_since;
};

// Everything in the tree lives in `arena`. Throws SyntaxFault: for an escape \u without four hexadecimal digits, for half of a surrogate
// pair, and for U+0000.
[[nodiscard]] Properties parse_properties(std::string_view text, model::Arena& arena);

}  // namespace almanac::importing
