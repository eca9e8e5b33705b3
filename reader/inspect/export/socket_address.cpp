#include "export/socket_address.h"

#include <arpa/inet.h>
#include <strings.h>

namespace almanac::inspect {

bool SocketAddress::has_ip() const {
  in6_addr address{};
  const std::string text(host);
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1 || ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

std::string SocketAddress::text() const {
  const bool is_ipv6 = host.find(':') != std::string_view::npos;
  return (is_ipv6 ? "[" : "") + std::string(host) + (is_ipv6 ? "]:" : ":") + std::to_string(port);
}

std::optional<SocketAddress> socket_address_of(const Endpoint& endpoint) {
  const std::optional<std::uint16_t> port = endpoint.port();
  if (endpoint.host().empty() || port.value_or(0) == 0) return std::nullopt;
  return SocketAddress{endpoint.host(), *port};
}

std::string_view http_scheme_of(const Endpoint& endpoint) {
  const std::string scheme(endpoint.scheme());
  if (::strcasecmp(scheme.c_str(), "http") == 0) return "http";
  return ::strcasecmp(scheme.c_str(), "https") == 0 ? "https" : "";
}

}  // namespace almanac::inspect
