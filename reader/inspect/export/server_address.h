// The endpoints of a service as servers that can be connected to: what nginx, HAProxy and DNS can say of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inspect/export/exporter.h"

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
  [[nodiscard]] bool is_encrypted() const noexcept;  // https or wss
};

enum class Port { kNeeded, kNotNeeded };

// Of the endpoints that have such a host, and a port where one is needed, in their order. All else that they have is a loss: endpoints
// that are left out, paths, versions, zones and so on. So are the service's own fields, and a service of which nothing is left.
[[nodiscard]] std::vector<ServerAddress> addresses_of(const ListedService& service, Port port, Losses& losses);

// Description, tags, attributes and perhaps value of a service, where a format says none of these.
enum class ValueIs { kSaid, kLeftOut };
void tell_unsaid_fields(const ListedService& service, ValueIs value, Losses& losses);

}  // namespace almanac::inspect
