// Prometheus' targets from a file: a group for each endpoint that says a host and port.
// https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
#include <utility>

#include "export/formats.h"
#include "export/json_rows.h"
#include "export/left_out.h"
#include "export/socket_address.h"
#include "json_text.h"

namespace almanac::inspect {
namespace {

// Labels that begin with __meta_ are for relabelling, and gone after it: attributes become no label of every series by themselves.
constexpr std::string_view kMeta = "__meta_almanac_";

// ^[a-zA-Z_][a-zA-Z0-9_]*$ behind a prefix.
std::string label_name(std::string_view prefix, std::string_view key) {
  std::string name(prefix);
  for (const char c : key) {
    const bool is_allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    name += is_allowed ? c : '_';
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

PlacedAttributes labels_of(const ListedService& service, const Endpoint& endpoint, Losses& losses) {
  PlacedAttributes labels(service, losses);
  labels.put("job", service.service.name());
  labels.put("namespace", service.namespace_name);
  if (!endpoint.version().empty()) labels.put("version", endpoint.version());
  if (!endpoint.zone().empty()) labels.put("zone", endpoint.zone());
  if (const std::string_view scheme = http_scheme_of(endpoint); !scheme.empty()) labels.put("__scheme__", scheme);
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
    tell_left_out(service, {.tags = true, .attributes = true, .version = true, .weight = true, .zone = true}, losses);
    if (service.service.endpoints().empty()) tell_no_endpoint(service, losses);
    for (const Endpoint& endpoint : service.service.endpoints()) {
      const auto address = socket_address_of(endpoint);
      if (!address) {
        tell_of_endpoint(service, "without host and port", "left out", losses);
        continue;
      }
      rows.next();
      json.begin_object().key("targets").begin_array().string(address->text()).end_array().key("labels").begin_object();
      for (const auto& [name, value] : labels_of(service, endpoint, losses).texts()) json.member(name).string(value);
      json.end_object().end_object();
    }
  }
  rows.end();
  json.end_array().end_line();
}

}  // namespace almanac::inspect
