// Targets of Prometheus in files: https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <utility>

#include "import/address.h"
#include "import/collector.h"
#include "import/fields.h"
#include "import/formats.h"
#include "model/limits.h"

namespace almanac::importing {
namespace {

constexpr std::array kPrometheusNamespaces = {NamespaceSource{"label:", "a label of the targets"}};

// A target as text: "host:port", "[2001:db8::1]:80", "host".
struct HostAndPort {
  std::string_view host;
  std::string_view port;
};

HostAndPort split_target(std::string_view target) {
  if (target.starts_with('[')) {
    const std::size_t bracket = target.find("]:");
    if (bracket == std::string_view::npos) return {target, {}};
    return {target.substr(0, bracket + 1), target.substr(bracket + 2)};
  }
  const std::size_t colon = target.find(':');
  // Several colons: an address of IPv6 without a port.
  if (colon == std::string_view::npos || target.find(':', colon + 1) != std::string_view::npos) return {target, {}};
  return {target.substr(0, colon), target.substr(colon + 1)};
}

class PrometheusReader {
 public:
  explicit PrometheusReader(Collector& collector) : collector_(collector) {}

  void group(const Node& node) {
    Fields group(node, "[]", collector_);
    if (const Node* targets = member(node, "targets"); targets != nullptr && targets->items.size() > model::kMaxEndpoints) {
      const std::string most = std::to_string(model::kMaxEndpoints);
      collector_.problem(node, "targets must be at most " + most + ", got " + std::to_string(targets->items.size()));
      return;
    }
    Record record;
    record.role = Role::instance;
    scheme_ = {};
    EndpointRecord shared;
    group.for_each_pair("labels", [&](const Node& key, const Node& value) { label(key, value, record, shared); });
    if (shared.attributes.size() > model::kMaxAttributes) {
      collector_.problem(
          node, "labels must be at most " + std::to_string(model::kMaxAttributes) + ", got " + std::to_string(shared.attributes.size()));
      return;
    }
    shared.shared = std::make_shared<const Attributes>(std::move(shared.attributes));
    shared.attributes = {};
    group.for_each("targets", [&](const Node& each, const std::string& /*path*/) { target(each, shared, record); });
    group.rest();
    if (record.name.kind == Node::Kind::null) {
      collector_.problem(node, "the targets have no label \"job\", which becomes the name of the service");
    } else if (record.endpoints.empty()) {
      collector_.leave_out(node, "a group without a target");
    } else {
      collector_.add(record);
    }
  }

 private:
  void label(const Node& key, const Node& value, Record& record, EndpointRecord& shared) {
    // A label without a text is no label to Prometheus.
    if (value.kind == Node::Kind::null || (value.kind == Node::Kind::scalar && value.text.empty())) return;
    if (value.kind != Node::Kind::scalar) {
      collector_.problem(value, "a label must be a text");
      return;
    }
    collector_.offer(record, "label:", key.text, value);
    if (key.text == "job") {
      record.name = value;
    } else if (key.text == "__scheme__") {
      scheme_ = value.text;
    } else if (key.text == "zone") {
      shared.zone = value;
    } else if (key.text.starts_with("__")) {
      // Labels for Prometheus itself: paths and parameters of its requests.
      collector_.drop(value, std::string("[].labels.").append(key.text));
    } else {
      add_label(shared, key, value);
    }
  }

  void target(const Node& node, EndpointRecord endpoint, Record& record) {
    if (node.kind != Node::Kind::scalar) {
      collector_.problem(node, "a target must be a text, as in \"10.0.0.1:80\"");
      return;
    }
    if (node.text.find("://") != std::string_view::npos) {
      endpoint.uri = node;
    } else {
      const HostAndPort parts = split_target(node.text);
      const Node port = text_at(parts.port, node);
      endpoint.uri = address_uri(scheme(), text_at(parts.host, node), &port, collector_);
    }
    if (endpoint.uri.kind != Node::Kind::null) record.endpoints.push_back(std::move(endpoint));
  }

  // Prometheus asks over HTTP where nothing is said.
  [[nodiscard]] std::string_view scheme() const {
    if (!scheme_.empty()) return scheme_;
    return collector_.options().scheme.empty() ? "http" : std::string_view();
  }

  Collector& collector_;
  std::string_view scheme_;  // of the group that is read
};

bool is_group(const Node& node) {
  return has_list(node, "targets") && (member(node, "labels") == nullptr || has_mapping(node, "labels")) &&
         std::ranges::all_of(member(node, "targets")->items, [](const Node& target) { return target.kind == Node::Kind::scalar; });
}

bool is_list_of_groups(const Node& node) { return node.kind == Node::Kind::list && std::ranges::all_of(node.items, is_group); }

bool fits_prometheus(const Input& input) { return !input.values.empty() && std::ranges::all_of(input.values, is_list_of_groups); }

void read_prometheus(const Input& input, Collector& collector) {
  PrometheusReader reader(collector);
  for (const Node& value : input.values) {
    if (value.kind != Node::Kind::list) {
      collector.problem(value, "expected a list of targets with their labels");
      continue;
    }
    for (const Node& item : value.items) reader.group(item);
  }
}

}  // namespace

const Importer kPrometheus = {
    .name = "prometheus",
    .purpose = "targets, as file_sd_configs reads them",
    .syntax = Syntax::yaml,
    .namespaces = kPrometheusNamespaces,
    .fits = fits_prometheus,
    .read = read_prometheus,
};

}  // namespace almanac::importing
