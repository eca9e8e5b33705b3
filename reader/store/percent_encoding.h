// Percent encoding, RFC 3986, section 2.1, in the one form that Signature Version 4 accepts: every byte but
// letters, digits and "-._~" becomes "%" and two upper-case hexadecimal digits.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace almanac::internal {

// Bytes of `keep` stay as they are: "/" for the path of a key.
[[nodiscard]] std::string percent_encode(std::string_view text, std::string_view keep = {});

// Nothing when a "%" is not followed by two hexadecimal digits. "+" stays a "+".
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

}  // namespace almanac::internal
