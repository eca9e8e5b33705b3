// Consul: /v1/catalog/service/NAME, /v1/health/service/NAME, service definition files, `consul kv export` and /v1/kv/PREFIX?recurse.
// https://developer.hashicorp.com/consul/api-docs/catalog, …/api-docs/health, …/docs/reference/service, …/commands/kv/export
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "import/address.h"
#include "import/base64.h"
#include "import/collector.h"
#include "import/fields.h"
#include "import/formats.h"
#include "import/setting.h"
#include "model/quoted.h"

namespace almanac::importing {
namespace {

using Kind = Node::Kind;

bool is_catalog_entry(const Node& node) { return has_text(node, "ServiceName") && has_text(node, "Node"); }
bool is_health_entry(const Node& node) {
  return has_mapping(node, "Service") && has_text(*member(node, "Service"), "Service") && has_mapping(node, "Node");
}
bool is_exported_key(const Node& node) {
  return has_text(node, "key") && member(node, "value") != nullptr && member(node, "flags") != nullptr;
}
bool is_key(const Node& node) { return has_text(node, "Key") && member(node, "Value") != nullptr && member(node, "Flags") != nullptr; }
// Definition files are not told from other files that speak of services.
bool fits_consul(const Input& input) {
  return !input.values.empty() && std::ranges::all_of(input.values, [](const Node& value) {
    return value.kind == Kind::list && std::ranges::all_of(value.items, [](const Node& item) {
             return is_catalog_entry(item) || is_health_entry(item) || is_exported_key(item) || is_key(item);
           });
  });
}

// How one of Consul's three shapes of an instance calls its fields.
struct Words {
  std::string_view name, address, port, meta, tags, weights, passing, warning, space, locality, zone;
};
constexpr Words kCatalog = {"ServiceName", "ServiceAddress", "ServicePort", "ServiceMeta",     "ServiceTags", "ServiceWeights",
                            "Passing",     "Warning",        "Namespace",   "ServiceLocality", "Zone"};
constexpr Words kHealth = {"Service", "Address", "Port", "Meta", "Tags", "Weights", "Passing", "Warning", "Namespace", "Locality", "Zone"};
constexpr Words kDefinition = {"name", "address", "port", "meta", "tags", "weights", "passing", "warning", "namespace", "locality", "zone"};

// Of all checks of an instance and its node, as Consul's DNS has it.
enum class Health { unknown, passing, warning, critical };

// One that is not known is a problem, and counts as critical.
Health health_of(const Node& check, const std::string& path, Collector& collector) {
  const Node* status = Fields(check, path, collector).required("Status");
  if (status == nullptr) return Health::critical;
  if (status->text == "passing") return Health::passing;
  if (status->text == "warning") return Health::warning;
  if (status->text != "critical") {
    collector.problem(*status, path + ".Status must be passing, warning or critical, got " + model::quoted(status->text));
  }
  return Health::critical;
}

Health health_of(Fields& entry, Collector& collector) {
  Health worst = Health::passing;
  entry.for_each("Checks", [&](const Node& check, const std::string& path) { worst = std::max(worst, health_of(check, path, collector)); });
  return worst;
}

class ConsulInstance {
 public:
  ConsulInstance(const Words& words, Collector& collector) : words_(words), collector_(collector) { record_.role = Role::instance; }

  void datacenter(Fields& place) {
    const Node* center = place.scalar("Datacenter");
    if (center != nullptr && !collector_.offer(record_, "datacenter", *center)) collector_.drop(*center, place.path_of("Datacenter"));
  }

  // `node_address` counts where the service has none of its own; null: there is none.
  void read(Fields& service, const Node* node_address, Health health) {
    const Node* name = service.required(words_.name);
    if (name == nullptr) return;
    record_.name = *name;
    if (const Node* space = service.scalar(words_.space)) collector_.offer(record_, "namespace", *space);
    EndpointRecord endpoint;
    const Node* address = service.scalar(words_.address);
    if (address == nullptr || address->text.empty()) address = node_address;
    const Node* port = service.scalar(words_.port);
    service.for_each(words_.tags, [&](const Node& tag, const std::string&) { add_tag(endpoint.tags, tag); });
    service.for_each_pair(words_.meta, [&](const Node& key, const Node& value) {
      collector_.offer(record_, "meta:", key.text, value);
      add_label(endpoint, key, value);
    });
    read_weights(service, endpoint, health);
    if (const Node* locality = service.find(words_.locality)) {
      Fields place(*locality, service.path_of(words_.locality), collector_);
      if (const Node* zone = place.scalar(words_.zone); zone != nullptr && !zone->text.empty()) endpoint.zone = *zone;
      place.rest();
    }
    service.rest();
    if (address == nullptr || address->text.empty()) {
      collector_.problem(*name, "the service has no address, and its node's is not in the input");
      return;
    }
    endpoint.uri = address_uri("", *address, port, collector_);
    record_.endpoints.push_back(std::move(endpoint));
    collector_.add(record_);
  }

 private:
  void read_weights(Fields& service, EndpointRecord& endpoint, Health health) {
    const Node* weights = service.find(words_.weights);
    if (weights == nullptr) return;
    Fields both(*weights, service.path_of(words_.weights), collector_);
    const bool warned = health == Health::warning;
    if (const Node* weight = both.scalar(warned ? words_.warning : words_.passing)) endpoint.weight = *weight;
    // Where the health is known, the other one was considered.
    if (health != Health::unknown) (void)both.find(warned ? words_.passing : words_.warning);
    both.rest();
  }

  const Words& words_;
  Collector& collector_;
  Record record_;
};

void read_catalog_entry(const Node& node, Collector& collector) {
  Fields entry(node, "[]", collector);
  const Node* address = entry.scalar("Address");
  ConsulInstance reader(kCatalog, collector);
  reader.datacenter(entry);
  reader.read(entry, address, Health::unknown);
}

void read_health_entry(const Node& node, Collector& collector) {
  Fields entry(node, "[]", collector);
  const Health health = health_of(entry, collector);
  const Node* service = entry.find("Service");
  const Node* host = entry.find("Node");
  if (service == nullptr || host == nullptr) return collector.problem(node, "an entry needs a Node and a Service");
  if (health == Health::critical) return collector.leave_out(*service, "an instance with a critical check");
  if (const Node* checks = member(node, "Checks")) collector.drop(*checks, "[].Checks[]");
  Fields node_fields(*host, "[].Node", collector);
  const Node* address = node_fields.scalar("Address");
  ConsulInstance reader(kHealth, collector);
  reader.datacenter(node_fields);
  node_fields.rest();
  entry.rest();
  Fields service_fields(*service, "[].Service", collector);
  reader.read(service_fields, address, health);
}

void read_key(const Node& node, const std::string_view key_word, std::string_view value_word, std::string_view flags_word,
              std::string_view space_word, Collector& collector) {
  Fields entry(node, "[]", collector);
  const Node* key = entry.required(key_word);
  const Node* value = entry.scalar(value_word);
  const Node* flags = entry.scalar(flags_word);
  if (flags != nullptr && flags->text != "0") collector.drop(*flags, entry.path_of(flags_word));
  Record record;
  if (const Node* space = entry.scalar(space_word)) collector.offer(record, "namespace", *space);
  entry.rest();
  if (key == nullptr) return;
  if (key->text.ends_with('/')) return collector.leave_out(*key, "a key that ends in \"/\", a folder");
  const auto text = decode_base64(value == nullptr ? std::string_view() : value->text);
  if (!text) return collector.problem(*value, "the value must be base64, as Consul writes it");
  record.name = *key;
  set_setting(record, text_at(collector.keep(*text), value == nullptr ? *key : *value), collector);
  collector.add(record);
}

void read_definition(const Node& node, const std::string& path, Collector& collector) {
  Fields service(node, path, collector);
  ConsulInstance(kDefinition, collector).read(service, nullptr, Health::unknown);
}

void read_item(const Node& item, Collector& collector) {
  if (is_exported_key(item)) return read_key(item, "key", "value", "flags", "namespace", collector);
  if (is_key(item)) return read_key(item, "Key", "Value", "Flags", "Namespace", collector);
  if (is_catalog_entry(item)) return read_catalog_entry(item, collector);
  if (is_health_entry(item)) return read_health_entry(item, collector);
  collector.problem(item, "is no instance of the catalog, none of the health endpoint, and no key with its value");
}

void read_consul(const Input& input, Collector& collector) {
  for (const Node& value : input.values) {
    if (value.kind == Kind::list) {
      for (const Node& item : value.items) read_item(item, collector);
      continue;
    }
    Fields definitions(value, "", collector);
    definitions.need_one_of({"service", "services"});
    if (const Node* service = definitions.find("service")) read_definition(*service, "service", collector);
    definitions.for_each("services", [&](const Node& item, const std::string& path) { read_definition(item, path, collector); });
    definitions.rest();
  }
}

constexpr std::array kConsulNamespaces = {
    NamespaceSource{"namespace", "the namespace of Consul Enterprise", true},
    NamespaceSource{"datacenter", "the datacenter (catalog, health)"},
    NamespaceSource{"meta:", "the instance's metadata KEY"},
};

}  // namespace

const Importer kConsul = {
    .name = "consul",
    .purpose = "/v1/catalog/service/NAME, /v1/health/service/NAME, definition files, consul kv export",
    .syntax = Syntax::json,
    .namespaces = kConsulNamespaces,
    .fits = fits_consul,
    .read = read_consul,
};

}  // namespace almanac::importing
