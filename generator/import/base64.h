// RFC 4648, section 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace almanac::importing {

// Nothing when `text` is no base64: a foreign character, a wrong length, padding that is missing or not at the end, or bits that say
// nothing and are not 0.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace almanac::importing
