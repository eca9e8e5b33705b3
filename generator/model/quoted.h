// Text of unknown origin made fit for a message.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace almanac::model {

// `text` in double quotes, with whatever a terminal would obey or hide written out; what is longer
// than `most` bytes is cut and ends in "...".
[[nodiscard]] std::string quoted(std::string_view text, std::size_t most = 100);

}  // namespace almanac::model
