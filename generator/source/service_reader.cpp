#include "source/service_reader.h"

#include <algorithm>
#include <string>

#include "model/limits.h"
#include "model/quoted.h"

namespace almanac::source {

using model::quoted;
using Kind = Node::Kind;

namespace {

enum EndpointField : std::size_t { kUri, kVersion, kWeight, kZone, kEndpointTags, kEndpointAttributes, kEndpointFields };
constexpr std::array<std::string_view, kEndpointFields> kEndpointNames = {"uri", "version", "weight", "zone", "tags", "attributes"};

// By text, and equal texts in the order of the document, so that of two the second is reported.
bool comes_before(const Node* a, const Node* b) {
  const int order = a->text.compare(b->text);
  if (order != 0) return order < 0;
  return a->line != b->line ? a->line < b->line : a->column < b->column;
}

std::string twice(std::string_view what, const Node& first) {
  return std::string(what) + ' ' + quoted(first.text) + " is given twice, first at " + place_of(first) + "; give it once";
}

}  // namespace

void ServiceReader::read_short(const Node& uri, model::Service& service) {
  subject_ = {"service", service.name};
  if (!model::has_scheme(uri.text)) {
    fields_.problem(uri, subject_,
                    "needs the uri of an endpoint, as in \"https://host\"; for a plain value write { value: " + quoted(uri.text) + " }");
    return;
  }
  const model::Endpoint only = endpoint(uri);
  service.endpoints = builder_.arena().copy(std::span(&only, 1));
}

void ServiceReader::read(Values values, const Node& at, model::Service& service) {
  subject_ = {"service", service.name};
  const Node* list = values[kEndpoints];
  const bool empty = list == nullptr || (list->kind == Kind::list && list->items.empty());
  if (empty && values[kValue] == nullptr) {
    fields_.problem(at, subject_, "needs at least one endpoint or a value");
  }
  service.description = builder_.arena().copy(fields_.text(values[kDescription], "description", model::description_fault, subject_));
  if (values[kValue] != nullptr) {
    service.value = builder_.arena().copy(fields_.text(values[kValue], "value", model::value_fault, subject_));
  }
  known_items_ = nullptr;
  service.tags = tags(values[kTags]);
  service.attributes = attributes(values[kAttributes]);
  endpoints_.clear();
  if (list != nullptr) endpoints(*list);
  service.endpoints = builder_.arena().copy(std::span<const model::Endpoint>(endpoints_));
}

void ServiceReader::check_count(const Node& node, std::string_view what, std::size_t count, std::size_t most) {
  if (count <= most) return;
  fields_.problem(node, subject_, std::string(what) + " must be at most " + std::to_string(most) + ", got " + std::to_string(count));
}

void ServiceReader::endpoints(const Node& list) {
  if (!fields_.expect(list, Kind::list, subject_, "endpoints must be a list, even of one: [ … ]")) return;
  check_count(list, "endpoints", list.items.size(), model::kMaxEndpoints);
  for (const Node& node : list.items) endpoints_.push_back(endpoint(node));
}

model::Endpoint ServiceReader::endpoint(const Node& node) {
  model::Endpoint endpoint;
  if (node.kind == Kind::scalar) {
    endpoint.uri = builder_.arena().copy(fields_.text(&node, "uri", model::uri_fault, subject_));
    return endpoint;
  }
  if (!fields_.expect(node, Kind::mapping, subject_, "an endpoint must be a uri or a mapping with a uri")) return {};
  std::array<const Node*, kEndpointFields> values = {};
  fields_.collect(node, kEndpointNames, values, subject_);
  if (values[kUri] == nullptr) fields_.problem(node, subject_, "an endpoint needs a uri");
  Interner& shared = builder_.interner();
  endpoint.uri = builder_.arena().copy(fields_.text(values[kUri], "uri", model::uri_fault, subject_));
  endpoint.version = shared.text(fields_.text(values[kVersion], "version", model::version_fault, subject_));
  endpoint.zone = shared.text(fields_.text(values[kZone], "zone", model::zone_fault, subject_));
  endpoint.weight = weight(values[kWeight]);
  endpoint.tags = tags(values[kEndpointTags]);
  endpoint.attributes = attributes(values[kEndpointAttributes]);
  return endpoint;
}

std::uint16_t ServiceReader::weight(const Node* node) {
  constexpr std::uint16_t kDefault = 1;
  if (node == nullptr) return kDefault;
  if (!fields_.expect(*node, Kind::scalar, subject_, "weight must be a number")) return kDefault;
  if (node->quoted) {
    fields_.problem(*node, subject_, "weight must be a number, got the text " + quoted(node->text) + "; write it without quotes");
    return kDefault;
  }
  if (const auto weight = model::weight_of(node->text)) return *weight;
  fields_.problem(*node, subject_, model::weight_fault(node->text).value_or(""));
  return kDefault;
}

std::span<std::string_view> ServiceReader::tags(const Node* list) {
  if (list == nullptr) return {};
  if (!fields_.expect(*list, Kind::list, subject_, "tags must be a list, even of one: [ … ]")) return {};
  check_count(*list, "tags", list->items.size(), model::kMaxTags);
  tag_nodes_.clear();
  for (const Node& tag : list->items) {
    if (!fields_.text(&tag, "a tag", model::tag_fault, subject_).empty()) tag_nodes_.push_back(&tag);
  }
  std::ranges::sort(tag_nodes_, comes_before);
  tags_.clear();
  for (std::size_t i = 0; i < tag_nodes_.size(); ++i) {
    const Node& tag = *tag_nodes_[i];
    if (i > 0 && tag_nodes_[i - 1]->text == tag.text) {
      fields_.problem(tag, subject_, twice("tag", *tag_nodes_[i - 1]));
    }
    tags_.push_back(tag.text);
  }
  return builder_.interner().tags(tags_);
}

std::span<model::Attribute> ServiceReader::attributes(const Node* mapping) {
  if (mapping == nullptr) return {};
  if (!fields_.expect(*mapping, Kind::mapping, subject_, "attributes must be a mapping of keys to texts")) return {};
  if (known_items_ != nullptr && mapping->items.data() == known_items_) return known_attributes_;
  check_count(*mapping, "attributes", mapping->items.size() / 2, model::kMaxAttributes);
  pairs_.clear();
  for (std::size_t i = 0; i < mapping->items.size(); i += 2) {
    const Node& key = mapping->items[i];
    const auto fault = model::attribute_key_fault(key.text);
    if (fault) fields_.problem(key, subject_, *fault);
    const auto value = fields_.text(&mapping->items[i + 1], "value of an attribute", model::attribute_value_fault, subject_);
    pairs_.push_back({&key, value});
  }
  std::ranges::sort(pairs_, comes_before, &Pair::key);
  attributes_.clear();
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    if (i > 0 && pairs_[i].key->text == pairs_[i - 1].key->text) {
      fields_.problem(*pairs_[i].key, subject_, twice("attribute", *pairs_[i - 1].key));
    }
    attributes_.push_back({pairs_[i].key->text, pairs_[i].value});
  }
  known_items_ = mapping->items.data();
  known_attributes_ = builder_.interner().attributes(attributes_);
  return known_attributes_;
}

}  // namespace almanac::source
