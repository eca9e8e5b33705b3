// Files of environment variables (.env), from text to a tree: one mapping of names to texts.
//
// Nobody has written the language down, and its readers differ. Taken are NAME=value lines, "export" before a name, blanks around
// the "=", comments from a "#" that stands at the start or behind a blank, single quotes that keep what is in them, double quotes with
// \n \r \t \" \\ \$ \` and a backslash before a line break, and quoted texts of several lines. Where they differ most (what follows a closing
// quote, backticks, a name without a value, a "#" inside a bare value, other escapes) the text is refused. Nothing is put in the place of a $.
#pragma once

#include <string_view>
#include <vector>

#include "model/arena.h"
#include "source/node.h"
#include "source/syntax_fault.h"

namespace almanac::importing {

struct Dotenv {
  source::Node root;
  std::vector<source::Node> expandable;  // names whose values hold a $ that some readers would put something in the place of
};

// Everything in the tree lives in `arena`; a line break in a value is LF. Throws SyntaxFault.
[[nodiscard]] Dotenv parse_dotenv(std::string_view text, model::Arena& arena);

}  // namespace almanac::importing
