#include "record.h"

namespace almanac::inspect {
namespace {

void append_text(JsonText& json, std::string_view name, std::string_view text) {
  if (!text.empty()) json.key(name).string(text);
}

void append_attributes(JsonText& json, const Attributes& attributes) {
  if (attributes.empty()) return;
  json.key("attributes").begin_object();
  for (const Attribute attribute : attributes) json.member(attribute.key).string(attribute.value);
  json.end_object();
}

}  // namespace

void append_tags(JsonText& json, const Tags& tags) {
  if (!tags.empty()) json.key("tags").strings(tags);
}

void append_endpoint(JsonText& json, const Endpoint& endpoint) {
  json.begin_object().key("uri").string(endpoint.uri());
  append_text(json, "version", endpoint.version());
  if (endpoint.weight() != 1) json.key("weight").number(endpoint.weight());
  append_text(json, "zone", endpoint.zone());
  append_tags(json, endpoint.tags());
  append_attributes(json, endpoint.attributes());
  json.end_object();
}

void append_record(JsonText& json, std::string_view namespace_name, const Service& service) {
  json.begin_object().key("namespace").string(namespace_name).key("name").string(service.name());
  append_text(json, "description", service.description());
  if (const auto value = service.value()) json.key("value").string(*value);
  append_tags(json, service.tags());
  append_attributes(json, service.attributes());
  const Endpoints endpoints = service.endpoints();
  if (!endpoints.empty()) {
    json.key("endpoints").begin_array();
    for (const Endpoint& endpoint : endpoints) append_endpoint(json, endpoint);
    json.end_array();
  }
  json.end_object();
}

}  // namespace almanac::inspect
