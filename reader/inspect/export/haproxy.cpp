// For HAProxy: a backend for each service.
//
//   backend almanac-users
//     server 10.0.0.1:80 10.0.0.1:80 weight 3
//
// https://docs.haproxy.org/2.6/configuration.html, sections 4.2 (backend, server) and 5.2 (server options)
#include <algorithm>
#include <map>
#include <numeric>

#include "inspect/export/claimed_names.h"
#include "inspect/export/formats.h"
#include "inspect/export/identifier.h"
#include "inspect/export/server_address.h"

namespace almanac::inspect {
namespace {

constexpr std::uint32_t kMaxServerWeight = 256;

// The same ratios where 0 to 256 can hold them; else the largest is 256, and none that had a share is without one.
std::vector<std::uint32_t> server_weights(const ListedService& service, const std::vector<ServerAddress>& addresses, Losses& losses) {
  std::vector<std::uint32_t> weights;
  for (const ServerAddress& address : addresses) weights.push_back(address.weight);
  const std::uint32_t largest = *std::ranges::max_element(weights);
  if (largest <= kMaxServerWeight) return weights;
  const std::uint32_t divisor = std::accumulate(weights.begin(), weights.end(), 0U, [](auto a, auto b) { return std::gcd(a, b); });
  if (largest / divisor <= kMaxServerWeight) {
    for (std::uint32_t& weight : weights) weight /= divisor;
    return weights;
  }
  for (std::uint32_t& weight : weights) {
    if (weight != 0) weight = std::max(1U, (weight * kMaxServerWeight + largest / 2) / largest);
  }
  losses.add("service", "with weights in ratios that 0 to 256 cannot hold", "rounded, the largest is 256", full_name(service));
  return weights;
}

// Of the address, so that a server keeps its statistics and state whatever comes before it; and a number where two have one address.
std::string server_name(const ServerAddress& address, std::map<std::string, unsigned>& uses) {
  std::string name = std::string(address.host) + ":" + std::to_string(*address.port);
  const unsigned use = ++uses[name];
  return use == 1 ? name : name + "." + std::to_string(use);
}

void append_server(std::string& text, const std::string& name, const ServerAddress& address, std::uint32_t weight) {
  text.append("  server ").append(name).append(" ").append(address.host_and_port());
  if (weight != 1) text.append(" weight ").append(std::to_string(weight));
  if (address.is_encrypted()) {
    text += " ssl verify required ca-file @system-ca";
    // Which the certificate must have, too.
    if (address.kind == HostKind::kName) text.append(" sni str(").append(address.host).append(")");
  }
  text += '\n';
}

}  // namespace

void write_haproxy(const ExportInput& input, std::string& text, Losses& losses) {
  ClaimedNames backends("haproxy");
  text += "# Made by inspect-snapshot: change the registry, not this file.\n";
  for (const ListedService& service : input.listed.services) {
    const std::vector<ServerAddress> addresses = addresses_of(service, Port::kNeeded, losses);
    if (addresses.empty()) continue;
    tell_unsaid_fields(service, {}, losses);
    const std::string identifier = identifier_of(input.name_of(service));
    backends.claim(identifier, service);
    text.append("\nbackend ").append(identifier).append("\n");
    const std::vector<std::uint32_t> weights = server_weights(service, addresses, losses);
    std::map<std::string, unsigned> uses;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      if (addresses[i].is_encrypted() && addresses[i].kind != HostKind::kName) {
        tell_of_endpoint(service, "over https to an address", "a certificate of any name will do", losses);
      }
      append_server(text, server_name(addresses[i], uses), addresses[i], weights[i]);
    }
  }
}

}  // namespace almanac::inspect
