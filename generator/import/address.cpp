#include "import/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string>

#include "model/field_rules.h"
#include "model/quoted.h"
#include "store/ascii.h"

namespace almanac::importing {
namespace {

bool is_ipv6(const std::string& host) {
  in6_addr address = {};
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

// A name or an IPv4 address: of reg-name only what stands in names of hosts, for the rest would be percent-encoded in a uri.
bool is_host_name(std::string_view host) {
  const auto fits = [](char c) { return internal::is_ascii_alphanumeric(c) || c == '.' || c == '-' || c == '_'; };
  return !host.empty() && std::ranges::all_of(host, fits);
}

bool is_no_port(const Node* port) {
  return port == nullptr || port->kind == Node::Kind::null ||
         (port->kind == Node::Kind::scalar && (port->text.empty() || port->text == "0"));
}

}  // namespace

Node address_uri(std::string_view scheme, const Node& host, const Node* port, Collector& collector) {
  std::string name(host.text);
  const bool brackets = name.starts_with('[') && name.ends_with(']');
  if (brackets) name = name.substr(1, name.size() - 2);
  const bool ipv6 = is_ipv6(name);
  if (host.kind != Node::Kind::scalar || !(ipv6 || (!brackets && is_host_name(name)))) {
    collector.problem(host, "an address must be an IP address or the name of a host, got " + model::quoted(host.text));
    return {};
  }
  if (scheme.empty()) scheme = collector.options().scheme.empty() ? kDefaultScheme : std::string_view(collector.options().scheme);
  std::string uri(scheme);
  uri.append("://").append(ipv6 ? '[' + name + ']' : name);
  if (!is_no_port(port)) {
    // Ports have the range of weights.
    if (port->kind != Node::Kind::scalar || !model::weight_of(port->text)) {
      collector.problem(*port, "a port must be 1 to 65535, got " + model::quoted(port->text));
      return {};
    }
    uri.append(":").append(port->text);
  }
  return text_at(collector.keep(uri), host);
}

}  // namespace almanac::importing
