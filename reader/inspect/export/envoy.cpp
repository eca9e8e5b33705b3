// Envoy's endpoint discovery from a file: a DiscoveryResponse with a ClusterLoadAssignment for each service that says a host and port.
// https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/endpoint/v3/endpoint.proto
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "digest.h"
#include "inspect/export/claimed_names.h"
#include "inspect/export/formats.h"
#include "inspect/export/json_rows.h"
#include "inspect/export/left_out.h"
#include "inspect/export/server_address.h"
#include "inspect/json_text.h"

namespace almanac::inspect {
namespace {

constexpr std::string_view kType = "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment";

struct Assignment {
  bool is_cluster = false;  // an endpoint says host and port, whether or not Envoy takes it
  // By zone: Envoy refuses a locality that is there twice.
  std::map<std::string_view, std::vector<ServerAddress>> localities;
};

Assignment assign(const ListedService& service, Losses& losses) {
  Assignment assignment;
  for (const Endpoint& endpoint : service.service.endpoints()) {
    const auto address = server_address_of(endpoint, Port::kNeeded);
    assignment.is_cluster = assignment.is_cluster || address;
    if (!address) {
      tell_of_endpoint(service, "without host and port", "left out", losses);
    } else if (address->kind == HostKind::kName) {
      // One of these, and Envoy refuses the file.
      tell_of_endpoint(service, "with the name of a host, where Envoy takes an IP address", "left out", losses);
    } else if (address->weight == 0) {
      // The least that Envoy takes is 1.
      tell_of_endpoint(service, "of weight 0", "left out", losses);
    } else {
      tell_unsaid_rest(service, endpoint, losses);
      tell_unsaid_parts(service, endpoint, {.weight = true, .zone = true}, losses);
      assignment.localities[endpoint.zone()].push_back(*address);
    }
  }
  return assignment;
}

void append_locality(JsonText& json, std::string_view zone, const std::vector<ServerAddress>& hosts) {
  json.begin_object();
  if (!zone.empty()) json.key("locality").begin_object().key("zone").string(zone).end_object();
  json.key("lb_endpoints").begin_array();
  for (const ServerAddress& host : hosts) {
    json.begin_object().key("endpoint").begin_object().key("address").begin_object().key("socket_address").begin_object();
    json.key("address").string(host.host).key("port_value").number(*host.port);
    json.end_object().end_object().end_object();
    json.key("load_balancing_weight").number(host.weight).end_object();
  }
  json.end_array().end_object();
}

}  // namespace

void write_envoy(const ExportInput& input, std::string& text, Losses& losses) {
  std::string resources;
  JsonText json(resources);
  JsonRows rows(resources);
  ClaimedNames names("envoy");
  for (const ListedService& service : input.listed.services) {
    const Assignment assignment = assign(service, losses);
    if (!assignment.is_cluster) {
      if (service.service.endpoints().empty()) tell_no_endpoint(service, losses);
      continue;
    }
    tell_unsaid_fields(service, {}, losses);
    const std::string name = input.name_of(service);
    names.claim(name, service);
    rows.next();
    json.begin_object().key("@type").string(kType).key("cluster_name").string(name);
    // Without any host too: Envoy goes on with the hosts that it had of a cluster that is not there.
    json.key("endpoints").begin_array();
    for (const auto& [zone, hosts] : assignment.localities) append_locality(json, zone, hosts);
    json.end_array().end_object();
  }
  rows.end();
  // The same resources are the same version, whatever else the snapshot has.
  const std::string version = internal::to_hex(internal::digest_of(std::as_bytes(std::span(resources))));
  JsonText response(text);
  response.begin_object().key("version_info").string(version).key("resources").begin_array();
  text += resources;
  response.end_array().end_object().end_line();
}

}  // namespace almanac::inspect
