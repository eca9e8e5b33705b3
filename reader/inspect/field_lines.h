// Lines of "label  text" that line up, for people.
#pragma once

#include <string>
#include <string_view>

namespace almanac::inspect {

// `label`, blanks up to the column where texts begin, and `text`, which is visible already (terminal_text.h). A long label pushes
// its text to the right.
void append_field(std::string& out, std::string_view label, std::string_view text);

}  // namespace almanac::inspect
