#include "inspect/export/server_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "inspect/export/host_name.h"

namespace almanac::inspect {
namespace {

constexpr std::string_view kLeftOut = "left out";

std::optional<HostKind> host_kind(std::string_view host) {
  const std::string text(host);
  std::array<unsigned char, sizeof(in6_addr)> address{};
  if (::inet_pton(AF_INET, text.c_str(), address.data()) == 1) return HostKind::kIpv4;
  if (::inet_pton(AF_INET6, text.c_str(), address.data()) == 1) return HostKind::kIpv6;
  if (is_host_name(host)) return HostKind::kName;
  return std::nullopt;
}

// What stands behind the scheme and its slashes: "user@host:80/path?query".
std::string_view behind_scheme(const Endpoint& endpoint) {
  std::string_view rest = endpoint.uri().substr(endpoint.scheme().size());
  rest.remove_prefix(std::min<std::size_t>(rest.size(), 3));
  return rest;
}

void tell_unsaid_parts(const Endpoint& endpoint, const std::string& name, Losses& losses) {
  const std::string_view rest = behind_scheme(endpoint);
  const std::size_t path = std::min(rest.find_first_of("/?#"), rest.size());
  if (path + 1 < rest.size()) losses.add("endpoint", "with a path or query", "that is left out", name);
  // Which may be a password: it is not shown.
  if (rest.substr(0, path).find('@') != std::string_view::npos)
    losses.add("endpoint", "with a user before the host", "that is left out", name);
  if (!endpoint.version().empty()) losses.add("endpoint", "with a version", "that is left out", name);
  if (!endpoint.zone().empty()) losses.add("endpoint", "with a zone", "that is left out", name);
  if (!endpoint.tags().empty()) losses.add("endpoint", "with tags", "these are left out", name);
  if (!endpoint.attributes().empty()) losses.add("endpoint", "with attributes", "these are left out", name);
}

}  // namespace

std::string ServerAddress::host_and_port() const {
  std::string text = kind == HostKind::kIpv6 ? "[" + std::string(host) + "]" : std::string(host);
  return text + ":" + std::to_string(port.value());
}

bool ServerAddress::is_encrypted() const noexcept {
  const auto is = [this](std::string_view lower) {
    return std::ranges::equal(scheme, lower, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  };
  return is("https") || is("wss");
}

std::vector<ServerAddress> addresses_of(const ListedService& service, Port port, Losses& losses) {
  const std::string name = full_name(service);
  std::vector<ServerAddress> addresses;
  std::size_t left_out = 0;
  for (const Endpoint& endpoint : service.service.endpoints()) {
    const std::optional<HostKind> kind = host_kind(endpoint.host());
    const std::optional<std::uint16_t> number = endpoint.port();
    if (!kind || (port == Port::kNeeded && number.value_or(0) == 0)) {
      ++left_out;
      continue;
    }
    addresses.push_back({*kind, endpoint.host(), number, endpoint.weight(), endpoint.scheme()});
    tell_unsaid_parts(endpoint, name, losses);
  }
  const std::string_view wanted = port == Port::kNeeded ? "host and port" : "a host";
  if (addresses.empty()) {
    losses.add("service", "without an endpoint that has " + std::string(wanted), kLeftOut, name);
    return addresses;
  }
  for (std::size_t i = 0; i < left_out; ++i) losses.add("endpoint", "without " + std::string(wanted), kLeftOut, name);
  return addresses;
}

void tell_unsaid_fields(const ListedService& service, ValueIs value, Losses& losses) {
  const std::string name = full_name(service);
  if (!service.service.description().empty()) losses.add("service", "with a description", "that is left out", name);
  if (value == ValueIs::kLeftOut && service.service.value()) losses.add("service", "with a value", "that is left out", name);
  if (!service.service.tags().empty()) losses.add("service", "with tags", "these are left out", name);
  if (!service.service.attributes().empty()) losses.add("service", "with attributes", "these are left out", name);
}

}  // namespace almanac::inspect
