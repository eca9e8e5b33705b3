// Endpoints of Envoy's EDS, version 3: a DiscoveryResponse, or ClusterLoadAssignments by themselves.
// https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/endpoint/v3/endpoint_components.proto
#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "import/address.h"
#include "import/collector.h"
#include "import/fields.h"
#include "import/formats.h"
#include "model/quoted.h"

namespace almanac::importing {
namespace {

constexpr std::string_view kAssignmentType = ".ClusterLoadAssignment";

// The JSON of Protocol Buffers knows each field by two names.
struct FieldName {
  const char* snake;
  const char* camel;
};
constexpr FieldName kClusterName = {"cluster_name", "clusterName"};
constexpr FieldName kLbEndpoints = {"lb_endpoints", "lbEndpoints"};
constexpr FieldName kWeight = {"load_balancing_weight", "loadBalancingWeight"};
constexpr FieldName kHealthStatus = {"health_status", "healthStatus"};
constexpr FieldName kFilterMetadata = {"filter_metadata", "filterMetadata"};
constexpr FieldName kSocketAddress = {"socket_address", "socketAddress"};
constexpr FieldName kPortValue = {"port_value", "portValue"};
constexpr FieldName kVersionInfo = {"version_info", "versionInfo"};
constexpr FieldName kTypeUrl = {"type_url", "typeUrl"};

const Node* either(const Node& node, const FieldName& name) {
  const Node* found = member(node, name.snake);
  return found != nullptr ? found : member(node, name.camel);
}
const Node* either(Fields& fields, const FieldName& name) {
  const Node* found = fields.find(name.snake);
  return found != nullptr ? found : fields.find(name.camel);
}
const Node* scalar_of_either(Fields& fields, const FieldName& name) {
  const Node* found = fields.scalar(name.snake);
  return found != nullptr ? found : fields.scalar(name.camel);
}

bool has_attribute(const EndpointRecord& endpoint, std::string_view key) {
  return std::ranges::any_of(endpoint.attributes, [key](const auto& attribute) { return attribute.first.text == key; });
}

class EnvoyReader {
 public:
  explicit EnvoyReader(Collector& collector) : collector_(collector) {}

  void read(std::span<const Node> values) {
    for (const Node& each : values) value(each);
    // An import of nothing, published, is a registry of nothing.
    if (assignments_ == 0 && others_ > 0) collector_.problem(values.front(), "there is no ClusterLoadAssignment in it");
  }

 private:
  void value(const Node& value) {
    if (value.kind == Node::Kind::list) {
      for (const Node& item : value.items) assignment(item, "[]");
    } else if (has_list(value, "resources")) {
      Fields response(value, "", collector_);
      (void)either(response, kTypeUrl);  // each resource says its own
      response.for_each("resources", [this](const Node& item, const std::string& path) { assignment(item, path); });
      response.rest();
    } else {
      assignment(value, "");
    }
  }

  void assignment(const Node& node, const std::string& path) {
    Fields assignment(node, path, collector_);
    const Node* type = assignment.scalar("@type");
    if (type != nullptr && !type->text.ends_with(kAssignmentType)) {
      collector_.leave_out(node, "a resource of the type " + model::quoted(type->text));
      ++others_;
      return;
    }
    ++assignments_;
    const Node* name = scalar_of_either(assignment, kClusterName);
    if (name == nullptr) {
      collector_.problem(node, "expected a ClusterLoadAssignment with a cluster_name");
      return;
    }
    Record record;
    record.role = Role::instance;
    record.name = *name;
    assignment.for_each("endpoints", [&](const Node& group, const std::string& at) { locality(group, at, record); });
    assignment.rest();
    if (record.endpoints.empty()) {
      collector_.leave_out(node, "a cluster without an endpoint to go to");
    } else {
      collector_.add(record);
    }
  }

  // What all endpoints of a group share.
  void locality(const Node& node, const std::string& path, Record& record) {
    Fields group(node, path, collector_);
    EndpointRecord shared;
    if (const Node* place = group.find("locality")) {
      Fields locality(*place, group.path_of("locality"), collector_);
      if (const Node* zone = locality.scalar("zone"); zone != nullptr && !zone->text.empty()) shared.zone = *zone;
      if (const Node* region = locality.scalar("region"); region != nullptr && !region->text.empty()) {
        shared.attributes.emplace_back(text_at("region", *region), *region);
      }
      locality.rest();
    }
    if (const Node* priority = group.scalar("priority"); priority != nullptr && priority->text != "0") {
      shared.attributes.emplace_back(text_at("priority", *priority), *priority);
    }
    const auto take = [&](const Node& each, const std::string& at) { lb_endpoint(each, at, shared, record); };
    group.for_each(kLbEndpoints.snake, take);
    group.for_each(kLbEndpoints.camel, take);
    group.rest();
  }

  void lb_endpoint(const Node& node, const std::string& path, EndpointRecord endpoint, Record& record) {
    Fields fields(node, path, collector_);
    const Node* status = scalar_of_either(fields, kHealthStatus);
    if (status != nullptr && !is_usable(*status)) return;
    if (status != nullptr && (status->text == "DEGRADED" || status->text == "5")) endpoint.tags.push_back(text_at("degraded", *status));
    if (const Node* weight = scalar_of_either(fields, kWeight)) endpoint.weight = *weight;
    if (const Node* metadata = fields.find("metadata")) labels(*metadata, fields.path_of("metadata"), endpoint);
    if (const Node* inner = fields.find("endpoint")) {
      address(*inner, fields.path_of("endpoint"), endpoint);
    } else {
      collector_.leave_out(node, "an endpoint without an address of its own");
    }
    fields.rest();
    if (endpoint.uri.kind != Node::Kind::null) record.endpoints.push_back(std::move(endpoint));
  }

  // Not known counts as healthy. An enumeration may be written as its number.
  bool is_usable(const Node& status) {
    static constexpr std::array<std::string_view, 6> kUsable = {"UNKNOWN", "0", "HEALTHY", "1", "DEGRADED", "5"};
    static constexpr std::array<std::string_view, 6> kUnusable = {"UNHEALTHY", "2", "DRAINING", "3", "TIMEOUT", "4"};
    if (std::ranges::find(kUsable, status.text) != kUsable.end()) return true;
    if (std::ranges::find(kUnusable, status.text) != kUnusable.end()) {
      collector_.leave_out(status, "an endpoint that is unhealthy, draining or timed out");
    } else {
      collector_.problem(status, "unknown health_status " + model::quoted(status.text));
    }
    return false;
  }

  // Those that Envoy's own load balancers select by.
  void labels(const Node& node, const std::string& path, EndpointRecord& endpoint) {
    Fields metadata(node, path, collector_);
    if (const Node* filters = either(metadata, kFilterMetadata)) {
      Fields all(*filters, metadata.path_of(kFilterMetadata.snake), collector_);
      const EndpointRecord before = endpoint;
      all.for_each_pair("envoy.lb", [&](const Node& key, const Node& value) {
        if (value.kind != Node::Kind::scalar || has_attribute(before, key.text)) {
          collector_.drop(value, all.path_of("envoy.lb"));
        } else {
          add_label(endpoint, key, value);
        }
      });
      all.rest();
    }
    metadata.rest();
  }

  void address(const Node& node, const std::string& path, EndpointRecord& endpoint) {
    Fields inner(node, path, collector_);
    const Node* address = inner.find("address");
    if (address == nullptr || !takes_address(*address, inner.path_of("address"), endpoint)) {
      collector_.leave_out(node, "an endpoint without the address of a socket");
    }
    const Node* host = inner.scalar("hostname");
    if (host != nullptr && !host->text.empty() && !has_attribute(endpoint, "hostname")) {
      endpoint.attributes.emplace_back(text_at("hostname", *host), *host);
    }
    inner.rest();
  }

  // False when it is neither of the two that become a uri.
  bool takes_address(const Node& node, const std::string& path, EndpointRecord& endpoint) {
    Fields address(node, path, collector_);
    const Node* socket = either(address, kSocketAddress);
    const Node* pipe = socket == nullptr ? address.find("pipe") : nullptr;
    if (socket == nullptr && (pipe == nullptr || !has_text(*pipe, "path"))) return false;
    if (socket != nullptr) {
      socket_address(*socket, address.path_of(kSocketAddress.snake), endpoint);
    } else {
      pipe_address(*pipe, address.path_of("pipe"), endpoint);
    }
    address.rest();
    return true;
  }

  void socket_address(const Node& node, const std::string& path, EndpointRecord& endpoint) {
    Fields socket(node, path, collector_);
    const Node* host = socket.required("address");
    const Node* port = scalar_of_either(socket, kPortValue);
    const std::string_view protocol = socket.text("protocol");
    socket.rest();
    if (host == nullptr) return;
    if (port == nullptr) {
      collector_.leave_out(node, "an endpoint without the number of a port");
      return;
    }
    endpoint.uri = address_uri(protocol == "UDP" || protocol == "1" ? "udp" : "", *host, port, collector_);
  }

  void pipe_address(const Node& node, const std::string& path, EndpointRecord& endpoint) {
    Fields pipe(node, path, collector_);
    if (const Node* file = pipe.required("path")) {
      endpoint.uri = text_at(collector_.keep(std::string("unix:").append(file->text)), *file);
    }
    pipe.rest();
  }

  Collector& collector_;
  std::size_t assignments_ = 0;
  std::size_t others_ = 0;  // resources of other types
};

bool is_assignment(const Node& node) {
  const Node* name = either(node, kClusterName);
  if (name == nullptr || name->kind != Node::Kind::scalar) return false;
  const Node* type = member(node, "@type");
  if (type != nullptr) return type->text.ends_with(kAssignmentType);
  // Clusters of others have names and endpoints too.
  return has_list(node, "endpoints") && std::ranges::all_of(member(node, "endpoints")->items, [](const Node& group) {
           const Node* endpoints = either(group, kLbEndpoints);
           return endpoints != nullptr && endpoints->kind == Node::Kind::list;
         });
}

bool is_eds_response(const Node& node) {
  if (!has_list(node, "resources")) return false;
  const auto& resources = member(node, "resources")->items;
  if (!resources.empty()) return std::ranges::all_of(resources, is_assignment);
  const Node* type = either(node, kTypeUrl);
  if (type != nullptr) return type->text.ends_with(kAssignmentType);
  return either(node, kVersionInfo) != nullptr;
}

bool is_eds(const Node& node) {
  if (node.kind == Node::Kind::list) return !node.items.empty() && std::ranges::all_of(node.items, is_assignment);
  return is_assignment(node) || is_eds_response(node);
}

bool fits_envoy(const Input& input) { return !input.values.empty() && std::ranges::all_of(input.values, is_eds); }

void read_envoy(const Input& input, Collector& collector) { EnvoyReader(collector).read(input.values); }

}  // namespace

const Importer kEnvoy = {
    .name = "envoy",
    .purpose = "a response of Envoy's EDS, or its ClusterLoadAssignments",
    .syntax = Syntax::yaml,
    .namespaces = {},
    .fits = fits_envoy,
    .read = read_envoy,
};

}  // namespace almanac::importing
