// Names of hosts, and what becomes of the name of a service in DNS.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace almanac::inspect {

inline constexpr std::size_t kMaxLabel = 63;  // RFC 1035, section 2.3.4

// Whether a resolver may be asked for it: labels of 1 to 63 letters, digits, underscores and inner hyphens, 253 bytes in all, and the last one
// is no number, which would make it an address. A dot at the end is fine.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;

// "payments/api" is api.payments: what is more general stands behind. In lower case; nothing where a part is no label of RFC 1123,
// section 2.1 (1 to 63 letters, digits and inner hyphens), or the whole has more than 120 bytes, which leaves no room for a zone's own name.
[[nodiscard]] std::optional<std::string> dns_name(std::string_view name);

}  // namespace almanac::inspect
