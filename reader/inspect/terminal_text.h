// Text from a snapshot made safe to show: it comes from others and must not control a terminal.
#pragma once

#include <string>
#include <string_view>

namespace almanac::inspect {

// `text` with what a terminal would obey, or would not show, written out: \n, \t, \x1b for control
// characters and for bytes that are not UTF-8, \u202e for the controls of U+0080 and above, line separators
// and those that turn the direction of writing (Unicode Standard Annex 9, section 2). A backslash stays
// as it is: this is for reading, JSON output is exact.
[[nodiscard]] std::string visible(std::string_view text);

// The same, cut to `most` columns with an ellipsis at the end.
[[nodiscard]] std::string visible(std::string_view text, std::size_t most);

// In double quotes, for messages.
[[nodiscard]] std::string in_quotes(std::string_view text);
[[nodiscard]] std::string in_quotes(std::string_view text, std::size_t most);

// Columns that visible text takes: two for characters of East Asia and pictographs, none for combining marks.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

}  // namespace almanac::inspect
