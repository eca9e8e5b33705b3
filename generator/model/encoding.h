// Whether text is UTF-8 (RFC 3629), and where not.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace almanac::model {

// The offset of the first byte that is part of no well-formed character.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text) noexcept;

}  // namespace almanac::model
