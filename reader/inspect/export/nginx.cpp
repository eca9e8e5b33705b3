// For the http block of nginx: an upstream for each service, and two maps from a service's name: to its upstream, and to http or https.
//
//   upstream almanac-users {
//     server 10.0.0.1:80 weight=3;
//   }
//   map $almanac_service $almanac_upstream {
//     "users" almanac-users;
//   }
//
// https://nginx.org/en/docs/http/ngx_http_upstream_module.html and ngx_http_map_module.html
#include <algorithm>

#include "inspect/export/claimed_names.h"
#include "inspect/export/formats.h"
#include "inspect/export/identifier.h"
#include "inspect/export/server_address.h"
#include "store/ascii.h"

namespace almanac::inspect {
namespace {

// nginx compares names of upstreams, and the strings of a map, without regard to ASCII case.
using internal::lower_case;

constexpr std::string_view kMapParameters[] = {"default", "hostnames", "include", "volatile"};

// A string of a map. A backslash before it says that it is one: no parameter, no pattern ("~…").
void append_map_string(std::string& text, std::string_view name) {
  const bool is_parameter = std::ranges::find(kMapParameters, lower_case(name)) != std::end(kMapParameters);
  text += internal::is_ascii_alphanumeric(name.front()) && !is_parameter ? "\"" : "\"\\\\";
  for (const char c : name) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
}

void append_upstream(std::string& text, const std::string& identifier, const std::vector<ServerAddress>& addresses) {
  text.append("upstream ").append(identifier).append(" {\n");
  for (const ServerAddress& address : addresses) {
    text.append("  server ").append(address.host_and_port());
    if (address.weight == 0) {
      text += " down";
    } else if (address.weight != 1) {
      text.append(" weight=").append(std::to_string(address.weight));
    }
    text += ";\n";
  }
  text += "}\n\n";
}

bool is_web(const ServerAddress& address) {
  const std::string scheme = lower_case(address.scheme);
  return scheme == "http" || scheme == "ws" || address.is_encrypted();
}

void tell_lost_schemes(const ListedService& service, const std::vector<ServerAddress>& addresses, Losses& losses) {
  const auto encrypted = std::ranges::count_if(addresses, &ServerAddress::is_encrypted);
  if (encrypted != 0 && static_cast<std::size_t>(encrypted) != addresses.size()) {
    losses.add("service", "with some endpoints over https and some not", "that of the first one counts for all", full_name(service));
  }
  for (const ServerAddress& address : addresses) {
    if (!is_web(address)) losses.add("endpoint", "of another scheme than http or https", "the map says http", full_name(service));
  }
}

// "unix:80" is a socket of that path, in whatever case.
void leave_out_sockets(const ListedService& service, std::vector<ServerAddress>& addresses, Losses& losses) {
  const auto left_out = std::erase_if(addresses, [](const ServerAddress& address) { return lower_case(address.host) == "unix"; });
  for (std::size_t i = 0; i < left_out; ++i) {
    tell_of_endpoint(service, "with a host that is named unix, which nginx takes for a socket", "left out", losses);
  }
  if (left_out != 0 && addresses.empty()) losses.add("service", "without an endpoint that nginx can reach", "left out", full_name(service));
}

}  // namespace

void write_nginx(const ExportInput& input, std::string& text, Losses& losses) {
  ClaimedNames names("nginx");
  std::string upstream_map = "map $almanac_service $almanac_upstream {\n";
  std::string scheme_map = "map $almanac_service $almanac_scheme {\n  default http;\n";
  text += "# Made by inspect-snapshot: change the registry, not this file.\n\n";
  for (const ListedService& service : input.listed.services) {
    std::vector<ServerAddress> addresses = addresses_of(service, Port::kNeeded, losses);
    leave_out_sockets(service, addresses, losses);
    if (addresses.empty()) continue;
    tell_unsaid_fields(service, {}, losses);
    tell_lost_schemes(service, addresses, losses);
    const std::string name = input.name_of(service);
    const std::string identifier = lower_case(identifier_of(name));
    names.claim(lower_case(name), service);
    append_upstream(text, identifier, addresses);
    upstream_map += "  ";
    append_map_string(upstream_map, name);
    upstream_map.append(" ").append(identifier).append(";\n");
    if (!addresses.front().is_encrypted()) continue;
    scheme_map += "  ";
    append_map_string(scheme_map, name);
    scheme_map += " https;\n";
  }
  text.append(upstream_map).append("}\n\n").append(scheme_map).append("}\n");
}

}  // namespace almanac::inspect
