// Consul's service definitions: one for each endpoint that says a host.
// https://developer.hashicorp.com/consul/docs/reference/service
#include <algorithm>
#include <map>
#include <utility>

#include "inspect/export/claimed_names.h"
#include "inspect/export/formats.h"
#include "inspect/export/json_rows.h"
#include "inspect/export/left_out.h"
#include "inspect/export/server_address.h"
#include "inspect/json_text.h"
#include "store/ascii.h"

namespace almanac::inspect {
namespace {

// An agent refuses a definition whose meta goes beyond these.
constexpr std::size_t kMostPairs = 64;
constexpr std::size_t kMostKeyBytes = 128;
constexpr std::size_t kMostValueBytes = 512;
constexpr std::string_view kReservedKeys = "consul-";

bool is_meta(const Attribute& attribute) {
  const auto is_allowed = [](char c) { return internal::is_ascii_alphanumeric(c) || c == '-' || c == '_'; };
  return attribute.key.size() <= kMostKeyBytes && attribute.value.size() <= kMostValueBytes && !attribute.key.starts_with(kReservedKeys) &&
         std::ranges::all_of(attribute.key, is_allowed);
}

PlacedAttributes meta_of(const ListedService& service, const Endpoint& endpoint, Losses& losses) {
  PlacedAttributes meta(service, losses);
  if (endpoint.uri().size() <= kMostValueBytes) {
    meta.put("uri", endpoint.uri());
  } else {
    tell_of_endpoint(service, "whose uri is too long for meta", "only host and port are said", losses);
  }
  if (!endpoint.version().empty()) meta.put("version", endpoint.version());
  if (!endpoint.zone().empty()) meta.put("zone", endpoint.zone());
  for (const Attributes& attributes : {endpoint.attributes(), service.service.attributes()}) {
    for (const Attribute& attribute : attributes) {
      if (!is_meta(attribute)) {
        meta.leave_out(attribute, "that Consul takes no meta of");
      } else if (meta.texts().size() == kMostPairs && !meta.texts().contains(std::string(attribute.key))) {
        meta.leave_out(attribute, "beyond the 64 that Consul takes");
      } else {
        meta.put_attribute(std::string(attribute.key), attribute);
      }
    }
  }
  return meta;
}

// Consul knows an instance by it, on this agent: the same address keeps it, whatever else changes.
std::string id_of(const std::string& name, const ServerAddress& address, std::map<std::string, std::size_t>& uses) {
  const std::string id = name + "-" + (address.port ? address.host_and_port() : std::string(address.host));
  const auto [first, is_new] = uses.try_emplace(id, 1);
  std::string unique = id;
  for (bool is_free = is_new; !is_free; is_free = uses.try_emplace(unique, 1).second) unique = id + "-" + std::to_string(++first->second);
  return unique;
}

void append_definition(JsonText& json, const std::string& name, const std::string& id, const ListedService& listed,
                       const Endpoint& endpoint, const ServerAddress& address, Losses& losses) {
  const Service& service = listed.service;
  json.begin_object().key("id").string(id).key("name").string(name).key("tags").begin_array();
  for (const std::string_view tag : service.tags()) json.string(tag);
  for (const std::string_view tag : endpoint.tags()) {
    if (!service.tags().contains(tag)) json.string(tag);
  }
  json.end_array().key("address").string(address.host);
  if (address.port) json.key("port").number(*address.port);
  json.key("meta").begin_object();
  const PlacedAttributes meta = meta_of(listed, endpoint, losses);
  for (const auto& [key, value] : meta.texts()) json.member(key).string(value);
  // An instance whose checks warn has the least weight, as where a definition says none.
  json.end_object().key("weights").begin_object().key("passing").number(address.weight).key("warning").number(1).end_object();
  json.end_object();
}

}  // namespace

void write_consul(const ExportInput& input, std::string& text, Losses& losses) {
  JsonText json(text);
  json.begin_object().key("services").begin_array();
  JsonRows rows(text);
  ClaimedNames names("consul");
  std::map<std::string, std::size_t> ids;
  for (const ListedService& service : input.listed.services) {
    if (service.service.endpoints().empty()) {
      tell_no_endpoint(service, losses);
      continue;
    }
    tell_unsaid_fields(service, {.tags = true, .attributes = true}, losses);
    const std::string name = input.name_of(service);
    names.claim(name, service);
    for (const Endpoint& endpoint : service.service.endpoints()) {
      const auto address = server_address_of(endpoint, Port::kNotNeeded);
      if (!address) {
        tell_of_endpoint(service, "without a host", "left out", losses);
      } else if (address->weight == 0) {
        // The least that Consul takes is 1.
        tell_of_endpoint(service, "of weight 0", "left out", losses);
      } else {
        rows.next();
        append_definition(json, name, id_of(name, *address, ids), service, endpoint, *address, losses);
      }
    }
  }
  rows.end();
  json.end_array().end_object().end_line();
}

}  // namespace almanac::inspect
