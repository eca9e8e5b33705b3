// Did you mean …? The names that a mistyped one was probably meant to be.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace almanac::inspect {

// At most `most` of the candidates, the nearest first and equally near ones in byte order: those that
// a few typing errors (a byte more, less or different, or two neighbours exchanged) turn into
// `wanted`; one error for each three bytes of it, at least one and at most `most_errors`. Empty when none is near.
// The answer borrows from `candidates`. Time: O(`most_errors` · size of `wanted`) a candidate of similar size.
[[nodiscard]] std::vector<std::string_view> nearest(std::string_view wanted, std::span<const std::string_view> candidates, std::size_t most,
                                                    std::size_t most_errors = 8);

// `no command "publsh"; did you mean "publish"`, when `word` is the first of a command line and none of `commands`; empty when it
// is one of them, or an option.
[[nodiscard]] std::string complaint_about_command(std::string_view word, const std::vector<std::string_view>& commands);

}  // namespace almanac::inspect
