// Lines of a hosts file: an address, and a name that is made of a service's as in DNS (host_name.h).
//
//   10.0.0.1	users
//
// hosts(5)
#include <algorithm>
#include <set>

#include "inspect/export/claimed_names.h"
#include "inspect/export/formats.h"
#include "inspect/export/host_name.h"
#include "inspect/export/server_address.h"

namespace almanac::inspect {
namespace {

void tell_lost_numbers(const ListedService& service, const std::vector<ServerAddress>& addresses, Losses& losses) {
  const std::string name = full_name(service);
  for (const ServerAddress& address : addresses) {
    if (address.port) losses.add("endpoint", "with a port", "that is left out", name);
  }
  const auto differs = [&](const ServerAddress& address) { return address.weight != addresses.front().weight; };
  if (std::ranges::any_of(addresses, differs)) {
    losses.add("service", "with endpoints of different weights", "all count the same", name);
  }
}

}  // namespace

void write_hosts(const ExportInput& input, std::string& text, Losses& losses) {
  ClaimedNames names("hosts");
  text += "# Made by inspect-snapshot: change the registry, not this file.\n";
  for (const ListedService& service : input.listed.services) {
    std::vector<ServerAddress> addresses = addresses_of(service, Port::kNotNeeded, losses);
    leave_out_weightless(service, false, addresses, losses);
    if (addresses.empty()) continue;
    const std::optional<std::string> name = dns_name(input.name_of(service));
    if (!name) {
      losses.add("service", "with a name that is none in DNS", "left out", full_name(service));
      continue;
    }
    names.claim(*name, service);
    tell_unsaid_fields(service, {}, losses);
    tell_lost_numbers(service, addresses, losses);
    std::set<std::string_view> written;
    for (const ServerAddress& address : addresses) {
      if (address.kind == HostKind::kName) {
        losses.add("endpoint", "with a name where an address is wanted", "left out", full_name(service));
      } else if (written.insert(address.host).second) {
        text.append(address.host).append("\t").append(*name).append("\n");
      }
    }
  }
}

}  // namespace almanac::inspect
