// The endpoints of a service as servers that can be connected to: what nginx, HAProxy and DNS can say of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/export/exporter.h"
#include "inspect/export/left_out.h"

namespace almanac::inspect {

enum class HostKind { kIpv4, kIpv6, kName };

// Borrows from the snapshot.
struct ServerAddress {
  HostKind kind = HostKind::kName;
  std::string_view host;  // without brackets
  std::optional<std::uint16_t> port;
  std::uint16_t weight = 1;
  std::string_view scheme;

  // "10.0.0.1:80", "[2001:db8::1]:80"; it has a port.
  [[nodiscard]] std::string host_and_port() const;
  [[nodiscard]] bool is_encrypted() const;             // https or wss
  [[nodiscard]] std::string_view http_scheme() const;  // "http" or "https" for these; empty: another one
};

enum class Port { kNeeded, kNotNeeded };

// Nothing when there is no such host, or no port where one is needed. The bucket of an s3:// uri, or a queue, is no host.
[[nodiscard]] std::optional<ServerAddress> server_address_of(const Endpoint& endpoint, Port port);

// Of the endpoints that have such a host, and a port where one is needed, in their order. All else that they have is a loss: endpoints
// that are left out, paths, versions, zones and so on. So are the service's own fields, and a service of which nothing is left.
[[nodiscard]] std::vector<ServerAddress> addresses_of(const ListedService& service, Port port, Losses& losses);

// For a format that sends somebody to each address: those of weight 0 are a loss, and so is a service of which nothing is left, unless it
// has a value that is said.
void leave_out_weightless(const ListedService& service, bool says_value, std::vector<ServerAddress>& addresses, Losses& losses);

// What a uri has besides its scheme, host and port, where a format says no more of it.
void tell_unsaid_rest(const ListedService& service, const Endpoint& endpoint, Losses& losses);

}  // namespace almanac::inspect
