// EndpointSlices as kubectl prints them: https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoint-slice-v1/
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "import/address.h"
#include "import/collector.h"
#include "import/fields.h"
#include "import/formats.h"
#include "model/limits.h"
#include "model/quoted.h"

namespace almanac::importing {
namespace {

constexpr std::string_view kServiceLabel = "kubernetes.io/service-name";
constexpr std::string_view kSliceKind = "EndpointSlice";
// As the API has them, of one slice.
constexpr std::size_t kMaxPorts = 100;
constexpr std::size_t kMaxSliceEndpoints = 1000;
// Each port has all endpoints of its slice, so that a small input could make very many: far more than a cluster of the largest size has.
constexpr std::size_t kMaxUris = 1'000'000;

constexpr std::array kKubernetesNamespaces = {
    NamespaceSource{"namespace", "the namespace of the slice (metadata.namespace)", true},
    NamespaceSource{"label:", "a label of the slice"},
};

std::string_view text_member(const Node& node, std::string_view key) {
  const Node* found = member(node, key);
  return found != nullptr && found->kind == Node::Kind::scalar ? found->text : std::string_view();
}

bool is_slice(const Node& node) { return text_member(node, "kind") == kSliceKind; }

bool is_list_of_slices(const Node& node) {
  if (!has_list(node, "items")) return false;
  const std::string_view kind = text_member(node, "kind");
  return kind == "EndpointSliceList" || (kind == "List" && std::ranges::all_of(member(node, "items")->items, is_slice));
}

// A port of a slice, or all of a host's when it has none.
struct SlicePort {
  std::string_view name;
  std::string_view scheme;  // empty when the slice says no more than TCP
  Node application;         // an appProtocol that is no scheme, else null
  const Node* number = nullptr;
};

class KubernetesReader {
 public:
  explicit KubernetesReader(Collector& collector) : collector_(collector) {}

  // Of all inputs, before read().
  void find(const Input& input) {
    for (const Node& value : input.values) find_slices(value, input);
  }

  void read() {
    // An import of nothing, published, is a registry of nothing.
    if (slices_.empty() && other_ != nullptr) collector_.problem(*other_, "there is no EndpointSlice in it");
    for (const Slice& each : slices_) learn_ports(*each.node);
    for (const Slice& each : slices_) {
      collector_.begin(*each.input);
      slice(*each.node, each.path);
    }
  }

 private:
  using ServiceKey = std::pair<std::string_view, std::string_view>;  // namespace, service

  struct Slice {
    const Input* input;
    const Node* node;
    std::string path;
  };

  void find_slices(const Node& value, const Input& input) {
    if (!has_list(value, "items") || !text_member(value, "kind").ends_with("List")) {
      take(value, "", input);
      return;
    }
    Fields list(value, "", collector_);
    (void)list.find("apiVersion");
    (void)list.find("kind");
    list.for_each("items", [&](const Node& item, const std::string& path) { take(item, path, input); });
    list.rest();
  }

  void take(const Node& node, const std::string& path, const Input& input) {
    if (is_slice(node)) {
      slices_.push_back({&input, &node, path});
      return;
    }
    const std::string_view kind = text_member(node, "kind");
    if (kind.empty()) {
      collector_.problem(node, "expected an EndpointSlice, or a list of them");
    } else {
      collector_.leave_out(node, "an object of the kind " + model::quoted(kind));
      if (other_ == nullptr) other_ = &node;
    }
  }

  static ServiceKey key_of(const Node& node) {
    const Node* metadata = member(node, "metadata");
    if (metadata == nullptr) return {};
    const Node* labels = member(*metadata, "labels");
    return {text_member(*metadata, "namespace"), labels == nullptr ? std::string_view() : text_member(*labels, kServiceLabel)};
  }

  // A service is one or several by the ports of all its slices together: one may lack a port that another has.
  void learn_ports(const Node& node) {
    const Node* ports = member(node, "ports");
    if (ports == nullptr || ports->kind != Node::Kind::list || ports->items.size() > kMaxPorts) return;
    std::set<std::string_view>& names = port_names_[key_of(node)];
    for (const Node& port : ports->items) names.insert(text_member(port, "name"));
  }

  void slice(const Node& node, const std::string& path) {
    Fields slice(node, path, collector_);
    (void)slice.find("apiVersion");
    (void)slice.find("kind");
    Record record;
    record.role = Role::instance;
    const ServiceKey key = key_of(node);
    if (const Node* metadata = slice.find("metadata")) name(*metadata, slice.path_of("metadata"), record);
    if (record.name.kind == Node::Kind::null) {
      collector_.leave_out(node, "a slice without the label " + std::string(kServiceLabel));
      return;
    }
    address_type(slice);
    if (is_too_large(node, "ports", kMaxPorts) || is_too_large(node, "endpoints", kMaxSliceEndpoints)) return;
    std::vector<SlicePort> ports;
    slice.for_each("ports", [&](const Node& each, const std::string& at) { ports.push_back(port(each, at)); });
    if (ports.empty()) ports.push_back({});
    std::vector<const Node*> endpoints;
    std::vector<EndpointRecord> records;
    slice.for_each("endpoints", [&](const Node& each, const std::string& at) { endpoint(each, at, endpoints, records); });
    slice.rest();
    if (endpoints.empty()) collector_.leave_out(node, "a slice without an endpoint that is ready");
    add(record, key, ports, endpoints, records);
  }

  bool is_too_large(const Node& slice, const std::string& field, std::size_t most) {
    const Node* list = member(slice, field);
    if (list == nullptr || list->items.size() <= most) return false;
    collector_.problem(slice, "a slice has at most " + std::to_string(most) + " " + field + ", got " + std::to_string(list->items.size()));
    return true;
  }

  void name(const Node& node, const std::string& path, Record& record) {
    Fields metadata(node, path, collector_);
    if (const Node* space = metadata.scalar("namespace")) collector_.offer(record, "namespace", *space);
    metadata.for_each_pair("labels", [&](const Node& key, const Node& value) {
      if (value.kind != Node::Kind::scalar) {
        collector_.problem(value, "a label must be a text");
        return;
      }
      const bool asked = collector_.offer(record, "label:", key.text, value);
      if (key.text == kServiceLabel) {
        record.name = value;
      } else if (!asked) {
        collector_.drop(value, metadata.path_of("labels"));
      }
    });
    metadata.rest();
  }

  void address_type(Fields& slice) {
    const Node* type = slice.required("addressType");
    if (type == nullptr || type->text == "IPv4" || type->text == "IPv6" || type->text == "FQDN") return;
    collector_.problem(*type, "addressType must be IPv4, IPv6 or FQDN, got " + model::quoted(type->text));
  }

  SlicePort port(const Node& node, const std::string& path) {
    Fields fields(node, path, collector_);
    SlicePort port;
    port.name = fields.text("name");
    port.number = fields.scalar("port");
    const std::string_view protocol = fields.text("protocol");
    if (protocol == "UDP") port.scheme = "udp";
    if (protocol == "SCTP") port.scheme = "sctp";
    if (const Node* application = fields.scalar("appProtocol")) {
      // A name of IANA's list stands alone, those of others have a domain before a "/".
      if (application->text.find('/') == std::string_view::npos) {
        port.scheme = application->text;
      } else {
        port.application = *application;
      }
    }
    fields.rest();
    return port;
  }

  void endpoint(const Node& node, const std::string& path, std::vector<const Node*>& addresses, std::vector<EndpointRecord>& records) {
    Fields fields(node, path, collector_);
    const Node* list = fields.find("addresses");
    const Node* conditions = fields.find("conditions");
    EndpointRecord record;
    if (const Node* zone = fields.scalar("zone")) record.zone = *zone;
    if (const Node* host = fields.scalar("hostname")) record.attributes.emplace_back(text_at("hostname", *host), *host);
    fields.rest();
    if (conditions != nullptr && !is_ready(*conditions, fields.path_of("conditions"))) {
      collector_.leave_out(node, "an endpoint that is not ready");
      return;
    }
    if (list == nullptr || list->kind != Node::Kind::list || list->items.empty()) {
      collector_.problem(node, "an endpoint needs a list of addresses");
      return;
    }
    // The documentation calls them fungible, and the proxies of Kubernetes look at the first alone.
    for (const Node& further : list->items.subspan(1)) collector_.leave_out(further, "an address of an endpoint behind its first");
    addresses.push_back(&list->items.front());
    records.push_back(std::move(record));
  }

  // Unknown (null, or not there) counts as ready.
  bool is_ready(const Node& node, const std::string& path) {
    Fields conditions(node, path, collector_);
    const Node* ready = conditions.scalar("ready");
    const bool is_ready = ready == nullptr || ready->text == "true";
    if (!is_ready && ready->text != "false") {
      collector_.problem(*ready, "ready must be true, false or null, got " + model::quoted(ready->text));
    }
    // What follows from being ready, or is no more asked.
    for (const auto& [condition, usual] : {std::pair("serving", "true"), std::pair("terminating", "false")}) {
      const Node* said = conditions.scalar(condition);
      if (said != nullptr && is_ready && said->text != usual) collector_.drop(*said, conditions.path_of(condition));
    }
    conditions.rest();
    return is_ready;
  }

  // A record for each port, with all endpoints in it.
  void add(const Record& shared, const ServiceKey& key, std::span<const SlicePort> ports, std::span<const Node* const> addresses,
           std::span<const EndpointRecord> endpoints) {
    if (addresses.size() * ports.size() > kMaxUris - made_) {
      collector_.problem(shared.name,
                         "the slices up to this one make more than " + std::to_string(kMaxUris) + " endpoints; import them in parts");
      throw source::TooManyProblems();
    }
    made_ += addresses.size() * ports.size();
    std::vector<Record> records(ports.size(), shared);
    const auto names = port_names_.find(key);
    // A name that is too long is refused as it is, rather than be made for each port.
    const bool several = names != port_names_.end() && names->second.size() > 1 && shared.name.text.size() <= model::kMaxServiceName;
    for (std::size_t i = 0; i < ports.size(); ++i) {
      if (!several || ports[i].name.empty()) continue;
      records[i].name.text = collector_.keep(std::string(shared.name.text).append("/").append(ports[i].name));
    }
    for (std::size_t i = 0; i < addresses.size(); ++i) {
      for (std::size_t k = 0; k < ports.size(); ++k) {
        // What is wrong with an address is told once, not for each port.
        if (!add_endpoint(records[k], key.first, ports[k], *addresses[i], endpoints[i])) break;
      }
    }
    for (const Record& record : records) {
      if (!record.endpoints.empty()) collector_.add(record);
    }
  }

  // False when there is no such uri, which has been told.
  bool add_endpoint(Record& record, std::string_view space, const SlicePort& port, const Node& address, EndpointRecord endpoint) {
    endpoint.uri = address_uri(port.scheme, address, port.number, collector_);
    if (endpoint.uri.kind == Node::Kind::null) return false;
    if (!uris_.insert({space, record.name.text, endpoint.uri.text}).second) {
      collector_.leave_out(address, "an endpoint that stands in another slice too");
      return true;
    }
    if (port.application.kind == Node::Kind::scalar) {
      endpoint.attributes.emplace_back(text_at("appProtocol", port.application), port.application);
    }
    record.endpoints.push_back(std::move(endpoint));
    return true;
  }

  Collector& collector_;
  std::size_t made_ = 0;         // endpoints
  const Node* other_ = nullptr;  // the first object that is no slice
  std::vector<Slice> slices_;
  std::map<ServiceKey, std::set<std::string_view>> port_names_;
  std::set<std::tuple<std::string_view, std::string_view, std::string_view>> uris_;  // namespace, service, uri
};

bool fits_kubernetes(const Input& input) {
  return !input.values.empty() &&
         std::ranges::all_of(input.values, [](const Node& node) { return is_slice(node) || is_list_of_slices(node); });
}

void read_kubernetes(std::span<const Input> inputs, Collector& collector) {
  KubernetesReader reader(collector);
  for (const Input& input : inputs) {
    collector.begin(input);
    reader.find(input);
  }
  reader.read();
}

}  // namespace

const Importer kKubernetes = {
    .name = "kubernetes",
    .purpose = "kubectl get endpointslices -o json (or yaml)",
    .syntax = Syntax::yaml,
    .namespaces = kKubernetesNamespaces,
    .fits = fits_kubernetes,
    .read_together = read_kubernetes,
};

}  // namespace almanac::importing
