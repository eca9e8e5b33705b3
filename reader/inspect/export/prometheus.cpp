// Prometheus' targets from a file: a group for each endpoint that says a host and port.
// https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
#include <utility>

#include "inspect/export/formats.h"
#include "inspect/export/json_rows.h"
#include "inspect/export/left_out.h"
#include "inspect/export/server_address.h"
#include "inspect/json_text.h"
#include "store/ascii.h"

namespace almanac::inspect {
namespace {

// Labels that begin with __meta_ are for relabelling, and gone after it: attributes become no label of every series by themselves.
constexpr std::string_view kMeta = "__meta_almanac_";

// ^[a-zA-Z_][a-zA-Z0-9_]*$ behind a prefix.
std::string label_name(std::string_view prefix, std::string_view key) {
  std::string name(prefix);
  for (const char c : key) {
    name += internal::is_ascii_alphanumeric(c) ? c : '_';
  }
  return name;
}

// ",a,b,": as Consul's discovery has them, so that a regular expression finds ",a,".
std::string tags_of(const Service& service, const Endpoint& endpoint) {
  std::string joined;
  for (const Tags& tags : {service.tags(), endpoint.tags()}) {
    for (const std::string_view tag : tags) joined.append(joined.empty() ? "," : "").append(tag).append(",");
  }
  return joined;
}

PlacedAttributes labels_of(const ListedService& service, const Endpoint& endpoint, std::string_view scheme, Losses& losses) {
  PlacedAttributes labels(service, losses);
  labels.put("job", service.service.name());
  labels.put("namespace", service.namespace_name);
  if (!endpoint.version().empty()) labels.put("version", endpoint.version());
  if (!endpoint.zone().empty()) labels.put("zone", endpoint.zone());
  if (!scheme.empty()) labels.put("__scheme__", scheme);
  labels.put(label_name(kMeta, "uri"), endpoint.uri());
  labels.put(label_name(kMeta, "weight"), std::to_string(endpoint.weight()));
  if (const std::string tags = tags_of(service.service, endpoint); !tags.empty()) labels.put(label_name(kMeta, "tags"), tags);
  const std::string prefix = label_name(kMeta, "attribute_");
  for (const Attributes& attributes : {endpoint.attributes(), service.service.attributes()}) {
    for (const Attribute& attribute : attributes) labels.put_attribute(label_name(prefix, attribute.key), attribute);
  }
  return labels;
}

}  // namespace

void write_prometheus(const ExportInput& input, std::string& text, Losses& losses) {
  JsonText json(text);
  json.begin_array();
  JsonRows rows(text);
  for (const ListedService& service : input.listed.services) {
    if (service.service.endpoints().empty()) {
      tell_no_endpoint(service, losses);
      continue;
    }
    tell_unsaid_fields(service, {.tags = true, .attributes = true}, losses);
    for (const Endpoint& endpoint : service.service.endpoints()) {
      const auto address = server_address_of(endpoint, Port::kNeeded);
      if (!address) {
        tell_of_endpoint(service, "without host and port", "left out", losses);
        continue;
      }
      const PlacedAttributes labels = labels_of(service, endpoint, address->http_scheme(), losses);
      rows.next();
      json.begin_object().key("targets").begin_array().string(address->host_and_port()).end_array().key("labels").begin_object();
      for (const auto& [name, value] : labels.texts()) json.member(name).string(value);
      json.end_object().end_object();
    }
  }
  rows.end();
  json.end_array().end_line();
}

}  // namespace almanac::inspect
