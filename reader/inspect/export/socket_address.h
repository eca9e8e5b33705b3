// Where a connection to an endpoint goes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <almanac/endpoint.h>

namespace almanac::inspect {

// Borrows from the endpoint.
struct SocketAddress {
  std::string_view host;  // a name or an address, without the brackets of IPv6
  std::uint16_t port = 0;

  [[nodiscard]] bool has_ip() const;         // rather than a name
  [[nodiscard]] std::string text() const;  // "10.0.0.1:80", "[2001:db8::1]:80"
};

// Nothing when the uri does not say both, nor its scheme the port.
[[nodiscard]] std::optional<SocketAddress> socket_address_of(const Endpoint& endpoint);

// "http" or "https", in lower case; empty: another scheme.
[[nodiscard]] std::string_view http_scheme_of(const Endpoint& endpoint);

}  // namespace almanac::inspect
