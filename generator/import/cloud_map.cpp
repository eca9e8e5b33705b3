// AWS Cloud Map: `aws servicediscovery discover-instances`.
// https://docs.aws.amazon.com/cloud-map/latest/api/API_HttpInstanceSummary.html; the meaning of AWS_… attributes stands in
// https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "import/address.h"
#include "import/collector.h"
#include "import/fields.h"
#include "import/formats.h"
#include "import/setting.h"
#include "model/quoted.h"

namespace almanac::importing {
namespace {

// The first that an instance has is its address.
constexpr std::array<std::string_view, 4> kAddresses = {"AWS_INSTANCE_IPV4", "AWS_INSTANCE_IPV6", "AWS_INSTANCE_CNAME",
                                                        "AWS_ALIAS_DNS_NAME"};
constexpr std::string_view kPort = "AWS_INSTANCE_PORT";
constexpr std::string_view kInitialHealth = "AWS_INIT_HEALTH_STATUS";
constexpr std::string_view kZone = "AVAILABILITY_ZONE";  // as Amazon ECS registers it

bool is_instance(const Node& node) {
  return has_text(node, "InstanceId") && has_text(node, "ServiceName") && has_text(node, "NamespaceName");
}

bool fits_cloud_map(const Input& input) {
  return !input.values.empty() && std::ranges::all_of(input.values, [](const Node& value) {
    return has_list(value, "Instances") && std::ranges::all_of(member(value, "Instances")->items, is_instance);
  });
}

// An instance that has no address may be anything with a name; its one uri is then in an attribute of its own.
const Node* only_uri(const Node& attributes) {
  const Node* found = nullptr;
  for (std::size_t i = 1; i < attributes.items.size(); i += 2) {
    if (attributes.items[i].kind != Node::Kind::scalar || !is_endpoint(attributes.items[i].text)) continue;
    if (found != nullptr) return nullptr;
    found = &attributes.items[i];
  }
  return found;
}

class AttributeReader {
 public:
  AttributeReader(Fields& instance, Collector& collector) : instance_(instance), collector_(collector) {}

  // Whether the instance has an endpoint; what keeps it from one has been told.
  bool read(Record& record) {
    const Node* attributes = instance_.find("Attributes");
    instance_.need_one_of({"Attributes"});
    if (attributes == nullptr) return false;
    EndpointRecord endpoint;
    const Node* taken = address(*attributes, endpoint);
    if (taken == nullptr) return false;
    instance_.for_each_pair("Attributes", [&](const Node& key, const Node& value) {
      collector_.offer(record, "attribute:", key.text, value);
      if (&value != taken && &value != port_) attribute(key, value, endpoint);
    });
    record.endpoints.push_back(std::move(endpoint));
    return true;
  }

 private:
  // The attribute that the uri is made of.
  const Node* address(const Node& attributes, EndpointRecord& endpoint) {
    for (const std::string_view name : kAddresses) {
      const Node* host = member(attributes, name);
      if (host == nullptr || host->text.empty()) continue;
      port_ = member(attributes, kPort);
      endpoint.uri = address_uri("", *host, port_, collector_);
      return host;
    }
    const Node* uri = only_uri(attributes);
    if (uri != nullptr) {
      endpoint.uri = *uri;
    } else {
      collector_.problem(attributes,
                         "the instance has none of AWS_INSTANCE_IPV4, AWS_INSTANCE_IPV6, AWS_INSTANCE_CNAME and AWS_ALIAS_DNS_NAME, "
                         "nor exactly one attribute that is a uri");
    }
    return uri;
  }

  void attribute(const Node& key, const Node& value, EndpointRecord& endpoint) {
    if (key.text == kInitialHealth) return collector_.drop(value, instance_.path_of("Attributes." + std::string(key.text)));
    if (key.text == kZone && value.kind == Node::Kind::scalar && !value.text.empty()) {
      endpoint.zone = value;
    } else {
      add_label(endpoint, key, value);
    }
  }

  Fields& instance_;
  Collector& collector_;
  const Node* port_ = nullptr;  // of the uri
};

void read_instance(const Node& node, const std::string& path, Collector& collector) {
  Fields instance(node, path, collector);
  const Node* service = instance.required("ServiceName");
  const Node* space = instance.required("NamespaceName");
  if (service == nullptr || space == nullptr) return;
  if (const Node* health = instance.scalar("HealthStatus")) {
    if (health->text == "UNHEALTHY") return collector.leave_out(*service, "an instance that is UNHEALTHY");
    if (health->text != "HEALTHY" && health->text != "UNKNOWN") {
      return collector.problem(*health, path + ".HealthStatus must be HEALTHY, UNHEALTHY or UNKNOWN, got " + model::quoted(health->text));
    }
  }
  Record record;
  record.role = Role::instance;
  record.name = *service;
  collector.offer(record, "namespace", *space);
  const bool complete = AttributeReader(instance, collector).read(record);
  instance.rest();
  if (complete) collector.add(record);
}

void read_cloud_map(const Input& input, Collector& collector) {
  for (const Node& value : input.values) {
    Fields page(value, "", collector);
    page.need_one_of({"Instances"});
    page.for_each("Instances", [&](const Node& item, const std::string& path) { read_instance(item, path, collector); });
    page.rest();
  }
}

constexpr std::array kCloudMapNamespaces = {
    NamespaceSource{"namespace", "the namespace of Cloud Map", true},
    NamespaceSource{"attribute:", "the instance's attribute KEY"},
};

}  // namespace

const Importer kCloudMap = {
    .name = "cloud-map",
    .purpose = "aws servicediscovery discover-instances",
    .syntax = Syntax::json,
    .namespaces = kCloudMapNamespaces,
    .fits = fits_cloud_map,
    .read = read_cloud_map,
};

}  // namespace almanac::importing
